"""The bundle's files, in the order in which they are written: what they refer to comes first where it can."""

from django.utils.translation import gettext_lazy as _

from pipeline.intake.rules import finish_contact, finish_deal_change
from pipeline.intake.tables import Check, declare
from pipeline.models import (
    Absence,
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
    JobCost,
    LeadSource,
    Material,
    RebateTier,
    Relationship,
    Rep,
    Spend,
    Stage,
    StageChange,
    Team,
    TeamMove,
    TimeEntry,
)
from pipeline.models.deals import Milestone

LEAD_SOURCE = {"source": "lead_source"}

declare("lead_sources", LeadSource, "id* name*")
declare(
    "teams",
    Team,
    "id* name* parent manager playbook focus_kpis",
    checks=(
        Check(
            "(s.parent, s.parent__source) IS DISTINCT FROM (s.id, s.id__source)",
            "parent",
            _("a team cannot be part of itself"),
        ),
    ),
)
declare(
    "reps",
    Rep,
    "id* name* email team role job started_on ramped_on ended_on is_machine",
    checks=(Check("s.ended_on >= s.started_on", "ended_on", _("before the first day")),),
)
declare("team_moves", TeamMove, "rep* team* from_on*")
declare(
    "job_costs",
    JobCost,
    "job* from_on* hourly_cost* currency",
    checks=(Check("s.hourly_cost >= 0", "hourly_cost", _("must not be negative")),),
)
declare(
    "accounts",
    Account,
    "id* name* domain owner industry country source parent created_at",
    renamed=LEAD_SOURCE,
)
declare("account_moves", AccountMove, "account* owner* from_at*")
declare(
    "contacts",
    Contact,
    "id* account* name* email phone title department seniority buying_role created_at",
    codes={"seniority": Contact.Seniority},
    hidden="is_seniority_read",
    finish=finish_contact,
    implies={"title": ("seniority", "is_seniority_read"), "seniority": ("is_seniority_read",)},
    # A rank that somebody recorded is not overwritten by one that was read from a title.
    keeps={
        name: f"CASE WHEN (n.seniority = 0 OR n.is_seniority_read) AND t.seniority > 0"
        f" AND NOT t.is_seniority_read THEN t.{name} ELSE n.{name} END"
        for name in ("seniority", "is_seniority_read")
    },
    exports={"seniority": "CASE WHEN t.is_seniority_read THEN 0 ELSE t.seniority END"},
)
declare(
    "relationships",
    Relationship,
    "contact* rater* score* rated_on* note",
    checks=(Check("s.score BETWEEN -3 AND 3", "score", _("must be between -3 and 3")),),
)
declare(
    "stages", Stage, "id* name* position* milestone* pipeline probability", codes={"milestone": Milestone}
)
declare(
    "deals",
    Deal,
    "id* name* account owner created_by amount cost currency stage source created_at expected_close_on"
    " forecast closed_at lost_reason nda next_step next_step_on",
    renamed=LEAD_SOURCE,
    dated={"created_at": "is_created_dated", "closed_at": "is_closed_dated"},
)
declare("deal_moves", DealMove, "deal* owner* from_at*")
declare("stage_changes", StageChange, "deal* stage* at* seq actor owner", dated={"at": "is_dated"})
declare("deal_changes", DealChange, "deal* field* value+ at*", finish=finish_deal_change)
declare(
    "activities",
    Activity,
    "id* rep* kind* at* direction booked_by account deal type booked_at duration_s status outcome interest"
    " in_reply_to provider_id is_internal subject",
    codes={
        "kind": Activity.Kind,
        "direction": Activity.Direction,
        "status": Activity.Status,
        "outcome": Activity.Outcome,
        "interest": Activity.Interest,
    },
)
declare(
    "activity_contacts",
    ActivityContact,
    "activity* contact* part attended outcome",
    codes={
        "part": ActivityContact.Part,
        "attended": ActivityContact.Attended,
        "outcome": Activity.Outcome,
    },
)
declare("deal_contacts", DealContact, "deal* contact* from_at role")
declare("deal_facts", DealFact, "deal* kind* on* activity note")
declare("account_facts", AccountFact, "account* kind* on* note")
declare("materials", Material, "id* name* type*")
declare("activity_materials", ActivityMaterial, "activity* material*")
declare(
    "spend",
    Spend,
    "month* amount* kind* source team currency",
    renamed=LEAD_SOURCE,
    checks=(
        Check("extract(day FROM s.month) = 1", "month", _("must be the first day of a month")),
        Check("s.source IS NULL OR s.kind = 'lead'", "source", _("only lead spend has a source")),
    ),
)
declare(
    "exchange_rates",
    ExchangeRate,
    "currency* on* rate*",
    checks=(Check("s.rate > 0", "rate", _("must be more than 0")),),
)
declare(
    "rebate_tiers",
    RebateTier,
    "account* year* from_amount* percent*",
    checks=(Check("s.percent BETWEEN 0 AND 100", "percent", _("must be between 0 and 100")),),
)
declare(
    "time_entries",
    TimeEntry,
    "rep* on* hours* deal",
    checks=(Check("s.hours > 0 AND s.hours <= 24", "hours", _("must be more than 0 and at most 24")),),
)
declare(
    "absences",
    Absence,
    "rep* from_on* to_on* reason",
    checks=(Check("s.to_on >= s.from_on", "to_on", _("before the first day")),),
)
