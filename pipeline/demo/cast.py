"""Who works at Adige Pumps, and in what they differ on purpose: one line of traits a rep."""

from dataclasses import dataclass, field

PASSWORD = "touchline-demo"
ORGANISATION = "Adige Pumps"
DOMAIN = "adigepumps.example"

SIGN_INS = [
    ("maya", PASSWORD, "manages North: sees her reps, nobody else's"),
    ("ada", PASSWORD, "a steady rep, worth copying"),
    ("ben", PASSWORD, "a busy rep whose work is thin"),
    ("cleo", PASSWORD, "calls little and wins"),
    ("dario", PASSWORD, "started two months ago, still ramping"),
    ("olga", PASSWORD, "a rep of another team: sees nothing of North"),
    ("ivo", PASSWORD, "the administrator: records, imports, targets, settings"),
]


@dataclass(frozen=True)
class Traits:
    """How a rep works. Shares are 0 to 1; factors say how much more or less than the usual."""

    starts: float = 6.0  # first attempts a week besides those that open a deal
    persistence: int = 5  # touches before a silent contact is given up
    calls: float = 1.0
    mails: float = 1.0
    meetings: float = 1.0
    deals: float = 4.8  # new deals a month
    amount: float = 1.0
    pending: float = 1.0  # of a deal still open, how much of the usual amount: what is scripted comes first
    reply: float = 0.12  # of the people mailed in a month, who answers
    reach: float = 0.30
    qualifies: float = 0.72  # of the deals created, those that turn out to be real
    win: float = 0.31  # of the qualified deals, those won
    executives: float = 0.40  # of the meetings, those with an executive
    departments: int = 4  # a deal's
    manoeuvre: float = 0.72  # of the deals, those where scope, discount and timing are known
    pricing: float = 1.0  # how long a price stays on the table
    nda: float = 0.75  # of the NDAs needed, those signed
    upkeep: float = 1.0  # touches with customers and contacts already known
    forgets: float = 0.16  # of the open deals, those left alone for weeks


@dataclass(frozen=True)
class Member:
    """A rep by name. `joined` and `left` are months before the last day; None: before the demo, never."""

    name: str
    team: str
    traits: Traits = field(default_factory=Traits)
    job: str = "Account executive"
    role: str = "rep"
    joined: float | None = None
    left: float | None = None
    is_machine: bool = False


# Name, the team above it, who manages it, how it is played.
TEAMS = [
    ("North", None, "Maya", "process"),
    ("South", None, "Nora", "numbers"),
    ("Export", None, "Greta", "process"),
    ("Iberia", "Export", "Pilar", "process"),
]
FOCUS = {
    "North": "calls_made;emails_sent;meetings_held;pipeline_created;won_value;win_rate;reply_rate;"
    "executive_meetings;manoeuvre_known;departments_involved",
    "South": "calls_made;first_attempts;reach_rate;meetings_booked;deals_won;won_value;close_rate;"
    "interest_rate",
    "Export": "meetings_held;companies_contacted;won_value;win_rate;reply_rate;pricing_days;nda_signed",
    "Iberia": "calls_made;meetings_held;deals_won;won_value;reply_rate;relationship_strength",
}

MANAGER = "Sales manager"
INSIDE = "Inside sales"
MEMBERS = [
    Member(
        "Ada",
        "North",
        Traits(reply=0.15, win=0.42, executives=0.47, manoeuvre=0.86, amount=1.1, deals=5.2, departments=5),
    ),
    Member(
        "Ben",
        "North",
        Traits(
            starts=8.0,
            persistence=8,
            calls=1.7,
            mails=2.1,
            deals=4.6,
            amount=0.75,
            pending=0.35,
            reply=0.02,
            reach=0.24,
            qualifies=0.6,
            win=0.18,
            executives=0.12,
            departments=1,
            manoeuvre=0.28,
            nda=0.5,
            upkeep=1.5,
            forgets=0.25,
        ),
        joined=21,
    ),
    Member(
        "Cleo",
        "North",
        Traits(
            starts=3.0,
            persistence=3,
            calls=0.45,
            mails=0.5,
            meetings=0.65,
            deals=4.4,
            amount=1.3,
            reply=0.17,
            win=0.5,
            executives=0.62,
            departments=5,
            manoeuvre=0.85,
            upkeep=0.5,
            forgets=0.05,
        ),
    ),
    Member("Dario", "North", Traits(starts=7.0, deals=6.5, amount=0.7, reply=0.09, win=0.2), joined=2),
    Member("Elif", "North", Traits(pricing=3.6, win=0.25, executives=0.33, manoeuvre=0.5)),
    Member("Finn", "North", Traits(starts=4.6, calls=1.15, reply=0.13)),
    Member("Gaia", "North", Traits(starts=3.6, amount=1.1, executives=0.45)),
    Member("Hugo", "North", Traits(starts=0.2, deals=2.8, departments=3, upkeep=1.6, reply=0.11)),
    Member("Olga", "South", Traits(deals=5.0, reply=0.13)),
    Member("Piero", "South", Traits(calls=1.3, mails=0.8)),
    Member("Rosa", "South", Traits(win=0.35, nda=0.85)),
    Member("Sandro", "South", Traits(reach=0.22, reply=0.10)),
    Member("Tilde", "South", Traits(amount=1.2, executives=0.44), joined=11),
    Member("Ugo", "South", Traits(starts=5.5, deals=1.6, amount=0.6, upkeep=0.4), job=INSIDE),
    Member("Viola", "South", Traits(starts=5.0, deals=1.4, amount=0.6, upkeep=0.4, reach=0.36), job=INSIDE),
    Member("Jonas", "Export", Traits(amount=1.5, departments=5, nda=0.9)),
    Member("Karin", "Export", Traits(amount=1.4, win=0.33)),
    Member("Lars", "Export", Traits(reply=0.11, manoeuvre=0.6), joined=14),
    Member("Wim", "Export", Traits(win=0.22, mails=0.8), left=5),
    Member("Alba", "Iberia", Traits(executives=0.5)),
    Member("Quim", "Iberia", Traits(calls=1.2, reach=0.33)),
    Member("Xavier", "Iberia", Traits(deals=4.2, win=0.28), joined=9),
    Member(
        "Pilar", "Iberia", Traits(starts=1.2, deals=1.6, amount=1.4, win=0.4), job=MANAGER, role="manager"
    ),
    Member("Maya", "North", job=MANAGER, role="manager"),
    Member("Nora", "South", job=MANAGER, role="manager"),
    Member("Greta", "Export", job=MANAGER, role="manager"),
    Member("Ivo", "", job="Sales operations", role="admin"),
    Member("Order desk", "South", job="Machine", is_machine=True),
]
NOT_SELLING = {"Maya", "Nora", "Greta", "Ivo", "Order desk"}
# Rosa came to South from North seven months ago: her earlier work stays with North.
CHANGED_TEAM = {"Rosa": ("North", 7)}
HEIR = {"Wim": "Karin"}  # who took over from the one who left
# Whose accounts Dario was given when he started.
GODPARENTS = {
    "Dario": ("Finn", "Gaia", "Hugo"),
    "Tilde": ("Olga", "Piero"),
    "Xavier": ("Alba", "Quim"),
    "Lars": ("Jonas",),
}
