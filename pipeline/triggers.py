"""Database objects of the records: the view of teams over time, and the triggers that note what was written.

Marks are set by statement, from the rows before and after, whoever writes: a page, an import or psql. `pipeline.settle`
turns `touchline.settling` on while it writes, so that its own writes mark nothing.
"""

from pipeline.past import past_sql

TEAM_SPAN = """
CREATE VIEW pipeline_team_span AS
SELECT rep_id, team_id,
    CASE WHEN row_number() OVER moves = 1 THEN date '1900-01-01' ELSE from_on END AS from_on,
    coalesce(lead(from_on) OVER moves, date '2200-01-01') AS to_on
FROM pipeline_teammove WINDOW moves AS (PARTITION BY rep_id ORDER BY from_on)
UNION ALL
SELECT id, team_id, date '1900-01-01', date '2200-01-01' FROM pipeline_rep r
WHERE NOT EXISTS (SELECT 1 FROM pipeline_teammove m WHERE m.rep_id = r.id)
"""

# Deals a rep ever owned, closed, created or qualified.
OWNED = """SELECT deal_id FROM pipeline_dealspan WHERE owner_id = {0}
    UNION SELECT deal_id FROM pipeline_episode WHERE owner_id = {0} OR opener_id = {0} OR qualifier_id = {0}"""
ASSIGNED = "SELECT account_id FROM pipeline_accountspan WHERE owner_id = {0}"
LEANING_ON = """SELECT p.activity_id FROM pipeline_activitycontact p WHERE p.answer_id = {0}
    UNION SELECT a.id FROM pipeline_activity a WHERE a.duplicate_of_id = {0}"""
PRESENTATION = "{0}.kind = 4 AND {0}.type = 'proposal_presentation'"

# (table, what is marked, expression over the changed row `r`); 0 marks every row there is
MARKED = [
    ("pipeline_deal", "deal", "SELECT r.id"),
    ("pipeline_stagechange", "deal", "SELECT r.deal_id"),
    ("pipeline_dealmove", "deal", "SELECT r.deal_id"),
    ("pipeline_dealchange", "deal", "SELECT r.deal_id"),
    ("pipeline_dealfact", "deal", "SELECT r.deal_id"),
    ("pipeline_accountfact", "deal", "SELECT d.id FROM pipeline_deal d WHERE d.account_id = r.account_id"),
    (
        "pipeline_stage",
        "deal",
        "SELECT c.deal_id FROM pipeline_stagechange c WHERE c.stage_id = r.id UNION"
        " SELECT d.id FROM pipeline_deal d WHERE d.stage_id = r.id",
    ),
    ("pipeline_exchangerate", "deal", "SELECT d.id FROM pipeline_deal d WHERE d.currency = r.currency"),
    (
        "pipeline_teammove",
        "deal",
        OWNED.format("r.rep_id"),
    ),
    ("pipeline_rep", "deal", OWNED.format("r.id")),
    (
        "pipeline_setting",
        "deal",
        "SELECT 0 WHERE r.key IN ('manoeuvre_amount_change', 'manoeuvre_slip_days')",
    ),
    ("pipeline_organisation", "deal", "SELECT 0"),
    ("pipeline_organisation", "activity", "SELECT 0"),
    ("pipeline_deal", "activity", "SELECT a.id FROM pipeline_activity a WHERE a.deal_id = r.id"),
    # With an activity go the mails it was the answer to, and the rows that only repeated it.
    ("pipeline_activity", "activity", f"SELECT r.id UNION {LEANING_ON.format('r.id')}"),
    (
        "pipeline_activitycontact",
        "activity",
        f"SELECT r.activity_id UNION {LEANING_ON.format('r.activity_id')}",
    ),
    (
        "pipeline_teammove",
        "activity",
        "SELECT id FROM pipeline_activity WHERE rep_id = r.rep_id OR booked_by_id = r.rep_id",
    ),
    (
        "pipeline_rep",
        "activity",
        "SELECT id FROM pipeline_activity WHERE rep_id = r.id OR booked_by_id = r.id",
    ),
    ("pipeline_contact", "contact", "SELECT r.id"),
    # Who is no longer part of an activity, and the deal it is no longer on: their attempts and what it took change.
    (
        "pipeline_activitycontact",
        "contact",
        """SELECT r.contact_id WHERE NOT EXISTS (SELECT 1 FROM pipeline_activitycontact p
        WHERE p.id = r.id AND p.activity_id = r.activity_id AND p.contact_id = r.contact_id)""",
    ),
    (
        "pipeline_activity",
        "deal",
        """SELECT r.deal_id WHERE NOT EXISTS (
        SELECT 1 FROM pipeline_activity a WHERE a.id = r.id AND a.deal_id = r.deal_id)""",
    ),
    ("pipeline_dealcontact", "contact", "SELECT r.contact_id"),
    ("pipeline_dealcontact", "deal", "SELECT r.deal_id"),
    ("pipeline_setting", "activity", "SELECT 0 WHERE r.key = 'first_attempt_days'"),
    ("pipeline_account", "account", "SELECT r.id"),
    ("pipeline_accountmove", "account", "SELECT r.account_id"),
    ("pipeline_teammove", "account", ASSIGNED.format("r.rep_id")),
    ("pipeline_rep", "account", ASSIGNED.format("r.id")),
    ("pipeline_organisation", "account", "SELECT 0"),
    ("pipeline_activitymaterial", "activity", "SELECT r.activity_id"),
    # A presentation counts for its deal's close, and is one by the parts its people had in the deal.
    ("pipeline_activity", "deal", f"SELECT r.deal_id WHERE {PRESENTATION.format('r')}"),
    (
        "pipeline_dealcontact",
        "activity",
        f"SELECT a.id FROM pipeline_activity a WHERE a.deal_id = r.deal_id AND {PRESENTATION.format('a')}",
    ),
    *(
        (f"pipeline_{table}", "cost", "SELECT 0")
        for table in (
            "timeentry",
            "jobcost",
            "spend",
            "exchangerate",
            "teammove",
            "rep",
            "organisation",
            "account",
            "rebatetier",
        )
    ),
]
# A function keeps its plan for as long as the session lives: one made while a table was small must not read it whole
# for every changed row once it is big. Nor one made while everything is settled, which does without nested loops: here
# they are what is asked for, row by row.
BY_INDEX = "SET enable_seqscan = off SET enable_nestloop = on"
EVENTS = {"INSERT": ["after"], "UPDATE": ["before", "after"], "DELETE": ["before"]}


