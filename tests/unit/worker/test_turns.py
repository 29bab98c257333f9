"""Spaces are served in turns, however much is owed to some of them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from worker.turns import Turns, turns

APART = 1 / 0.95
"""Seconds between two writes in a space."""


def test_a_space_whose_turn_has_not_come_holds_nobody_up() -> None:
    assert turns({"busy": -100.0, "idle": -0.1}, {"busy": 0.7, "idle": -60.0}) == Turns(
        ["idle"], 0.7
    )


def test_who_could_have_been_served_first_is_served_first() -> None:
    due_in = {"busy": -100.0, "late": -0.2, "early": -0.3}
    turn_in = {"busy": -0.1, "late": -60.0, "early": -60.0}
    assert turns(due_in, turn_in).ready == ["early", "late", "busy"]


def test_what_is_owed_soon_is_waited_for_to_the_moment() -> None:
    found = turns({"a": 0.4, "b": 0.6}, {"a": -60.0, "b": 0.2})
    assert (found.ready, found.next_in) == ([], 0.4)


def test_where_nothing_is_owed_nothing_is_waited_for() -> None:
    assert turns({}, {}) == Turns([], float("inf"))


@given(
    backlog=st.dictionaries(st.sampled_from("ABCDEFGHIJKL"), st.integers(1, 30), min_size=1),
    takes=st.floats(0.01, 0.5),
    arrives=st.floats(0, 20),
)
def test_each_space_waits_for_one_message_of_every_other_at_most(
    backlog: dict[str, int], takes: float, arrives: float
) -> None:
    """One postman, for whom a message takes so long; somebody comes to an idle space."""
    moment, free_at, left = 0.0, dict.fromkeys([*backlog, "new"], -60.0), Counter(backlog)
    meanwhile: Counter[str] = Counter()
    while True:
        due_in = {space: -moment for space, n in left.items() if n}
        if moment >= arrives:
            due_in["new"] = arrives - moment
        found = turns(due_in, {space: free_at[space] - moment for space in due_in})
        if not found.ready:
            moment = min(moment + found.next_in, arrives if moment < arrives else moment + 1)
            continue
        space = found.ready[0]
        if space == "new":
            break
        if moment >= arrives:
            meanwhile[space] += 1
        free_at[space] = moment + APART
        left[space] -= 1
        moment += takes
    assert all(n <= 1 for n in meanwhile.values()), meanwhile
    assert moment - arrives <= takes * (1 + len(backlog)) + 1e-6
