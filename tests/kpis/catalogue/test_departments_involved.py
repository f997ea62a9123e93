"""departments_involved: median distinct departments with a two-way touch in 90 days, over open deals."""

import pytest


@pytest.fixture
def people(world):
    """One contact per department of Brenta Valves, and one whose department nobody knows."""
    names = ("Finance", "Purchasing", "Production", "Legal", "")
    return {name: world.contact(f"{name or 'Unknown'} person", department=name) for name in names}


def five_deals(world):
    """Five deals of Ada's, open since January."""
    return [world.deal(world.ada, ("prospect", "2026-01-12 09:00")) for _ in range(5)]


def spread(world, period="2026-03", who=None):
    return world.reading("departments_involved", who or world.ada, period).sample


def test_departments_involved_is_the_median_over_all_open_deals(world, people):
    """
    | deal | departments heard from in March | count |
    |------|---------------------------------|-------|
    | 1    | none                            | 0     |
    | 2    | Finance, three times            | 1     |
    | 3    | Finance, Purchasing             | 2     |
    | 4    | Finance, Purchasing, Legal      | 3     |
    | 5    | Production, and one unknown     | 1     |

    Sorted 0 1 1 2 3: the median is 1, the mean 7 / 5.
    """
    deals = five_deals(world)
    heard = [
        (1, "Finance"), (1, "Finance"), (1, "Finance"), (2, "Finance"), (2, "Purchasing"), (3, "Finance"),
        (3, "Purchasing"), (3, "Legal"), (4, "Production"), (4, ""),
    ]  # fmt: skip
    for number, (deal, name) in enumerate(heard):
        world.answer(world.ada, f"2026-03-{number + 2:02} 09:00", people[name], deal=deals[deal])
    reading = world.reading("departments_involved", world.ada, "2026-03")
    assert (reading.sample, reading.value, reading.reason) == ([0, 1, 1, 2, 3], 1, None)
    assert reading.beside["mean"][1] == 1.4
    assert reading.sentence == "median of 5 open deals"
    rows = world.evidence("departments_involved", world.ada, "2026-03").counted
    assert [row.departments for row in rows] == [0, 1, 2, 3, 1]


def test_only_touches_both_ways_involve_a_department(world, people):
    """
    | deal | touch in March                                          | counts |
    |------|---------------------------------------------------------|--------|
    | 1    | a mail to Finance; an out-of-office and a bounce from it | 0      |
    | 2    | a call to Finance, voicemail; one of 119 s               | 0      |
    | 3    | a call of 120 s to Finance; Legal reached                | 2      |
    | 4    | a meeting: Finance came, Legal did not, Purchasing declined | 1   |
    | 5    | a text from Finance; Legal only copied in                | 1      |
    """
    finance, legal, purchasing = people["Finance"], people["Legal"], people["Purchasing"]
    one, two, three, four, five = five_deals(world)
    world.mail(world.ada, "2026-03-02 09:00", finance, deal=one)
    world.answer(world.ada, "2026-03-03 09:00", finance, outcome="auto_reply", deal=one)
    world.answer(world.ada, "2026-03-03 10:00", finance, outcome="bounced", deal=one)
    world.call(world.ada, "2026-03-04 09:00", finance, outcome="voicemail", deal=two)
    world.call(world.ada, "2026-03-05 09:00", finance, duration_s=119, deal=two)
    world.call(world.ada, "2026-03-06 09:00", finance, duration_s=120, deal=three)
    world.call(world.ada, "2026-03-06 10:00", legal, outcome="reached", deal=three)
    world.meeting(
        world.ada, "2026-03-09 09:00", (finance, "attendee", "yes"), (legal, "attendee", "no"),
        (purchasing, "attendee", "declined"), deal=four,
    )  # fmt: skip
    world.meeting(world.ada, "2026-03-10 09:00", legal, status="no_show", deal=four)
    world.activity(3, world.ada, "2026-03-11 09:00", (finance, "from"), direction="in", deal=five)
    world.activity(2, world.ada, "2026-03-12 09:00", (legal, "cc"), direction="in", deal=five)
    rows = world.evidence("departments_involved", world.ada, "2026-03").counted
    assert [row.departments for row in rows] == [0, 0, 2, 1, 1]
    assert spread(world) == [0, 0, 1, 1, 2]


