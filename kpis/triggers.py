"""Triggers that mark figures stale: whoever writes a row a KPI counts, by whatever way, marks its rep and day."""

from kpis.past.triggers import past_sql
from pipeline.triggers import BY_INDEX

EVERYBODY = "SELECT p.id, date '1900-01-01' FROM pipeline_rep p UNION SELECT 0, date '1900-01-01'"
# A contact counts for its account from the day it was created, all along where nobody knows.
ON_FILE = """SELECT s.owner_id, coalesce((r.created_at AT TIME ZONE 'UTC')::date - 1, s.from_day)
    FROM pipeline_accountspan s WHERE s.account_id = r.account_id"""

# (table, rows (rep, day) touched by a changed row `r`)
MARKED = [
    (
        "pipeline_activity",
        """SELECT r.rep_id, r.day WHERE r.day IS NOT NULL
        UNION ALL SELECT r.booker_id, r.booked_day WHERE r.booked_day IS NOT NULL
        UNION ALL SELECT s.owner_id,
            CASE WHEN r.kind = 4 THEN least(r.day, coalesce(r.booked_day, s.from_day)) ELSE r.day END
        FROM pipeline_dealspan s WHERE s.deal_id = r.deal_id AND r.day IS NOT NULL
        UNION ALL SELECT s.owner_id, greatest(r.day, s.from_day)
        FROM pipeline_activitycontact p JOIN pipeline_contact c ON c.id = p.contact_id
        JOIN pipeline_accountspan s ON s.account_id = c.account_id AND coalesce(s.to_day > r.day, true)
        WHERE p.activity_id = r.id AND r.day IS NOT NULL""",
    ),
    (
        "pipeline_activitycontact",
        """SELECT r.rep_id, a.day FROM pipeline_activity a WHERE a.id = r.activity_id AND a.day IS NOT NULL
        UNION ALL SELECT s.owner_id, a.day FROM pipeline_activity a JOIN pipeline_dealspan s ON s.deal_id = a.deal_id
        WHERE a.id = r.activity_id AND a.day IS NOT NULL
        UNION ALL SELECT s.owner_id, greatest(a.day, s.from_day)
        FROM pipeline_activity a JOIN pipeline_contact c ON c.id = r.contact_id
        JOIN pipeline_accountspan s ON s.account_id = c.account_id AND coalesce(s.to_day > a.day, true)
        WHERE a.id = r.activity_id AND a.day IS NOT NULL""",
    ),
    (
        "pipeline_activitymaterial",
        "SELECT a.rep_id, a.day FROM pipeline_activity a WHERE a.id = r.activity_id AND a.day IS NOT NULL",
    ),
    # How far its deals are is known of an account as well, whoever owns it.
    (
        "pipeline_dealspan",
        """SELECT r.owner_id, r.from_day
        UNION ALL SELECT s.owner_id, greatest(r.from_day, s.from_day)
        FROM pipeline_deal d JOIN pipeline_accountspan s ON s.account_id = d.account_id
            AND coalesce(s.to_day > r.from_day, true)
        WHERE d.id = r.deal_id""",
    ),
    ("pipeline_accountspan", "SELECT r.owner_id, r.from_day"),
    ("pipeline_contact", ON_FILE),
    (
        "pipeline_relationship",
        """SELECT s.owner_id, greatest(r.rated_on, s.from_day) FROM pipeline_contact c
        JOIN pipeline_accountspan s ON s.account_id = c.account_id
        WHERE c.id = r.contact_id AND coalesce(s.to_day > r.rated_on, true)""",
    ),
    ("pipeline_cost", "SELECT r.rep_id, r.day"),
    (
        "pipeline_episode",
        """SELECT r.owner_id, r.closed_day WHERE r.closed_day IS NOT NULL
        UNION ALL SELECT r.opener_id, r.opened_day WHERE r.opened_day IS NOT NULL
        UNION ALL SELECT r.qualifier_id, r.qualified_day WHERE r.qualified_day IS NOT NULL""",
    ),
    (
        "pipeline_exchangerate",
        """SELECT s.owner_id, r."on" FROM pipeline_dealspan s WHERE s.currency = r.currency""",
    ),
    (
        "pipeline_setting",
        "SELECT p.id, coalesce(r.from_on, date '1900-01-01') FROM pipeline_rep p UNION SELECT 0, '1900-01-01'",
    ),
    ("pipeline_organisation", EVERYBODY),
]
# The tree of teams changed: no rep's figures move, but those of the teams above, old and new.
TREE = "SELECT -1, date '1900-01-01'"
# Only some columns of these move a figure.
NARROW = [
    (
        "pipeline_deal",
        "id, nda",
        "SELECT s.owner_id, min(s.from_day) FROM pipeline_dealspan s WHERE s.deal_id = r.id GROUP BY 1",
    ),
    (
        "pipeline_deal",
        "id, account_id",
        "SELECT s.owner_id, s.from_day FROM pipeline_accountspan s WHERE s.account_id = r.account_id",
    ),
    (
        "pipeline_contact",
        "id, department",
        """SELECT s.owner_id, min(a.day) FROM pipeline_activitycontact p JOIN pipeline_activity a ON a.id = p.activity_id
        JOIN pipeline_dealspan s ON s.deal_id = a.deal_id WHERE p.contact_id = r.id AND a.day IS NOT NULL GROUP BY 1""",
    ),
    (
        "pipeline_material",
        "id, type",
        """SELECT a.rep_id, min(a.day) FROM pipeline_activitymaterial h JOIN pipeline_activity a ON a.id = h.activity_id
        WHERE h.material_id = r.id AND a.day IS NOT NULL GROUP BY 1""",
    ),
    # Its role weighs the ratings of all its time.
    (
        "pipeline_contact",
        "id, account_id, created_at, buying_role",
        "SELECT s.owner_id, s.from_day FROM pipeline_accountspan s WHERE s.account_id = r.account_id",
    ),
    ("pipeline_team", "id, parent_id", TREE),
    ("pipeline_organisation", "id, time_zone, currency, fiscal_year_start", EVERYBODY),
]
NARROWED = {table for table, _columns, _rows in NARROW}
SIDES = {"INSERT": ["after"], "UPDATE": ["before", "after"], "DELETE": ["before"]}


