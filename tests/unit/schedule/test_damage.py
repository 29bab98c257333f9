"""Keys that no longer stand beside their rows are seen, and can be put back."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.schedule.damage import Damage, Harm, find_damage
from tasks.schedule.fields import Field
from tasks.schedule.table import SheetRow

PEOPLE = ["佐藤", "鈴木", "高橋"]
STATES = ["受注", "進行中", "完了"]


def project(n: int) -> dict[Field, str]:
    """Return a project as offices have them: many share people and states, none all fields."""
    return {
        Field.CUSTOMER: f"客先{n % 7}",
        Field.NAME: f"金型 {n}",
        Field.DUE: f"2026-12-{n % 28 + 1:02}",
        Field.PERSON: PEOPLE[n % 3],
        Field.STATE: STATES[n % 3],
        Field.AMOUNT: str(n * 1000),
    }


def sheet(count: int) -> tuple[list[SheetRow], dict[str, dict[Field, str]]]:
    base = {f"P-{n}": project(n) for n in range(count)}
    return [SheetRow(n + 2, f"P-{n}", project(n)) for n in range(count)], base


def found(rows: list[SheetRow], base: dict[str, dict[Field, str]]) -> Damage | None:
    return find_damage(rows, base, base)


@given(st.integers(4, 40), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_rows_sorted_without_their_keys_get_their_keys_back(
    count: int, chance: random.Random
) -> None:
    rows, base = sheet(count)
    first, last = sorted(chance.sample(range(count), 2))
    block = rows[first : last + 1]
    moved = [row.values for row in block]
    chance.shuffle(moved)
    rows[first : last + 1] = [
        SheetRow(row.number, row.key, values) for row, values in zip(block, moved, strict=True)
    ]
    damage = found(rows, base)
    if all(row.values == base[row.key] for row in rows):
        assert damage is None
        return
    assert damage is not None
    assert damage.harm is Harm.MOVED
    keys = {row.number: row.key for row in rows} | {row.number: key for row, key in damage.repairs}
    assert all(base[keys[row.number]] == row.values for row in rows)


def test_a_sort_of_the_whole_table_is_no_damage() -> None:
    rows, base = sheet(20)
    assert found(rows[::-1], base) is None


def test_ordinary_editing_is_no_damage() -> None:
    rows, base = sheet(20)
    for at in range(10):
        values = {**rows[at].values, Field.STATE: "完了", Field.NOTE: "検収済み"}
        rows[at] = SheetRow(rows[at].number, rows[at].key, values)
    rows[11] = SheetRow(13, "P-11", project(99))
    assert found(rows, base) is None, "one row was used for something else"


def test_filling_in_what_was_empty_is_no_damage() -> None:
    full, _ = sheet(6)
    base = {row.key: {Field.NAME: row.values[Field.NAME], Field.DUE: ""} for row in full}
    assert found(full, base) is None


def test_one_column_that_was_sorted_alone_is_seen() -> None:
    rows, base = sheet(10)
    amounts = sorted((row.values[Field.AMOUNT] for row in rows), reverse=True)
    rows = [
        SheetRow(row.number, row.key, {**row.values, Field.AMOUNT: amount})
        for row, amount in zip(rows, amounts, strict=True)
    ]
    damage = found(rows, base)
    assert damage is not None
    assert damage.harm is Harm.MOVED
    assert not damage.repairs, "the keys are where they belong"


def test_a_copied_row_loses_the_key_and_the_original_keeps_it() -> None:
    rows, base = sheet(5)
    copy = SheetRow(9, "P-2", {**project(2), Field.DUE: "2027-03-01"})
    damage = found([copy, *rows], base)
    assert damage is not None
    assert damage.harm is Harm.TWICE
    assert damage.repairs == ((copy, ""),)


def test_rows_that_are_mostly_gone_are_one_question() -> None:
    rows, base = sheet(20)
    damage = found(rows[:8], base)
    assert damage is not None
    assert damage.harm is Harm.GONE
    assert len(damage.keys) == 12
    assert found(rows[:17], base) is None, "a few that were deleted are asked about one by one"


def test_the_same_damage_is_known_again_wherever_it_stands() -> None:
    rows, base = sheet(8)
    swapped = [
        SheetRow(2, "P-0", project(1)),
        SheetRow(3, "P-1", project(0)),
        *rows[2:],
    ]
    lower = [SheetRow(row.number + 3, row.key, row.values) for row in swapped]
    first, second = found(swapped, base), found(lower, base)
    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint


def test_what_kakari_wrote_before_it_was_stopped_is_no_damage() -> None:
    rows, base = sheet(6)
    ledger = base | {f"P-{n}": project(n + 50) for n in range(3)}
    written = [SheetRow(row.number, row.key, ledger[row.key]) for row in rows]
    assert find_damage(written, base, ledger) is None


@pytest.mark.parametrize("count", [2000])
def test_a_large_table_is_looked_through_in_no_time(count: int) -> None:
    rows, base = sheet(count)
    rows = [
        SheetRow(row.number, row.key, other.values)
        for row, other in zip(rows, [*rows[7:], *rows[:7]], strict=True)
    ]
    damage = found(rows, base)
    assert damage is not None
    assert len(damage.repairs) == count


def test_a_cell_filled_down_twenty_thousand_rows_is_compared_in_a_moment() -> None:
    base = {
        f"P-{n}": {Field.CUSTOMER: "a", Field.NAME: "b", Field.STATE: "c"} for n in range(20_000)
    }
    filled = {Field.CUSTOMER: "x", Field.NAME: "x", Field.STATE: "c"}
    begun = time.thread_time()
    damage = find_damage([SheetRow(n, key, filled) for n, key in enumerate(base, 2)], base, base)
    assert time.thread_time() - begun < 10, "each with each takes eleven minutes"
    assert damage
    assert damage.harm is Harm.MOVED
    assert damage.repairs == ()
