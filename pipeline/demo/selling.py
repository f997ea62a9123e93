"""The work on a deal, stage by stage: meetings, calls, mails, texts, and the facts they bring to light."""

from datetime import date, timedelta

from pipeline.demo import words
from pipeline.demo.accounts import DemoContact
from pipeline.demo.buyers import deciders
from pipeline.demo.deals import DemoDeal
from pipeline.demo.facts import facts
from pipeline.demo.people import DemoRep
from pipeline.demo.touches import Diary, Touch
from pipeline.demo.world import World
from pipeline.models import Deal
from pipeline.models.deals import Milestone

MEETING_TYPES = {
    Milestone.LEAD: "introduction",
    Milestone.QUALIFIED: "discovery",
    Milestone.PROSPECT: "demo",
    Milestone.PROPOSAL: "proposal_presentation",
    Milestone.NEGOTIATION: "negotiation",
}
FORGOTTEN = 18  # days without a touch
LIVELY = 32  # days a stage is worked on in earnest; later the deal languishes


def open_up(diary: Diary, deal: DemoDeal, rep: DemoRep) -> None:
    """How the deal came about: attempts to reach the first contact, or a mail they wrote themselves."""
    contact, created = deal.team[0][1], deal.story.created
    if diary.world.chance(0.14):
        diary.incoming(rep, contact, created, deal.id, f"Enquiry: {deal.name}")
        return
    tries = diary.rng.randint(1, 4)
    day = rep.workday(created - timedelta(days=tries * 4))
    while day and day < created and diary.days.is_past(day):
        way = diary.rng.choices((diary.call, diary.mail), (rep.traits.calls + 0.6, rep.traits.mails))[0]
        way(rep, contact, day)
        day = rep.workday(day + timedelta(days=diary.rng.randint(2, 5)))


def work(diary: Diary, deal: DemoDeal) -> None:
    """Everything done on the deal, then its facts, its people's calendars and its next step."""
    touches: list[Touch] = []
    is_forgotten = _is_forgotten(diary.world, deal)
    end = diary.days.end - timedelta(days=FORGOTTEN if is_forgotten else 0)
    for milestone, since, until in deal.story.visits(end):
        for day, what in _agenda(diary.world, deal, since, until):
            rep = deal.owner_on(day)
            moved = rep.workday(day)
            if moved and moved <= until and diary.days.is_past(moved):
                touches.append(_touch(diary, deal, rep, moved, milestone, what))
    last = max((touch.day for touch in touches), default=deal.story.created)
    for since, contact, _ in deal.team:
        contact.busy.append((min(since, last), last))
        deal.owner_on(last).known.append((last, contact))
    facts(diary.world, deal, touches)
    if deal.is_open and not is_forgotten:
        _plan(diary, deal)


def _is_forgotten(world: World, deal: DemoDeal) -> bool:
    """Whether nobody has looked after an open deal for weeks."""
    is_old = deal.story.created < world.days.end - timedelta(days=2 * FORGOTTEN)
    return deal.is_open and is_old and world.chance(deal.owners[-1][1].traits.forgets)


def _agenda(world: World, deal: DemoDeal, since: date, until: date) -> list[tuple[date, str]]:
    """Days and kinds of touches in one stay in a stage."""
    traits, length = deal.owner_on(since).traits, min((until - since).days, LIVELY)
    amounts = {
        "meeting": min(2.3, 0.35 + length / 11) * traits.meetings,
        "call": (0.3 + length / 7) * (traits.calls + 0.1),
        "mail": (0.4 + length / 6) * (0.3 + 0.7 * traits.mails),
        "text": 0.02 * length,
    }
    return [
        (since + timedelta(days=world.rng.randint(0, max(length, 1))), what)
        for what, mean in amounts.items()
        for _ in range(world.poisson(mean))
    ]


def _touch(diary: Diary, deal: DemoDeal, rep: DemoRep, day: date, milestone: Milestone, what: str) -> Touch:
    if what == "meeting":
        return _meeting(diary, deal, rep, day, milestone)
    contact = diary.rng.choice(deal.team_on(day))
    if what == "mail":
        return _mail(diary, deal, rep, contact, day, milestone)
    return (diary.call if what == "call" else diary.text)(rep, contact, day, deal.id)


def _meeting(diary: Diary, deal: DemoDeal, rep: DemoRep, day: date, milestone: Milestone) -> Touch:
    kind = MEETING_TYPES[milestone]
    if milestone == Milestone.PROPOSAL and diary.world.chance(0.25):
        kind = "demo"
    people = _attendees(diary, deal, rep, day, more=0.3 if kind == "proposal_presentation" else -0.06)
    touch = diary.meeting(rep, people, day, deal.id, kind)
    if diary.world.chance(0.25):
        diary.hand_over(touch)
    return touch


def _attendees(diary: Diary, deal: DemoDeal, rep: DemoRep, day: date, more: float) -> list[DemoContact]:
    """Those of the deal who come; an executive as often as the rep's habit has it, `more` or less often."""
    team, rng = deal.team_on(day), diary.rng
    plain = [contact for contact in team if not contact.is_executive]
    chosen = rng.sample(plain, min(len(plain), rng.choice((1, 2, 2, 3))))
    share = rep.traits.executives
    if not chosen or diary.world.fair(rep.id, "executives", share * (1 + more / 0.4)):
        leading = [contact for contact in team if contact.is_executive] or deciders(deal.account, team)
        chosen += [rng.choice(leading)] if leading else []
    if deal.is_scripted:
        chosen = [contact for contact in chosen if not contact.is_executive] or plain[:1]
    return chosen or [team[0]]


def _mail(
    diary: Diary, deal: DemoDeal, rep: DemoRep, contact: DemoContact, day: date, stage: Milestone
) -> Touch:
    """Half of them go on in the deal's own thread; a proposal is sent with its price list."""
    subject = diary.rng.choice(words.DEAL_SUBJECTS.split(";")).format(deal=deal.name)
    is_proposal = stage == Milestone.PROPOSAL and diary.world.chance(0.4)
    copied = diary.rng.choice(deal.team_on(day)) if diary.world.chance(0.15) else None
    kind = "proposal_sent" if is_proposal else ""
    touch = diary.mail(rep, contact, day, deal.id, subject, copied=copied, type=kind)
    if is_proposal or diary.world.chance(0.12):
        diary.hand_over(touch)
    return touch


def _plan(diary: Diary, deal: DemoDeal) -> None:
    """A next step, and for most open deals a meeting in the days to come."""
    rng, end = diary.rng, diary.days.end
    rep = deal.owner_on(end)
    name = deal.team[0][1].name
    row = diary.world.row(Deal, deal.id)
    row["next_step"] = rng.choice(words.NEXT_STEPS.split(";")).format(name=name)
    row["next_step_on"] = rep.workday(end + timedelta(days=rng.randint(0, 15)))
    day = rep.workday(end + timedelta(days=rng.randint(0, 18)))
    if day and diary.world.chance(0.25 + 0.55 * rep.traits.manoeuvre):
        stage = deal.story.entries[-1][0]
        diary.meeting(rep, _attendees(diary, deal, rep, end, more=0), day, deal.id, MEETING_TYPES[stage])
