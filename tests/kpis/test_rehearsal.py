"""Flags on invented weeks whose truth is known: the promise holds, and what differs is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpis.judging.discovery import FALSE_SHARE
from kpis.judging.rehearsal import Setting, Tally, rehearse

# Of 150 weeks at the promised rate a share of 10 % + 2 × √(0.1 × 0.9 / 150) = 14.9 % may come by chance.
WEEKS, MARGIN = 150, 0.049


def tally(weeks=WEEKS, seed=1, **setting) -> Tally:
    *_before, found = rehearse(Setting(**setting), weeks, seed)
    return found


@pytest.mark.parametrize("spread", [0.0, 0.2, 0.35])
def test_without_real_differences_the_promise_holds(spread):
    """Also where reps differ as a rule, by a fifth or a third, and in all their KPIs alike."""
    found = tally(spread=spread)
    assert found.false_share <= FALSE_SHARE + MARGIN
    assert found.false_per_comparison < 0.005
    assert found.comparisons == WEEKS * 12 * 10


def test_it_holds_among_few_reps_too():
    assert tally(reps=6, spread=0.3).false_share <= FALSE_SHARE + MARGIN


def test_among_real_differences_few_flags_are_wrong():
    found = tally(weeks=80, effect=0.5, spread=0.15)
    assert found.false_share <= FALSE_SHARE
    assert found.found.total() > 5 * found.wrong


def test_what_differs_is_found_more_often_the_more_it_differs():
    """A tenth as high is found by far more often than half as high; chance alone finds next to nothing."""
    half, tenth = (tally(weeks=40, effect=effect).power for effect in (0.5, 0.9))
    assert tenth["counts"] > half["counts"] > 0.1
    assert tenth["share"] > 2 * half["share"] > 0


def test_a_plain_threshold_would_break_the_promise(monkeypatch):
    """What the machinery is for: with every p below 5 % a flag, most weeks would have a false one."""
    monkeypatch.setattr(
        "kpis.judging.decision.discoveries", lambda ps: {n for n, p in enumerate(ps) if p <= 0.05}
    )
    assert tally(weeks=20).weeks_with_wrong > 15


def test_the_same_seed_gives_the_same_weeks():
    assert tally(weeks=5, effect=0.5) == tally(weeks=5, effect=0.5)
    assert tally(weeks=5, effect=0.5) != tally(weeks=5, effect=0.5, seed=2)


def test_the_command_prints_the_promise_and_what_was_found():
    out = StringIO()
    call_command("simulate_flags", weeks=3, reps=6, kpis=4, effect=0.5, verbosity=0, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("3 weeks, 72 comparisons, ")
    assert any(
        line.startswith("false discovery rate: ") and "promised: 10% at most" in line for line in lines
    )
    assert any(line.strip().startswith("counts") for line in lines)


def test_too_few_reps_are_refused():
    with pytest.raises(CommandError):
        call_command("simulate_flags", weeks=1, reps=4, verbosity=0)
