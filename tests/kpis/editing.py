"""Edits as people, imports and psql make them: any row, any column that moves a figure."""

from datetime import timedelta

from django.db import connection

from pipeline.models import (
    Account,
    AccountFact,
    AccountMove,
    Activity,
    ActivityContact,
    ActivityMaterial,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealFact,
    DealMove,
    ExchangeRate,
    Material,
    Organisation,
    Relationship,
    Rep,
    Setting,
    Stage,
    StageChange,
    Team,
    TeamMove,
)
from tests.kpis.chance import RandomWorld
from tests.kpis.dice import ROLES, Dice


def edit(world: RandomWorld, dice: Dice) -> str:
    """Make one random edit; returns what it was, to be read in a failure."""
    change = dice.choice(EDITS)
    change(world, dice)
    return change.__name__


def some(model, dice: Dice):
    """A queryset of one random row, or of none."""
    every = sorted(model.objects.values_list("pk", flat=True))
    return model.objects.filter(pk__in=dice.sample(every, 1) if every else [])


def moment_of_an_activity(world, dice):
    some(Activity, dice).update(at=dice.moment())


def minute_of_a_call(world, dice):
    for call in some(Activity, dice):
        call.at += timedelta(seconds=dice.choice([-60, 30, 61]))
        call.save()


def rep_of_an_activity(world, dice):
    some(Activity, dice).update(rep=dice.maybe(world.reps, 0.8))


def outcome_of_an_activity(world, dice):
    some(Activity, dice).update(outcome=dice.choice([0, 1, 2, 6, 7]), duration_s=dice.choice([None, 120, 30]))


def status_of_a_meeting(world, dice):
    some(Activity, dice).update(status=dice.choice([0, 2, 3, 4]), booked_at=dice.maybe([dice.moment()]))


def kind_of_an_activity(world, dice):
    some(Activity, dice).update(kind=dice.choice([1, 2, 3, 4]), direction=dice.choice([1, 2]))


def interest_noted(world, dice):
    some(Activity, dice).update(interest=dice.randrange(4))


def provider_id_of_an_activity(world, dice):
    some(Activity, dice).update(provider_id=dice.choice(["", "m1", "m2"]))


def internal_or_not(world, dice):
    some(Activity, dice).update(is_internal=dice.random() < 0.5)


def type_of_an_activity(world, dice):
    some(Activity, dice).update(type=dice.choice(["", "proposal_presentation", "proposal_sent"]))


def part_in_a_deal(world, dice):
    for deal in some(Deal, dice):
        world.part(dice, deal)


def role_in_a_deal(world, dice):
    some(DealContact, dice).update(role=dice.choice(ROLES))


def a_part_in_a_deal_gone(world, dice):
    some(DealContact, dice).delete()


def buying_role_of_a_contact(world, dice):
    some(Contact, dice).update(buying_role=dice.choice(ROLES))


def material_of_an_activity(world, dice):
    for activity in some(Activity, dice):
        world.hand_over(dice, activity)


def material_taken_back(world, dice):
    some(ActivityMaterial, dice).delete()


def type_of_a_material(world, dice):
    some(Material, dice).update(type=dice.choice(["brochure", "case study"]))


def deal_of_an_activity(world, dice):
    some(Activity, dice).update(
        deal=dice.maybe(list(Deal.objects.order_by("pk"))), account=dice.maybe(world.accounts)
    )


def answered_mail_of_an_activity(world, dice):
    for mail in some(Activity, dice):
        world.reply(dice, mail)


def an_activity_gone(world, dice):
    some(Activity, dice).delete()
    world.activities = list(Activity.objects.order_by("pk"))


def a_new_activity(world, dice):
    made = world._activity(dice)
    made.save()
    world.people(dice, made)
    world.activities.append(made)


def person_of_an_activity(world, dice):
    for person in some(ActivityContact, dice):
        free = [
            c
            for c in world.contacts
            if not ActivityContact.objects.filter(activity=person.activity, contact=c)
        ]
        if free:
            person.contact = dice.choice(free)
            person.save()


def part_in_an_activity(world, dice):
    some(ActivityContact, dice).update(
        part=dice.choice([0, 1, 2, 3]), attended=dice.choice([0, 1, 2, 3]), outcome=dice.choice([0, 0, 6])
    )


def a_person_gone(world, dice):
    some(ActivityContact, dice).delete()


def department_and_seniority(world, dice):
    some(Contact, dice).update(department=dice.choice(["", "IT", "Legal"]), seniority=dice.randrange(7))


def account_of_a_contact(world, dice):
    some(Contact, dice).update(account=dice.choice(world.accounts))


def creation_of_a_contact(world, dice):
    some(Contact, dice).update(created_at=dice.maybe([dice.moment()], 0.8))


def owner_of_an_account(world, dice):
    some(Account, dice).update(owner=dice.maybe(world.reps, 0.8), created_at=dice.maybe([dice.moment()]))


