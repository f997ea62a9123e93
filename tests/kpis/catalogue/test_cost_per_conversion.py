"""cost_per_conversion: (hours at their job's cost + spend on sources, telephony and material) / contracts."""

from decimal import Decimal

from pipeline.models import ExchangeRate, JobCost, LeadSource, Spend, TimeEntry
from pipeline.settle import settle_all
from tests.kpis.world import moment


def parts(world, who, period, key="cost_per_conversion"):
    reading = world.reading(key, who, period)
    return reading.numerator_in_unit, reading.denominator, reading.value, reading.reason


def hours(world, rep, day, number):
    TimeEntry.objects.create(rep=rep, on=day, hours=Decimal(number))


def test_hours_cost_what_the_job_cost_on_that_day(world):
    """
    | Ada logs          | an hour of her job costs | cents   |
    |-------------------|--------------------------|---------|
    | 2026-02-28  4 h   | 40.00                    | 16,000, in February |
    | 2026-03-01  2.5 h | 40.00                    | 10,000  |
    | 2026-03-15  2 h   | 42.50                    |  8,500  |
    | 2026-04-01  8 h   | 42.50                    | in April |
    Two contracts in March: 18,500 / 2 = 92.50 each, 4.5 h / 2 = 2.25 h each.
    """
    JobCost.objects.create(job="Account executive", from_on="2026-01-01", hourly_cost=40)
    JobCost.objects.create(job="Account executive", from_on="2026-03-15", hourly_cost="42.50")
    for day, number in (("2026-02-28", "4"), ("2026-03-01", "2.5"), ("2026-03-15", "2"), ("2026-04-01", "8")):
        hours(world, world.ada, day, number)
    for day in ("2026-03-02", "2026-03-31"):
        world.deal(world.ada, ("qualified", "2026-02-02"), ("won", day))
    assert parts(world, world.ada, "2026-03") == (185, 2, 92.5, None)
    assert parts(world, world.ada, "2026-03", "time_per_conversion") == (4.5, 2, 2.25, None)
    assert parts(world, world.ada, "2026-02") == (160, 0, None, "no_denominator")
    assert world.reading("cost_per_conversion", world.ada, "2026-02").sentence == "160 spent for 0 contracts"
    assert parts(world, world.north, "2026-03") == (185, 2, 92.5, None)


def test_hours_of_a_job_nobody_priced_are_left_out_of_the_cost_and_counted_as_time(world):
    hours(world, world.ada, "2026-03-02", "3")
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"))
    assert parts(world, world.ada, "2026-03")[:2] == (0, 1)
    assert parts(world, world.ada, "2026-03", "time_per_conversion") == (3, 1, 3, None)


def test_a_months_lead_spend_is_shared_by_first_attempts_and_adds_up_to_the_cent(world):
    """
    100.00 in March on the fair. First attempts on people of the fair's accounts: Ada 2 (the 2nd and the 30th), Ben 1
    (the 3rd); Cleo's on Web's account and Ada's in April earn nothing. Shares 33.33 + 33.33 + 33.34.
    """
    fair, web = LeadSource.objects.create(name="Fair"), LeadSource.objects.create(name="Web")
    Spend.objects.create(month="2026-03-01", amount=100, kind="lead", lead_source=fair)
    fairs, webs = world.account("Fair's", lead_source=fair), world.account("Web's", lead_source=web)
    people = [world.contact(name, fairs) for name in ("One", "Two", "Three", "Four")]
    world.call(world.ada, "2026-03-02 09:00", people[0])
    world.call(world.ben, "2026-03-03 09:00", people[1])
    world.call(world.ada, "2026-03-30 09:00", people[2])
    world.call(world.ada, "2026-04-01 00:00", people[3])
    world.call(world.cleo, "2026-03-04 09:00", world.contact("Other", webs))
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"))
    ada, ben, cleo = (parts(world, rep, "2026-03")[0] for rep in (world.ada, world.ben, world.cleo))
    assert (ada, ben, cleo) == (66.67, 33.33, 0)
    assert parts(world, world.north, "2026-03")[0] == 100


def test_spend_without_first_attempts_and_telephony_stay_with_the_team(world):
    fair = LeadSource.objects.create(name="Fair")
    ExchangeRate.objects.create(currency="USD", on="2026-01-01", rate="0.9")
    Spend.objects.create(month="2026-03-01", amount=50, kind="lead", lead_source=fair, team=world.north)
    Spend.objects.create(month="2026-03-01", amount=30, kind="telephony", team=world.north, currency="USD")
    Spend.objects.create(month="2026-03-01", amount=7, kind="material")
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"))
    assert parts(world, world.ada, "2026-03")[0] == 0
    assert parts(world, world.north, "2026-03")[:2] == (77, 1)
    assert parts(world, None, "2026-03")[0] == 84


def test_settling_costs_twice_changes_nothing(world):
    from pipeline.models import Cost

    JobCost.objects.create(job="Account executive", from_on="2026-01-01", hourly_cost=40)
    hours(world, world.ada, "2026-03-02", "3")
    settle_all()
    before = list(Cost.objects.values_list("pk", flat=True))
    settle_all()
    assert list(Cost.objects.values_list("pk", flat=True)) == before


def test_spend_follows_a_first_attempt_to_another_month_and_a_person_to_another_account(world):
    """
    | on the fair: 100.00 in March, 50.00 in April | March: Ada, Ben | April: Ada |
    |-----------------------------------------------|-----------------|------------|
    | Ada's call on One and Ben's on Two, in March  | 50, 50          | 0          |
    | Ada's turns out to be April's                 | 0, 100          | 50         |
    | Two turns out to work for Web's account       | 0, 0            | 50         |
    """
    fair = LeadSource.objects.create(name="Fair")
    for month, amount in (("2026-03-01", 100), ("2026-04-01", 50)):
        Spend.objects.create(month=month, amount=amount, kind="lead", lead_source=fair)
    fairs = world.account("Fair's", lead_source=fair)
    one, two = (world.contact(name, fairs) for name in ("One", "Two"))
    call = world.call(world.ada, "2026-03-02 09:00", one)
    world.call(world.ben, "2026-03-03 09:00", two)
    world.deal(world.ada, ("qualified", "2026-02-02"), ("won", "2026-03-02"))

    def shares():
        return [
            parts(world, rep, month)[0]
            for rep, month in ((world.ada, "2026-03"), (world.ben, "2026-03"), (world.ada, "2026-04"))
        ]

    assert shares() == [50, 50, 0]
    call.at = moment("2026-04-02 09:00")
    call.save()
    assert shares() == [0, 100, 50]
    two.account = world.account("Web's", lead_source=LeadSource.objects.create(name="Web"))
    two.save()
    assert shares() == [0, 0, 50]