def trigger_sql() -> list[str]:
    """Statements that create the marking functions and their statement triggers, and those of past snapshots."""
    statements = past_sql()
    for number, (table, rows) in enumerate(MARKED):
        for event, sides in SIDES.items():
            if event == "UPDATE" and table in NARROWED:
                continue
            source = " UNION ALL ".join(f"SELECT * FROM {side}" for side in sides)
            statements += _marking(f"stale_{number}_{event.lower()}", table, event, sides, source, rows)
    for number, (table, columns, rows) in enumerate(NARROW):
        differing = f"SELECT {columns} FROM before EXCEPT SELECT {columns} FROM after"
        both = " UNION ALL ".join(f"SELECT * FROM {side}" for side in SIDES["UPDATE"])
        moved = f"SELECT * FROM ({both}) sides WHERE id IN (SELECT id FROM ({differing}) x)"
        statements += _marking(f"stale_narrow_{number}", table, "UPDATE", ["before", "after"], moved, rows)
    statements += _marking(
        "stale_tree_delete", "pipeline_team", "DELETE", ["before"], "SELECT * FROM before", TREE
    )
    return statements


def _marking(name, table, event, sides, source, rows) -> list[str]:
    images = " ".join(f"{'OLD' if side == 'before' else 'NEW'} TABLE AS {side}" for side in sides)
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO kpis_stale (rep_id, from_day)
        SELECT coalesce(x.rep_id, 0), min(x.day) FROM ({source}) r CROSS JOIN LATERAL ({rows}) AS x(rep_id, day)
        GROUP BY 1 ORDER BY 1;
        RETURN NULL; END $$ {BY_INDEX}""",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {images} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
