"""reply_rate: people who answered within the reply window / people mailed and not bounced."""

import pytest


@pytest.fixture
def people(world):
    return [world.contact(f"Person {number}") for number in range(1, 9)]


def figures(world, who, period):
    reading = world.reading("reply_rate", who, period)
    return reading.numerator, reading.denominator, reading.numbers["inside"]


def test_reply_rate_counts_people_not_mails(world, people):
    """
    | person | Ada's mails in March | answer                         | counted |
    |--------|----------------------|--------------------------------|---------|
    | 1      | 2nd                  | 4th                            | 1 of 1  |
    | 2      | 2nd, 5th, 9th        | 10th                           | 1 of 1  |
    | 3      | 2nd                  | none, but Ada's own follow-up  | 0 of 1  |
    | 4      | 2nd                  | out of office, 2nd             | 0 of 1  |
    | 5      | 2nd                  | 17th, a day late               | 0 of 1  |
    | 6      | 2nd, bounced         |                                | no      |
    | 7      | 2nd, only copied in  | 3rd                            | no      |
    | 8      | none                 | writes on the 3rd              | no      |
    """
    one, two, three, four, five, six, seven, eight = people
    for person in (one, two, three, four, five):
        world.mail(world.ada, "2026-03-02 09:00", person)
    world.mail(world.ada, "2026-03-05 09:00", two)
    world.mail(world.ada, "2026-03-09 09:00", two)
    world.mail(world.ada, "2026-03-06 09:00", three)
    world.mail(world.ada, "2026-03-02 09:00", six, outcome="bounced")
    world.mail(world.ada, "2026-03-02 10:00", (seven, "cc"))
    world.answer(world.ada, "2026-03-04 09:00", one)
    world.answer(world.ada, "2026-03-10 09:00", two)
    world.answer(world.ada, "2026-03-02 09:01", four, outcome="auto_reply")
    world.answer(world.ada, "2026-03-17 09:00", five)
    world.answer(world.ada, "2026-03-03 09:00", seven)
    world.answer(world.ada, "2026-03-03 09:00", eight)
    reading = world.reading("reply_rate", world.ada, "2026-03")
    assert (reading.numerator, reading.denominator, reading.value) == (2, 5, 0.4)
    assert reading.sentence == "2 of 5 people mailed answered in time"
    assert reading.beside["sent"][1] == 8
    rows = world.evidence("reply_rate", world.ada, "2026-03").counted
    assert {row.contact.name for row in rows if row.is_hit} == {"Person 1", "Person 2"}
    assert {row.contact.name: row.answer_days for row in rows}["Person 2"] == 8.0


def test_the_window_ends_with_its_last_instant(world, people):
    """Fourteen days of 24 hours after 2 March 09:00 is 16 March 09:00; the day the clock changes is 23 hours long.

    | person | mailed        | answered            | after            | in time |
    |--------|---------------|---------------------|------------------|---------|
    | 1      | 2 March 09:00 | 16 March 09:00:00   | 14 d             | yes     |
    | 2      | 2 March 09:00 | 16 March 09:00:01   | 14 d 1 s         | no      |
    | 3      | 20 March 09:00 | 3 April 10:00 local | 14 d, as 23 + 1 h | yes    |
    | 4      | 20 March 09:00 | 3 April 10:00:01    | 14 d 1 s         | no      |
    """
    for person, mailed, answered in zip(
        people,
        ("2026-03-02 09:00", "2026-03-02 09:00", "2026-03-20 09:00", "2026-03-20 09:00"),
        ("2026-03-16 09:00:00", "2026-03-16 09:00:01", "2026-04-03 10:00:00", "2026-04-03 10:00:01"),
        strict=False,
    ):
        world.mail(world.ada, mailed, person)
        world.answer(world.ada, answered, person)
    rows = world.evidence("reply_rate", world.ada, "2026-03").counted
    assert {row.contact.name for row in rows if row.is_hit} == {"Person 1", "Person 3"}
    assert figures(world, world.ada, "2026-03") == (2, 4, 0)