def test_the_window_is_the_ninety_days_that_end_with_the_period(world, people):
    """As of 31 May: 3 March is 89 days before and counts, 2 March is 90 days before and does not."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-02 23:59:59", people["Legal"], deal=deals[0])
    world.answer(world.ada, "2026-03-03 00:00:00", people["Finance"], deal=deals[0])
    assert spread(world, "2026-05") == [0, 0, 0, 0, 1]
    assert spread(world, "2026-04") == [0, 0, 0, 0, 2]


def test_a_later_touch_leaves_earlier_ends_as_they_were(world, people):
    """Finance on 10 March and again on 20 May: one department as of March and May; none as of 28 February."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-10 09:00", people["Finance"], deal=deals[0])
    world.answer(world.ada, "2026-05-20 09:00", people["Finance"], deal=deals[0])
    assert max(spread(world, "2026-03")) == max(spread(world, "2026-05")) == 1
    assert world.reading("departments_involved", world.ada, "2026-02").reason == "not_captured"


def test_the_days_of_the_window_are_a_setting_that_holds_from_its_day(world, people):
    """30 days from 1 May on: a touch of 10 March counts as of 30 April (51 days) and not as of 31 May."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-10 09:00", people["Finance"], deal=deals[0])
    world.setting("two_way_days", "30", "2026-05-01")
    assert (max(spread(world, "2026-04")), max(spread(world, "2026-05"))) == (1, 0)


def test_fewer_than_five_open_deals_are_too_few_for_a_median(world, people):
    """Of Ada's five deals one is won in March: five as of February, four as of March."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-02-10 09:00", people["Finance"], deal=deals[0])
    world.enters(deals[4], "won", "2026-03-20 09:00")
    assert world.value("departments_involved", world.ada, "2026-02") == 0
    march = world.reading("departments_involved", world.ada, "2026-03")
    assert (march.value, march.reason, march.evidence_count) == (None, "too_few", 4)
    assert march.reason_text == "fewer than 5: too few for a median"
    assert world.reading("departments_involved", world.ben, "2026-03").reason == "no_denominator"


def test_a_colleague_s_touch_counts_for_the_deal_and_reaches_its_owner_at_once(world, people):
    """Ben's call with Finance on Ada's deal raises her figure, after hers was already computed."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-03 09:00", people["Legal"], deal=deals[0])
    assert spread(world) == [0, 0, 0, 0, 1]
    world.call(world.ben, "2026-03-05 09:00", people["Finance"], outcome="reached", deal=deals[0])
    assert spread(world) == [0, 0, 0, 0, 2]


def test_a_deal_that_moved_counts_for_the_owner_at_the_period_s_end(world, people):
    """Ada hands one of five deals to Ben on 10 April: hers as of March, his as of April; North has all five."""
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-10 09:00", people["Finance"], deal=deals[0])
    world.owned(deals[0], ada="2026-01-12 09:00", ben="2026-04-10 09:00")
    assert spread(world, "2026-03") == [0, 0, 0, 0, 1]
    assert spread(world, "2026-03", world.ben) == []
    assert spread(world, "2026-04") == [0, 0, 0, 0]
    assert spread(world, "2026-04", world.ben) == [1]
    assert spread(world, "2026-04", world.north) == [0, 0, 0, 0, 1]


def test_internal_and_repeated_touches_involve_nobody(world, people):
    deals = five_deals(world)
    world.answer(world.ada, "2026-03-10 09:00", people["Finance"], deal=deals[0], provider_id="m1")
    world.answer(world.ada, "2026-03-10 09:00", people["Legal"], deal=deals[0], provider_id="m1")
    world.answer(world.ada, "2026-03-11 09:00", people["Purchasing"], deal=deals[0], is_internal=True)
    assert spread(world) == [0, 0, 0, 0, 1]
