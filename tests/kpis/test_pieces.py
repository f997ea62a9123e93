"""Pieces add up: numbers are summed, samples appended, sets united, visits kept apart by stage."""

from kpis.pieces import merged


def test_numbers_are_added_place_by_place():
    assert merged([{"win_rate": [1, 4]}, {"win_rate": [2, 3]}]) == {"win_rate": [3, 7]}


def test_samples_are_appended_and_sorted():
    assert merged([{"cycle": {"v": [9, 1]}}, {"cycle": {"v": [4, 1]}}]) == {"cycle": {"v": [1, 1, 4, 9]}}


def test_a_company_both_touched_is_one():
    assert merged([{"companies": {"s": [7, 3]}}, {"companies": {"s": [3]}}]) == {"companies": {"s": [3, 7]}}


def test_visits_are_kept_by_stage_and_by_how_they_stand():
    ada, ben = {"visits": {"g": {"2": [[5], [1]]}}}, {"visits": {"g": {"2": [[3], []], "1": [[], [8]]}}}
    assert merged([ada, ben]) == {"visits": {"g": {"1": [[], [8]], "2": [[3, 5], [1]]}}}


def test_what_only_one_has_is_kept():
    assert merged([{"a": [1]}, {"b": [2]}, {}]) == {"a": [1], "b": [2]}
    assert merged([]) == {}


def test_the_order_of_the_parts_makes_no_difference():
    parts = [
        {"n": [1, 2], "v": {"v": [3]}, "s": {"s": [1]}, "g": {"g": {"1": [[2], []]}}},
        {"n": [5, 0], "v": {"v": [1, 2]}, "s": {"s": [2, 1]}, "g": {"g": {"1": [[1], [4]]}}},
        {"n": [0, 1], "g": {"g": {"3": [[], [9]]}}},
    ]
    assert merged(parts) == merged(parts[::-1]) == merged([merged(parts[:2]), parts[2]])


def test_merging_changes_none_of_the_parts():
    def part():
        return {"g": {"g": {"1": [[2], []]}}, "v": {"v": [3]}, "s": {"s": [4]}, "n": [1]}

    one, two = part(), part()
    merged([one, two])
    assert (one, two) == (part(), part())