def test_people_whose_window_has_not_passed_are_in_neither_number(world, people):
    """Today is 15 June: mailed on 31 May has passed (day 14 is 14 June), mailed on 1 June is inside until tonight.

    The one of 1 June has already answered, and is apart all the same.
    """
    one, two, three = people[:3]
    world.mail(world.ada, "2026-05-31 23:30", one)
    world.mail(world.ada, "2026-06-01 00:00", two)
    world.mail(world.ada, "2026-06-10 09:00", three)
    world.answer(world.ada, "2026-06-02 09:00", two)
    reading = world.reading("reply_rate", world.ada, "2026")
    assert (reading.numerator, reading.denominator, reading.value) == (0, 1, 0.0)
    assert reading.sentence == ("0 of 1 people mailed answered in time; 2 more are still inside the window")
    assert world.left_out("reply_rate", world.ada, "2026") == {"still inside the window": 2}
    june = world.reading("reply_rate", world.ada, "2026-06")
    assert (june.value, june.reason) == (None, "maturing")
    assert june.reason_text == "too early: the window has not passed yet"


def test_a_window_matures_overnight(world, people, now):
    """On 16 June the mail of 1 June has had its fourteen days."""
    world.mail(world.ada, "2026-06-01 09:00", people[0])
    world.answer(world.ada, "2026-06-02 09:00", people[0])
    assert figures(world, world.ada, "2026-06-01..2026-06-02") == (0, 0, 1)
    now.move_to("2026-06-15T21:59:59Z")
    assert figures(world, world.ada, "2026-06-01..2026-06-02") == (0, 0, 1)
    now.move_to("2026-06-15T22:00:00Z")
    assert figures(world, world.ada, "2026-06-01..2026-06-02") == (1, 1, 0)


def test_each_period_has_a_cohort_of_its_own(world, people):
    """Person 1 is mailed on 30 March and 13 April and answers on 14 April, 15 days after the first.

    March: 0 of 1. April starts a clock of its own: 1 of 1. The half year knows the first mail only: 0 of 1.
    """
    world.mail(world.ada, "2026-03-30 09:00", people[0])
    world.mail(world.ada, "2026-04-13 09:00", people[0])
    world.answer(world.ada, "2026-04-14 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)
    assert figures(world, world.ada, "2026-04") == (1, 1, 0)
    assert (
        figures(world, world.ada, "2026-01-01..2026-07-01") == figures(world, world.ada, "2026") == (0, 1, 0)
    )


def test_an_answer_to_a_second_mail_within_the_first_s_window_counts(world, people):
    """Mailed on 2 and 12 March, answered on 13 March: 11 days after the first."""
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.mail(world.ada, "2026-03-12 09:00", people[0])
    world.answer(world.ada, "2026-03-13 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (1, 1, 0)


def test_a_mail_from_before_the_first_is_no_answer_to_it(world, people):
    world.answer(world.ada, "2026-03-01 09:00", people[0])
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)


def test_a_reply_in_the_thread_counts_even_from_a_sender_nobody_knows(world, people):
    """One mail to two people; the reply's sender is not on file. It answers for the mail, hence for both."""
    sent = world.mail(world.ada, "2026-03-02 09:00", people[0], people[1])
    world.answer(world.ada, "2026-03-03 09:00", in_reply_to=sent)
    assert figures(world, world.ada, "2026-03") == (2, 2, 0)


def test_an_own_follow_up_in_the_thread_is_no_answer(world, people):
    sent = world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.mail(world.ada, "2026-03-04 09:00", people[0], in_reply_to=sent)
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)


