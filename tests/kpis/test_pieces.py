"""Pieces add up: numbers are summed, samples appended, sets united, visits kept apart by stage."""

import numpy as np
from hypothesis import given
from hypothesis.strategies import integers, lists

from kpis.pieces import merged, opened, pack, pack_runs, size, unpack


def v(*numbers: int) -> dict:
    return {"v": pack(numbers)}


def s(*numbers: int) -> dict:
    return {"s": pack(numbers)}


def g(**groups: list) -> dict:
    return {"g": {name[1:]: [pack(side) for side in sides] for name, sides in groups.items()}}


def test_numbers_are_added_place_by_place():
    assert merged([{"win_rate": [1, 4]}, {"win_rate": [2, 3]}]) == {"win_rate": [3, 7]}


def test_samples_are_appended_and_sorted():
    assert merged([{"cycle": v(1, 9)}, {"cycle": v(1, 4)}]) == {"cycle": v(1, 1, 4, 9)}


def test_a_company_both_touched_is_one():
    assert merged([{"companies": s(3, 7)}, {"companies": s(3)}]) == {"companies": s(3, 7)}


def test_visits_are_kept_by_stage_and_by_how_they_stand():
    ada, ben = {"visits": g(_2=[[5], [1]])}, {"visits": g(_2=[[3], []], _1=[[], [8]])}
    together = merged([ada, ben])
    assert together == {"visits": g(_1=[[], [8]], _2=[[3, 5], [1]])}
    assert opened(together["visits"]) == {"g": {"1": [[], [8]], "2": [[3, 5], [1]]}}


def test_what_only_one_has_is_kept():
    assert merged([{"a": [1]}, {"b": [2]}, {}]) == {"a": [1], "b": [2]}
    assert merged([]) == {}


def test_the_order_of_the_parts_makes_no_difference():
    parts = [
        {"n": [1, 2], "v": v(3), "s": s(1), "g": g(_1=[[2], []])},
        {"n": [5, 0], "v": v(1, 2), "s": s(1, 2), "g": g(_1=[[1], [4]])},
        {"n": [0, 1], "g": g(_3=[[], [9]])},
    ]
    assert merged(parts) == merged(parts[::-1]) == merged([merged(parts[:2]), parts[2]])


def test_merging_changes_none_of_the_parts():
    def part():
        return {"g": g(_1=[[2], []]), "v": v(3), "s": s(4), "n": [1]}

    one, two = part(), part()
    merged([one, two])
    assert (one, two) == (part(), part())


@given(lists(integers(-(2**63), 2**63 - 1)) | lists(integers(0, 2**17)))
def test_packed_numbers_come_back_as_they_went(numbers):
    text = pack(sorted(numbers))
    assert unpack(text).tolist() == sorted(numbers)
    assert size(text) == len(numbers)


@given(lists(lists(integers(-1, 2**40), min_size=1), max_size=6))
def test_runs_packed_together_are_packed_as_each_alone(runs):
    numbers = np.array([number for run in runs for number in sorted(run)], np.int64)
    lengths = np.array([len(run) for run in runs], np.int64)
    assert pack_runs(numbers, lengths.cumsum() - lengths) == [pack(sorted(run)) for run in runs]
