"""Real mail with true threading: the product's own reply logic finds the answers the headers prove, mail by mail."""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
import time_machine
from django.db import connection, transaction

from kpis.free import computed
from kpis.periods import Calendar
from kpis.subjects import Subject
from pipeline.intake.importing import import_records
from pipeline.intake.mapping import load
from pipeline.models import Rep, Setting
from tests.realdata.published import DATA, HERE, answers, needs, rows

pytestmark = needs("list_threads")

EVER = "1900-01-01..2010-01-02"


class Archive:
    """The headers as they lie there, and which mail is whose child; nothing of the product is used here."""

    def __init__(self):
        with gzip.open(DATA / "list_threads/dev_before_2010.csv.gz", "rt", encoding="utf-8", newline="") as f:
            self.rows = list(csv.DictReader(f))
        for row in self.rows:
            row["parent"] = row["in_reply_to"] or row["last_reference"]
        self.first: dict[str, dict] = {}
        for row in self.rows:
            if row["message_id"]:
                self.first.setdefault(row["message_id"], row)

    @property
    def usable(self) -> list[dict]:
        """Mails with a sender and a date in a year somebody could have lived in."""
        return [row for row in self.rows if row["from_id"] and when(row)]

    def answers(self):
        """(mail, child) where the child's sender is somebody else."""
        for child in self.rows:
            mail = self.first.get(child["parent"])
            if mail and mail["from_id"] and child["from_id"] and mail["from_id"] != child["from_id"]:
                yield mail, child

    def once(self):
        """The same without second copies of a child."""
        return ((mail, child) for mail, child in self.answers() if self.is_first(child))

    def is_first(self, row: dict) -> bool:
        return self.first.get(row["message_id"]) is row


def when(row: dict) -> datetime | None:
    is_year = row["date_utc"][:4].isdigit()
    return datetime.fromisoformat(row["date_utc"]).replace(tzinfo=UTC) if is_year else None


def write(path, mails: list[tuple[str, dict]]) -> None:
    names = ["box", "seq", "message_id", "parent", "date_utc"]
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, names, extrasaction="ignore")
        table.writeheader()
        table.writerows({**row, "box": box} for box, row in mails)


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive()


