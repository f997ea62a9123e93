"""source_quality: of the leads created in the period with a known source, those that became qualified so far."""

from kpis.periods import Calendar
from kpis.readings import read
from kpis.recompute import drain
from kpis.subjects import Subject
from pipeline.models import LeadSource, Spend


def lead(world, source, *history, rep=None, **more):
    return world.deal(rep or world.ada, *history, lead_source=source, **more)


def test_source_quality_counts_leads_by_their_creation_and_names_each_source(world):
    """
    | created    | source | went to             | counts  |
    |------------|--------|---------------------|---------|
    | 2026-03-01 | Fair   | qualified in May    | 1 of 1  |
    | 2026-03-31 | Fair   | won, worth 500      | 1 of 1  |
    | 2026-03-10 | Web    | lost as a lead      | 0 of 1  |
    | 2026-03-10 | none   | qualified           | left out |
    | 2026-04-01 | Web    | qualified           | in April |
    """
    world.setting("small_source_leads", "1")
    fair, web = LeadSource.objects.create(name="Fair"), LeadSource.objects.create(name="Web")
    lead(world, fair, ("lead", "2026-03-01"), ("qualified", "2026-05-04"))
    lead(world, fair, ("lead", "2026-03-31"), ("won", "2026-04-20"), amount=500)
    lead(world, web, ("lead", "2026-03-10"), ("lost", "2026-03-20"))
    lead(world, None, ("lead", "2026-03-10"), ("qualified", "2026-03-20"))
    lead(world, web, ("qualified", "2026-04-01"))
    for who in (world.ada, world.north, None):
        march = world.reading("source_quality", who, "2026-03")
        assert (march.numerator, march.denominator) == (2, 3)
        assert march.beside["by_source"][1] == {"Fair": 1.0, "Web": 0.0}
        assert march.beside["leads"][1] == {"Fair": 2, "Web": 1}
        assert march.beside["won"][1] == {"Fair": 1}
        assert march.beside["value"][1] == {"Fair": 500}
    assert world.left_out("source_quality", world.ada, "2026-03") == {"source unknown": 1}
    april = world.reading("source_quality", world.ada, "2026-04")
    assert (april.numerator, april.denominator) == (1, 1)


def test_source_quality_is_credited_to_who_created_the_deal(world):
    fair = LeadSource.objects.create(name="Fair")
    lead(world, fair, ("lead", "2026-03-02"), created_by=world.olga)
    assert world.reading("source_quality", world.ada, "2026-03").denominator == 0
    assert world.reading("source_quality", world.olga, "2026-03").denominator == 1


def test_sources_with_few_leads_stand_together(world):
    """
    | source | leads of March, by | qualified | won for | spent | from 2 leads on            |
    |--------|--------------------|-----------|---------|-------|----------------------------|
    | Fair   | Ada 1, Ben 1       | 1         | 500     | 40    | itself for North           |
    | Web    | Ada 1              | 1         |         | 20    | smaller                    |
    | Stand  | Ben 1              | 0         |         |       | smaller                    |
    | Flyer  | none               |           |         | 5     | smaller                    |

    Each of Ada's sources is small for Ada. In April the setting asks for one lead, and Web has its own line.
    """
    world.setting("small_source_leads", "2")
    world.setting("small_source_leads", "1", "2026-04-01")
    fair, web, stand, flyer = (
        LeadSource.objects.create(name=name) for name in ("Fair", "Web", "Stand", "Flyer")
    )
    lead(world, fair, ("lead", "2026-03-01"), ("won", "2026-03-20"), amount=500)
    lead(world, fair, ("lead", "2026-03-02"), rep=world.ben)
    lead(world, web, ("lead", "2026-03-03"), ("qualified", "2026-03-10"))
    lead(world, stand, ("lead", "2026-03-04"), rep=world.ben)
    lead(world, web, ("lead", "2026-04-04"))
    for source, amount in ((fair, 40), (web, 20), (flyer, 5)):
        Spend.objects.create(
            month="2026-03-01", amount=amount, kind="lead", lead_source=source, team=world.north
        )
    north = world.reading("source_quality", world.north, "2026-03").beside
    assert north["by_source"][1] == {"Fair": 0.5, "smaller sources": 0.5}
    assert north["leads"][1] == {"Fair": 2, "smaller sources": 2}
    assert north["won"][1] == {"Fair": 1}
    assert world.reading("source_quality", world.ada, "2026-03").beside["leads"][1] == {"smaller sources": 2}
    assert world.reading("source_quality", world.ada, "2026-04").beside["leads"][1] == {"Web": 1}
    cost = world.reading("cost_per_conversion", world.north, "2026-03").beside
    assert cost["by_source"][1] == {"Fair": 40, "smaller sources": 25}
    assert cost["won_by_source"][1] == {"Fair": 1}


def test_sources_are_named_once_for_all_cards_of_a_reading(world, django_assert_num_queries):
    """Every rep has another source: one query names them all, another reads from how many leads on they are."""
    reps = (world.ada, world.ben, world.cleo)
    world.setting("small_source_leads", "1")
    for number, rep in enumerate(reps):
        lead(world, LeadSource.objects.create(name=f"Source {number}"), ("lead", "2026-03-02"), rep=rep)
    drain()
    months = [Calendar.current().parse(f"2026-0{month}") for month in range(1, 7)]
    cards = read([Subject.rep(rep.pk) for rep in reps], months)
    with django_assert_num_queries(2):
        named = [card["source_quality"].beside["leads"][1] for card in cards.values()]
    assert [found for found in named if found] == [{"Source 0": 1}, {"Source 1": 1}, {"Source 2": 1}]