def test_a_bounce_of_one_addressee_leaves_the_other(world, people):
    """A mail to two people of whom one bounced: one person mailed."""
    sent = world.mail(world.ada, "2026-03-02 09:00", people[0], people[1])
    sent.people.filter(contact=people[1]).update(outcome=6)
    world.answer(world.ada, "2026-03-03 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (1, 1, 0)


def test_the_clock_is_the_rep_s_own(world, people):
    """Ada mails person 1 on 2 March, Ben on 20 March; the answer of 25 March is late for Ada, in time for Ben.

    North adds both: 1 of 2.
    """
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.mail(world.ben, "2026-03-20 09:00", people[0])
    world.answer(world.ben, "2026-03-25 09:00", people[0])
    found = [figures(world, who, "2026-03") for who in (world.ada, world.ben, world.north, None)]
    assert found == [(0, 1, 0), (1, 1, 0), (1, 2, 0), (1, 2, 0)]


def test_a_person_counts_for_the_team_of_the_rep_s_first_mail(world, people):
    """Ada mails person 1 on 10 March from North and on 20 March from South, person 2 only from South."""
    world.moves(world.ada, north="2026-01-01", south="2026-03-16")
    world.mail(world.ada, "2026-03-10 09:00", people[0])
    world.mail(world.ada, "2026-03-20 09:00", people[0])
    world.mail(world.ada, "2026-03-20 10:00", people[1])
    world.answer(world.ada, "2026-03-21 09:00", people[0])
    found = [figures(world, who, "2026-03") for who in (world.ada, world.north, world.south)]
    assert found == [(1, 2, 0), (1, 1, 0), (0, 1, 0)]


def test_the_same_message_and_internal_mails_mail_nobody_twice(world, people):
    """The copy of a message is left out; so is a mail within the organisation."""
    world.mail(world.ada, "2026-03-02 09:00", people[0], provider_id="<a@adige.example>")
    world.mail(world.ada, "2026-03-02 09:00", people[0], provider_id="<a@adige.example>")
    world.mail(world.ada, "2026-03-02 10:00", people[1], is_internal=True)
    reading = world.reading("reply_rate", world.ada, "2026-03")
    assert (reading.denominator, reading.beside["sent"][1]) == (1, 1)
    assert world.left_out("reply_rate", world.ada, "2026-03") == {"logged twice": 1, "internal only": 1}


def test_the_reply_window_is_a_setting_that_holds_from_its_day(world, people):
    """Seven days from April on: ten days are in time for a mail of 31 March and late for one of 1 April."""
    world.setting("reply_window_days", "7", "2026-04-01")
    world.mail(world.ada, "2026-03-31 23:30", people[0])
    world.mail(world.ada, "2026-04-01 00:00", people[1])
    world.answer(world.ada, "2026-04-10 09:00", people[0])
    world.answer(world.ada, "2026-04-10 09:00", people[1])
    assert figures(world, world.ada, "2026-03") == (1, 1, 0)
    assert figures(world, world.ada, "2026-04") == (0, 1, 0)


def test_reply_rate_takes_mails_by_rome_s_days(world, people):
    """Rome's March is [28 Feb 23:00Z, 31 March 22:00Z)."""
    for person, at in zip(
        people,
        ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        strict=False,
    ):
        world.mail(world.ada, at, person)
    assert [figures(world, world.ada, f"2026-0{m}")[1] for m in (2, 3, 4)] == [1, 2, 1]


def test_reply_rate_says_why_there_is_no_figure(world, people):
    assert world.reading("reply_rate", world.ada, "2026-03").reason == "not_captured"
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    ada, ben = (world.reading("reply_rate", rep, "2026-03") for rep in (world.ada, world.ben))
    assert (ada.value, ada.low) == (0.0, 0.0)
    assert (ben.value, ben.reason) == (None, "no_denominator")


def test_an_answer_that_arrives_later_changes_a_figure_already_computed(world, people):
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)
    world.answer(None, "2026-03-05 09:00", people[0])
    assert figures(world, world.ada, "2026-03") == (1, 1, 0)


def test_a_second_copy_of_a_reply_is_no_other_reply(world, people):
    """From a sender not on file, learnt first as of the 17th, a day late; another server's copy says the 10th."""
    sent = world.mail(world.ada, "2026-03-02 09:00", people[0])
    for at in ("2026-03-17 09:00", "2026-03-10 09:00"):
        world.answer(world.ada, at, in_reply_to=sent, provider_id="<1@brenta.example>")
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)


def test_what_arrives_in_the_same_instant_answers_nothing_a_microsecond_later_does(world, people):
    """Clocks that say the second only: a mail of the very same instant may have come before."""
    for person, at in zip(people, ("09:00:00", "09:00:00.000001"), strict=False):
        world.mail(world.ada, "2026-03-02 09:00", person)
        world.answer(world.ada, f"2026-03-02 {at}", person)
    rows = world.evidence("reply_rate", world.ada, "2026-03").counted
    assert {row.contact.name for row in rows if row.is_hit} == {"Person 2"}


def test_a_text_or_a_call_is_no_answer_to_a_mail(world, people):
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.activity(3, world.ada, "2026-03-03 09:00", (people[0], "from"), direction="in")
    world.call(world.ada, "2026-03-03 10:00", people[0], direction="in", outcome="reached")
    assert figures(world, world.ada, "2026-03") == (0, 1, 0)


def test_an_answer_to_a_colleague_answers_the_rep_as_well(world, people):
    """Both mailed person 1; the answer went to Ben. It is the person's first mail to us after either's."""
    world.mail(world.ada, "2026-03-02 09:00", people[0])
    world.mail(world.ben, "2026-03-03 09:00", people[0])
    world.answer(world.ben, "2026-03-04 09:00", people[0])
    assert [figures(world, rep, "2026-03") for rep in (world.ada, world.ben)] == [(1, 1, 0), (1, 1, 0)]
