"""A bank's real loan applications, imported by a mapping, give the answers computed outside the product."""

import pytest

from tests.realdata.published import answers, imported, needs, rows, same, take

pytestmark = needs("bpic2012")

# One line per deal: its first entry into each stage, and how it ended.
FIRSTS = ", ".join(
    f"min(c.at) FILTER (WHERE s.external_id = '{stage}') AS {name}"
    for name, stage in {
        "t_sub": "A_SUBMITTED",
        "t_pre": "A_PREACCEPTED",
        "t_acc": "A_ACCEPTED",
        "t_fin": "A_FINALIZED",
        "t_sent": "O_SENT",
        "t_back": "O_SENT_BACK",
        "t_app": "A_APPROVED",
        "t_dec": "A_DECLINED",
        "t_can": "A_CANCELLED",
    }.items()
)
CASES = f"""
SELECT d.id, d.amount, o.external_id AS owner, {FIRSTS} FROM pipeline_deal d
JOIN pipeline_stagechange c ON c.deal_id = d.id JOIN pipeline_stage s ON s.id = c.stage_id
LEFT JOIN pipeline_rep o ON o.id = d.owner_id GROUP BY d.id, o.external_id
"""
CLOSED = "coalesce(t_app, t_dec, t_can)"
MEDIAN = "percentile_cont(0.5) WITHIN GROUP (ORDER BY {})"


@pytest.fixture(scope="module")
def bank(django_db_setup, django_db_blocker):
    with imported(django_db_blocker, "bpic2012", "bpic2012") as outcome:
        yield outcome


@pytest.fixture(scope="module")
def known():
    return answers("bpic2012/oracle.json")


def of_cases(columns: str, rest: str = "") -> list:
    return rows(f"WITH c AS MATERIALIZED ({CASES}) SELECT {columns} FROM c {rest}")


def hours(one: str, other: str) -> str:
    return f"extract(epoch FROM {other} - {one}) / 3600"


def test_activities_nobody_made_are_left_out_and_counted(bank):
    tables = bank.report["tables"]
    assert tables["activities"]["left_out"] == {"no resource": 8000, "office work, no contact": 8118}
    assert tables["activities"]["added"] == 81860 - 8000 - 8118
    assert tables["stage_changes"]["left_out"]["after the win"] == 2 * 2246
    assert rows("SELECT external_id FROM pipeline_rep WHERE is_machine") == [["112"]]
    assert rows("SELECT time_zone, currency FROM pipeline_organisation") == [["Europe/Amsterdam", "EUR"]]


def test_outcomes_and_amounts(bank, known):
    outcome = (
        "CASE WHEN t_app IS NOT NULL THEN 'won' WHEN t_dec IS NOT NULL THEN 'lost_declined'"
        " WHEN t_can IS NOT NULL THEN 'lost_cancelled' ELSE 'open' END"
    )
    assert same(of_cases(f"{outcome}, count(*), sum(amount)", "GROUP BY 1 ORDER BY 1"), known["outcomes"])
    by_stage = rows(
        "SELECT CASE s.milestone WHEN 6 THEN 'won' WHEN 7 THEN 'lost' ELSE 'open' END, count(*), sum(d.amount)"
        " FROM pipeline_deal d JOIN pipeline_stage s ON s.id = d.stage_id GROUP BY 1 ORDER BY 1"
    )
    assert same(by_stage, known["mapped_owner"])


def test_the_funnel_of_first_entries(bank, known):
    names = ("t_sub", "t_pre", "t_acc", "t_fin", "t_sent", "t_back", "t_app")
    assert same(of_cases(", ".join(f"count({name})" for name in names)), known["funnel"])


def test_cycles_and_stage_times(bank, known):
    days = f"extract(epoch FROM {CLOSED} - t_sub) / 86400"
    outcome = (
        "CASE WHEN t_app IS NOT NULL THEN 'won' WHEN t_dec IS NOT NULL THEN 'declined' ELSE 'cancelled' END"
    )
    found = of_cases(
        f"{outcome}, count(*), round(avg({days}), 6), round({MEDIAN.format(days)}::numeric, 6)",
        f"WHERE {CLOSED} IS NOT NULL GROUP BY 1 ORDER BY 1",
    )
    assert same(found, known["cycle"])
    steps = [("t_sub", "t_pre"), ("t_pre", "t_acc"), ("t_acc", "t_fin"), ("t_fin", "t_sent"), ("t_sent", "t_back"),
             ("t_back", "t_app")]  # fmt: skip
    averages = ", ".join(f"round(avg({hours(*step)}), 4)" for step in steps)
    medians = ", ".join(f"round({MEDIAN.format(hours(*step))}::numeric, 4)" for step in steps[-2:])
    assert same(of_cases(f"{averages}, {medians}", "WHERE t_app IS NOT NULL"), known["stage_velocity_won"])


