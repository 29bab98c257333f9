"""Whatever a text is, whoever reads it comes to an end soon, and with a sentence of ours if any."""

import importlib
import inspect
import pkgutil
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from errors import KakariError
from money.terms import Terms
from reading.text import compact, normal, visible
from tasks.base import Request
from tasks.document.pages import LinePage
from tasks.registry import all_tasks
from tasks.schedule.cells import read_cell
from tasks.schedule.fields import Field
from tests.unit.reading.nasty import nasty, slow

PACKAGES = ("bot", "cards", "ledger", "money", "reading", "tasks")
GIVEN: Mapping[str, Any] = {
    "date": date(2026, 11, 30),
    "datetime": datetime(2026, 11, 30, tzinfo=UTC),
    "ZoneInfo": ZoneInfo("Asia/Tokyo"),
    "Field": Field.DUE,
}
"""By how a parameter is annotated, what it is given."""
TEXTS = ("str", "str | float", "str | None", "str | int | float | bool", "object")
"""The annotations of what may be a foreign text."""
NO_READERS = {
    "bot.permission_file": "the office’s own file",
    "bot.signature": "has caps of its own, and fetches",
    "tasks.project": "templates are the office’s own",
}
Reader = Callable[[str], object]


@cache
def readers() -> dict[str, Reader]:
    """Return every public function of ours that takes a text and nothing that is not known here."""
    found: dict[str, Reader] = {}
    for package in PACKAGES:
        path = importlib.import_module(package).__path__
        for each in pkgutil.walk_packages(path, f"{package}."):
            if "migrations" in each.name or each.name.startswith(tuple(NO_READERS)):
                continue
            module = importlib.import_module(each.name)
            for name, value in vars(module).items():
                ours = inspect.isfunction(value) and value.__module__ == each.name
                if ours and name[0] != "_" and (reader := _reader(value)):
                    found[f"{each.name}.{name}"] = reader
    fields = {f"cell.{field}": partial(_cell, field) for field in Field}
    return found | fields | {"Terms.parse": Terms.parse}