def trigger_sql() -> list[str]:
    """Statements that create one function and three statement triggers per marked table, and those of the past."""
    statements = past_sql()
    for number, (table, kind, rows) in enumerate(MARKED):
        for event, sides in EVENTS.items():
            name = f"mark_{number}_{event.lower()}"
            statements += _marking(name, table, event, sides, kind, rows)
    return statements


def _marking(name, table, event, sides, kind, rows) -> list[str]:
    changed = " UNION ALL ".join(f"SELECT * FROM {side}" for side in sides)
    # A rep or contact whose row was only touched elsewhere (a new mail address) moves no figure.
    quiet = "" if event != "UPDATE" else _unchanged(table, kind)
    images = " ".join(f"{'OLD' if side == 'before' else 'NEW'} TABLE AS {side}" for side in sides)
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('touchline.settling', true) = 'on' THEN RETURN NULL; END IF;
        INSERT INTO pipeline_unsettled (kind, row_id)
        SELECT DISTINCT '{kind}', x.id FROM (SELECT * FROM ({changed}) sides{quiet}) r CROSS JOIN LATERAL ({rows}) AS x(id)
        WHERE x.id IS NOT NULL;
        RETURN NULL; END $$ {BY_INDEX}""",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {images} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _unchanged(table: str, kind: str) -> str:
    columns = {
        ("pipeline_rep", "deal"): "id, team_id",
        ("pipeline_rep", "activity"): "id, team_id",
        ("pipeline_contact", "contact"): "id, account_id, seniority, department, buying_role",
        ("pipeline_rep", "cost"): "id, team_id, job",
        ("pipeline_account", "cost"): "id, lead_source_id",
        ("pipeline_organisation", "cost"): "id, currency",
        ("pipeline_deal", "activity"): "id, account_id",
        ("pipeline_account", "account"): "id, owner_id, created_at, recorded_at",
        ("pipeline_rep", "account"): "id, team_id",
        ("pipeline_organisation", "account"): "id, time_zone",
        ("pipeline_organisation", "deal"): "id, time_zone, currency",
        ("pipeline_organisation", "activity"): "id, time_zone",
    }.get((table, kind))
    if not columns:
        return ""
    return f" WHERE id IN (SELECT id FROM (SELECT {columns} FROM before EXCEPT SELECT {columns} FROM after) moved)"