def test_proposals_answered(bank, known):
    found = of_cases(
        "count(*), count(*) FILTER (WHERE t_back >= t_sent),"
        " round(100.0 * count(*) FILTER (WHERE t_back >= t_sent) / count(*), 4),"
        f" round(({MEDIAN.format(hours('t_sent', 't_back'))} FILTER (WHERE t_back >= t_sent))::numeric, 4)",
        "WHERE t_sent IS NOT NULL",
    )
    assert same(found, known["offer_reply_rate"])
    mails = rows(
        "WITH mail AS (SELECT direction, lead(direction) OVER (PARTITION BY deal_id ORDER BY external_id::int) AS next"
        " FROM pipeline_activity WHERE kind = 2) SELECT count(*) FILTER (WHERE direction = 1),"
        " count(*) FILTER (WHERE direction = 1 AND next = 2), round(100.0 * count(*) FILTER"
        " (WHERE direction = 1 AND next = 2) / count(*) FILTER (WHERE direction = 1), 4) FROM mail"
    )
    assert same(mails, known["mapped_email_reply"])


def test_only_deals_with_an_offer_are_qualified(bank, known):
    found = rows(
        "SELECT e.outcome, count(*) FROM pipeline_episode e WHERE e.qualified_day IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    # offers went to 5,015 of 13,087 cases: 2,246 won, 2,442 lost after an offer, the rest still open
    assert dict(map(tuple, found)) == {0: 5015 - 2246 - 2442, 1: 2246, 2: 2442}
    [[_closed, with_offer, won, rate]] = known["win_rate"]
    assert (with_offer, won, rate) == (5015, 2246, pytest.approx(100 * 2246 / (2246 + 2442), abs=1e-4))


def test_follow_up_calls_per_rep_and_type(bank, known):
    found = rows(
        "SELECT r.external_id, count(*) AS calls, count(DISTINCT a.deal_id) FROM pipeline_activity a"
        " JOIN pipeline_rep r ON r.id = a.rep_id WHERE a.kind = 1 AND a.type = 'W_Nabellen offertes'"
        ' GROUP BY 1 ORDER BY calls DESC, r.external_id COLLATE "C" LIMIT 15'
    )
    assert same(found, known["calls_per_rep_top15"])
    by_type = rows(
        "SELECT type, count(*), count(DISTINCT rep_id) FROM pipeline_activity WHERE kind = 1 GROUP BY 1 ORDER BY 1"
    )
    without_rep = {
        "W_Afhandelen leads": 817,
        "W_Completeren aanvraag": 3040,
        "W_Nabellen incomplete dossiers": 971,
        "W_Nabellen offertes": 3129,
    }
    assert [[name, count + without_rep[name], reps] for name, count, reps in by_type] == [
        [name, starts, reps] for name, starts, _cases, reps in known["calls"]
    ]


def test_owners_and_what_they_won(bank, known):
    found = of_cases(
        "owner, count(*), count(t_app), coalesce(sum(amount) FILTER (WHERE t_app IS NOT NULL), 0)",
        'WHERE owner IS NOT NULL GROUP BY 1 ORDER BY owner COLLATE "C"',
    )
    assert same(found, known["owner_win_all"])


def test_months_follow_the_organisations_clock(bank, known):
    local = "t_app AT TIME ZONE 'Europe/Amsterdam'"
    found = of_cases(f"to_char({local}, 'YYYY\"-Q\"Q'), count(*), sum(amount)",
                     "WHERE t_app IS NOT NULL GROUP BY 1 ORDER BY 1")  # fmt: skip
    assert same(found, known["won_by_quarter_local"])
    created = rows(
        "SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM'),"
        " to_char(created_at AT TIME ZONE 'Europe/Amsterdam', 'YYYY-MM'), count(*)"
        " FROM pipeline_deal GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert same(created, known["tz_created"])


def test_the_same_again_changes_nothing(bank):
    report = take("bpic2012", "bpic2012").report
    assert {(one["added"], one["changed"]) for one in report["tables"].values()} == {(0, 0)}