@pytest.fixture(scope="module", autouse=True)
def list_of_mails(archive, django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mailboxes")
    usable = {row["seq"] for row in archive.usable}
    write(folder / "sent.csv", [(row["from_id"], row) for row in archive.usable])
    write(
        folder / "received.csv",
        [
            (mail["from_id"], child)
            for mail, child in archive.answers()
            if {mail["seq"], child["seq"]} <= usable
        ],
    )
    with (
        time_machine.travel("2010-02-01T12:00Z", tick=True),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        outcome = import_records([folder], load(HERE / "list_threads.toml"))
        assert outcome.state == "done", (outcome.report, outcome.rejects.listed[:5])
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def known():
    return answers("list_threads/oracle_dev_before_2010.json")


@pytest.fixture(scope="module")
def found(list_of_mails) -> dict[str, tuple]:
    """By the number of a mail that the product found answered: the moment, the answering mail, the days between."""
    return {
        seq: (at, answer, days)
        for seq, at, answer, days in rows(
            "SELECT m.external_id, p.answered_at, r.external_id, p.answer_days FROM pipeline_activitycontact p"
            " JOIN pipeline_activity m ON m.id = p.activity_id LEFT JOIN pipeline_activity r ON r.id = p.answer_id"
            " WHERE p.answered_at IS NOT NULL AND m.duplicate_of_id IS NULL"
        )
    }


@pytest.fixture(scope="module")
def first_answers(archive) -> dict[str, datetime]:
    """By the number of a mail: when its first child by another was written, of those dated after it."""
    truth: dict[str, datetime] = {}
    for mail, child in archive.once():
        sent, answered = when(mail), when(child)
        if sent and answered and answered > sent:
            truth[mail["seq"]] = min(answered, truth.get(mail["seq"], answered))
    return truth


def share(subject: Subject, days: int) -> list[int]:
    """[answered, mailed] of reply_rate with this window, over everything ever mailed."""
    Setting.objects.update_or_create(key="reply_window_days", from_on=None, defaults={"value": str(days)})
    period = Calendar.current().parse(EVER)
    answered, mailed, _inside = computed([subject], [period])[subject, period.key]["reply_rate"]
    return [answered, mailed]


def test_this_reading_of_the_headers_is_that_of_the_published_answers(archive, known):
    [[messages, ids, *_rest]] = known["rows"]
    assert (len(archive.rows), len(archive.first)) == (messages, ids)
    assert [[ids, len({mail["seq"] for mail, _ in archive.once()})]] == known["true_reply"]


def test_every_mail_and_its_first_answer_are_those_of_the_headers(found, first_answers):
    assert {seq: at for seq, (at, _answer, _days) in found.items()} == first_answers


def test_the_answer_named_is_a_child_by_somebody_else(archive, found):
    children = {(mail["seq"], f"received {child['seq']}") for mail, child in archive.answers()}
    assert {(seq, answer) for seq, (_at, answer, _days) in found.items()} <= children


def test_counts_and_the_median_wait_are_the_published_ones(found, known):
    days = [days for _at, _answer, days in found.values()]
    within = [sum(one <= limit for one in days) for limit in (1, 7)]
    assert [[len(days), round(24 * median(days), 4), *within]] == known["latency"]


def test_reply_rate_with_each_window_is_the_published_count(archive, known):
    [[_n, _median, in_a_day, in_a_week]] = known["latency"]
    mails = len({row["message_id"] or row["seq"] for row in archive.usable})
    with transaction.atomic():
        assert share(Subject.organisation(), 1) == [in_a_day, mails]
        assert share(Subject.organisation(), 7) == [in_a_week, mails]
        transaction.set_rollback(True)


def test_each_sender_s_answers_are_the_published_ones_but_for_broken_clocks(archive, found, known):
    """The answers know no dates. What they have more are mails answered only by mails dated no later than they are."""
    own = {row["seq"]: row["from_id"] for row in archive.first.values()}
    of_sender = Counter(own[seq] for seq in found)
    undated = Counter(own[seq] for seq in {mail["seq"] for mail, _ in archive.once()} - found.keys())
    for sender, sent, replied in known["sender_rate"]:
        assert of_sender[sender] + undated[sender] == replied, sender
        assert undated[sender] <= 0.04 * sent


def test_own_follow_ups_are_no_answers(archive, found):
    """Threads in which nobody but the writer ever wrote again."""
    followed = {
        mail["seq"]
        for child in archive.rows
        if (mail := archive.first.get(child["parent"])) and mail["from_id"] == child["from_id"]
    }
    alone = followed - {mail["seq"] for mail, _ in archive.answers()}
    assert len(alone) > 1_000
    assert not alone & found.keys()


def test_the_same_message_twice_is_sent_once(archive):
    [[repeats]] = rows(
        "SELECT count(*) FROM pipeline_activity WHERE direction = 1 AND duplicate_of_id IS NOT NULL"
    )
    ids = Counter(row["message_id"] for row in archive.usable if row["message_id"])
    assert repeats == sum(ids.values()) - len(ids) == 15
    period = Calendar.current().parse(EVER)
    subject = Subject.organisation()
    [sent] = computed([subject], [period])[subject, period.key]["emails_sent"]
    assert sent == len(archive.usable) - repeats


def test_reply_rate_of_the_busiest_senders_is_true_threading(first_answers, archive, known):
    """Answered within a week, of what each sent; every mail of theirs bears a date."""
    in_time = Counter(
        mail["from_id"]
        for mail in archive.first.values()
        if mail["seq"] in first_answers and first_answers[mail["seq"]] - when(mail) <= timedelta(days=7)
    )
    reps = {rep.external_id: rep.pk for rep in Rep.objects.all()}
    with transaction.atomic():
        for sender, sent, _replied in known["sender_rate"]:
            assert share(Subject.rep(reps[sender]), 7) == [in_time[sender], sent], sender
        transaction.set_rollback(True)