def a_move_of_an_account(world, dice):
    world.account_move(dice, dice.choice(world.accounts))


def a_move_of_an_account_gone(world, dice):
    some(AccountMove, dice).delete()


def a_rating(world, dice):
    world.rating(dice)


def a_rating_changed_or_gone(world, dice):
    if dice.random() < 0.5:
        some(Relationship, dice).delete()
    else:
        some(Relationship, dice).update(score=dice.randrange(-3, 4))


def a_contact_gone(world, dice):
    if len(world.contacts) > 3:
        world.contacts.remove(gone := dice.choice(world.contacts))
        gone.delete()


def owner_of_a_deal(world, dice):
    some(Deal, dice).update(owner=dice.maybe(world.reps, 0.8), created_by=dice.maybe(world.reps))


def account_of_a_deal(world, dice):
    some(Deal, dice).update(account=dice.maybe(world.accounts, 0.8))


def value_of_a_deal(world, dice):
    some(Deal, dice).update(amount=dice.maybe([dice.amount()], 0.8), currency=dice.choice(["", "USD", "CHF"]))


def cost_and_expected_close_of_a_deal(world, dice):
    some(Deal, dice).update(
        cost=dice.maybe([dice.amount()], 0.8), expected_close_on=dice.maybe([dice.day()], 0.8)
    )


def record_of_a_deal(world, dice):
    some(Deal, dice).update(
        stage=dice.choice(world.stages), created_at=dice.maybe([dice.moment()], 0.8), closed_at=dice.moment()
    )


def need_of_an_nda(world, dice):
    some(Deal, dice).update(nda=dice.choice(["", "needed", "not_needed"]))


def a_deal_gone(world, dice):
    some(Deal, dice).delete()


def a_new_deal(world, dice):
    world.deal(dice, 4)


def something_about_a_deal(world, dice):
    for deal in some(Deal, dice):
        dice.choice([world.step, world.step, world.move, world.revalue, world.fact])(dice, deal)


def moment_of_a_stage_change(world, dice):
    for change in some(StageChange, dice):
        change.at = change.at.replace(microsecond=dice.randrange(1_000_000)) + timedelta(
            hours=dice.choice([-30, 1, 24])
        )
        change.save()


def a_stage_change_gone(world, dice):
    some(StageChange, dice).delete()


def something_known_of_a_deal_gone(world, dice):
    some(dice.choice([DealMove, DealChange, DealFact, AccountFact]), dice).delete()


def a_paper_of_an_account(world, dice):
    world.account_fact(dice, dice.choice(world.accounts))


def milestone_of_a_stage(world, dice):
    some(Stage, dice).update(milestone=dice.randrange(1, 8))


def team_of_a_rep(world, dice):
    some(Rep, dice).update(team=dice.maybe(world.teams, 0.8))


def a_team_move(world, dice):
    world.team_move(dice)


def a_team_move_gone(world, dice):
    some(TeamMove, dice).delete()


def parent_of_a_team(world, dice):
    team = dice.choice(world.teams)
    above = [other for other in world.teams if other.pk != team.pk and team.pk not in _line(other)]
    Team.objects.filter(pk=team.pk).update(parent=dice.maybe(above, 0.7) if above else None)


def _line(team: Team) -> set[int]:
    line = set()
    while team is not None:
        line.add(team.pk)
        team = Team.objects.get(pk=team.pk).parent
    return line


def a_team_gone(world, dice):
    """A team nobody was ever in, its parent's figures notwithstanding."""
    free = [
        team for team in world.teams if not TeamMove.objects.filter(team=team) and not team.subteams.exists()
    ]
    if len(free) > 1:
        gone = dice.choice(free)
        Team.objects.filter(pk=gone.pk).delete()
        world.teams = [team for team in world.teams if team.pk != gone.pk]


def a_rate(world, dice):
    if dice.random() < 0.5:
        some(ExchangeRate, dice).delete()
    else:
        ExchangeRate.objects.update_or_create(
            currency=dice.choice(["USD", "CHF"]),
            on=dice.day(),
            defaults={"rate": dice.choice(["0.5", "1.25"])},
        )


def a_setting(world, dice):
    if dice.random() < 0.3:
        some(Setting, dice).delete()
    else:
        world.setting(dice)


def zone_and_currency(world, dice):
    Organisation.objects.update(
        time_zone=dice.choice(["Europe/Rome", "America/New_York"]), currency=dice.choice(["EUR", "USD"])
    )


def in_sql(world, dice):
    """As in psql: no application sees it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pipeline_activity SET at = at + interval '1 day' WHERE id %% 3 = %s", [dice.randrange(3)]
        )
        cursor.execute("DELETE FROM pipeline_stagechange WHERE id %% 5 = %s", [dice.randrange(5)])


EDITS = [
    change
    for name, change in list(globals().items())
    if callable(change)
    and getattr(change, "__module__", "") == __name__
    and name not in ("edit", "some", "_line")
]