def _reader(function: Callable[..., Any]) -> Reader | None:
    first, *more = inspect.signature(function).parameters.values() or [None]
    if first is None or _named(first) not in TEXTS:
        return None
    needed = [p for p in more if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    if any(_named(p) not in GIVEN for p in needed):
        return None
    given = {p.name: GIVEN[_named(p)] for p in needed}
    return lambda text: function(text, **given)


def _named(parameter: inspect.Parameter) -> str:
    of = parameter.annotation
    return of.__name__ if isinstance(of, type) else str(of).rpartition(".")[2]


def _cell(field: Field, text: str) -> object:
    return read_cell(field, text, GIVEN["date"])


@cache
def forms() -> dict[str, type[Request]]:
    """Return the models that dialogs are read with."""
    models = {f"{name} {task.Request.__name__}": task.Request for name, task in all_tasks().items()}
    return models | {"line": LinePage}


def test_the_search_for_readers_finds_them() -> None:
    assert len(readers()) > 40
    assert {
        "tasks.schedule.amounts.read_amount",
        "tasks.schedule.dates.read_date",
        "tasks.document.sought.sought",
        "tasks.document.day.month_in",
        "tasks.moment.moment_in",
        "tasks.file_name.file_name",
        "money.registration.registration_number",
        "ledger.parties.plain",
        "bot.wire.foreign.packed",
    } <= readers().keys()


@pytest.mark.parametrize("name", sorted(readers()))
def test_no_text_makes_a_reader_slow(name: str) -> None:
    found = (slow(readers()[name], text, Exception) for text in nasty(("", "1")))
    assert next(filter(None, found), None) is None


@pytest.mark.parametrize("name", sorted(forms()))
def test_no_text_in_a_field_makes_a_form_slow(name: str) -> None:
    model = forms()[name]

    def read(text: str) -> None:
        model.model_validate(dict.fromkeys(model.model_fields, text))

    assert [why for text in nasty() if (why := slow(read, text, ValidationError))] == []


ODD = st.sampled_from(
    [
        *("0000-01", "0000-01-01", "9999-12", "9999-12-31", "10000-01-01", "R99.12.31", "0/0"),
        *("9223372036854775808", "9" * 400, "9" * 5000, "1e308", "1e999999999", "0e999999999"),
        *("NaN", "-Infinity", "sNaN", "１e５", "٣", "²", "½", "-0", "1_000", "0x10", "--1", "¥-▲1"),
        *("\0", "\ud800", "\u202e1", "\ufeff2026-11-30", "\x1b[2J", "{}", "{0.__class__}", "%s"),
        *(
            "〜",
            "-",
            "..",
            "〜〜",
            "1〜",
            "〜9999-12-31",
            "[[[",
            '["\\u0000"]',
            "1" + "0" * 30 + "億",
        ),
    ]
)
READ = (
    *("tasks.schedule.amounts.read_amount", "tasks.schedule.dates.read_date", "Terms.parse"),
    *("tasks.document.sought.sought", "tasks.document.day.day_in", "tasks.document.day.month_in"),
    *(
        "tasks.moment.moment_in",
        "tasks.file_name.file_name",
        "money.registration.registration_number",
    ),
    *("tasks.document.pages.project_in", "tasks.document.pages.number_in", "ledger.parties.plain"),
    *("tasks.schedule.columns.plain", "tasks.registry.by_word", "bot.wire.foreign.text"),
    *(f"cell.{field}" for field in Field),
)
"""What foreign texts are read with, each of which answers or says a sentence."""


@pytest.mark.parametrize("name", READ)
@given(
    text=ODD | st.text(st.characters()) | st.from_regex(r"[0-9,.\-/年月日円万〜 ]*", fullmatch=True)
)
@example("9223372036854775808")
def test_a_reader_answers_or_says_a_sentence(name: str, text: str) -> None:
    said = ""
    try:
        readers()[name](text)
    except KakariError as error:
        said = error.say("en") + error.say("ja")
    assert len(said) < 1000


@given(st.sampled_from(list(Field)), st.floats() | st.integers() | st.integers(10**300, 10**400))
@example(Field.DUE, float("inf"))
@example(Field.DUE, float("nan"))
@example(Field.AMOUNT, 1e308)
@example(Field.ORDERED, -1e308)
@example(Field.DUE, 2**63)
def test_a_number_in_a_cell_is_read_or_is_not(field: Field, number: float) -> None:
    value = read_cell(field, number, GIVEN["date"])
    assert value is None or isinstance(value, str)


@pytest.mark.parametrize("name", sorted(forms()))
@given(text=ODD | st.text(st.characters(), max_size=20))
def test_a_form_takes_a_field_or_says_what_is_wrong_with_it(name: str, text: str) -> None:
    model = forms()[name]
    with suppress(ValidationError):
        model.model_validate(dict.fromkeys(model.model_fields, text))


@given(
    st.text(st.sampled_from("aｶﾞか\u3099 が東ﾊﾟe\u0301\u0316ﬁ①㈱x\n"), min_size=150, max_size=1500)
)
def test_a_text_is_normalized_piece_by_piece_to_the_same(text: str) -> None:
    assert normal(text) == unicodedata.normalize("NFKC", text)
    assert normal(text, "NFC") == unicodedata.normalize("NFC", text)


@given(st.text())
def test_what_is_made_visible_is_stored_everywhere_and_stays_as_it_is(text: str) -> None:
    seen = visible(text)
    assert "\0" not in seen.encode().decode()
    assert visible(seen) == seen
    assert len(seen) == len(text)


def test_blanks_of_every_kind_are_taken_out() -> None:
    assert compact(" 1\t2\u30003\u200b4\u00a05\ufeff6\r\n") == "123456"
