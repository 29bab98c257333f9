"""What people can type is taken at its longest, or refused with a sentence of ours, on any database."""

import json
from typing import Any

import pytest
from annotated_types import MaxLen
from sqlalchemy import select

from cards.sentences import Sentence
from errors.asking import AskingError, TooLong
from errors.document import NotADay
from ledger.database import Ledger
from ledger.models import Job
from tasks.base import Request
from tasks.invoice.task import InvoicePage
from tasks.party.task import PartyRequest
from tasks.project.pages import FirstPage
from tasks.quote.task import QuotePage
from tests.scenario.front_desk import JOBS, Desk
from tests.unit.bot import events

RARE = "𠮷"
"""Four bytes in UTF-8."""
UNEXPECTED = Sentence("Something unexpected", "予期しない問題")
LINE = {"text": RARE * 200, "quantity": "1", "unit": RARE * 10, "price": "1"}
FORMS: dict[str, tuple[type[Request], dict[str, str]]] = {
    "project": (FirstPage, {"template": "memo", "name": RARE * 50, "customer": RARE * 50}),
    "party": (PartyRequest, {"terms": "月末締め翌月末払い", "registration": ""}),
    "quote": (QuotePage, {"issued": "", "valid_until": "", "currency": "JPY"}),
    "invoice": (InvoicePage, {"issued": "", "month": "", "currency": "JPY"}),
}
"""By task, its first page and what of it is no free text."""


def longest(model: type[Request]) -> dict[str, str]:
    """Return a page on which each text is as long as it may be."""
    bounds = {
        name: note.max_length
        for name, info in model.model_fields.items()
        for note in info.metadata
        if isinstance(note, MaxLen)
    }
    return {name: RARE * most for name, most in bounds.items()}


def said(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("task", FORMS)
def test_a_form_of_the_longest_texts_becomes_a_request(
    desk: Desk, ledger: Ledger, task: str
) -> None:
    model, given = FORMS[task]
    page = longest(model) | given
    lines = task in ("quote", "invoice")
    pages = json.dumps([page] if lines else [])
    typed = {
        name: {"stringInputs": {"value": [v]}} for name, v in (LINE if lines else page).items()
    }
    parameters = {"action": "form", "task": task, "form": "f", "pages": pages}
    for body in events.click(parameters, typed, desk.moment(), **events.dialog("SUBMIT_DIALOG")):
        desk.answer(body)
    with ledger.read() as tx:
        kept = tx.scalars(select(Job).where(Job.id.not_in(JOBS))).one()
    assert kept.task == task
    assert RARE * 50 in kept.subject
    assert len(kept.subject) <= 200


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("0000-01", NotADay(text="0000-01")),
        ("10000-01-01", None),
        ("9999-12-31", NotADay(text="9999-12-31")),
        ("9" * 5000, TooLong(most=200)),
        ("1" + "9" * 12_000 + "x", TooLong(most=200)),
        ("9223372036854775808", None),
        ("-9223372036854775808", None),
        ("9" * 200, None),
        ("a " * 16_000, TooLong(most=200)),
        ("\u0301\u0316" * 16_000, TooLong(most=200)),
        ("\0\x1b[2J", None),
    ],
)
def test_whatever_is_looked_for_there_is_a_sentence(
    desk: Desk, words: str, error: AskingError | None
) -> None:
    told = said(desk.answer(events.mention(f"find {words}")[0]))
    assert UNEXPECTED.ja not in told
    assert error is None or error.say("ja") in told
    for body in events.click({"action": "find", "text": words}, time=desk.moment()):
        assert UNEXPECTED.ja not in said(desk.answer(body))


@pytest.mark.parametrize("query", ["audit", "approve", "cancel", "retry", "undo", "jobs"])
def test_ten_thousand_words_are_too_many_for_any_query(desk: Desk, query: str) -> None:
    told = said(desk.answer(events.mention(f"{query} " + "a " * 10_000)[0]))
    assert TooLong(most=200).say("ja") in told


def test_a_nul_within_the_pages_of_a_form_is_seen_and_refused_where_it_cannot_be(
    desk: Desk, ledger: Ledger
) -> None:
    pages = '[{"party": "A\\u0000B\\ud800", "subject": "\\u001b[2J"}]'
    parameters = {"action": "form", "task": "quote", "form": "f", "pages": pages}
    typed = {name: {"stringInputs": {"value": [v]}} for name, v in LINE.items()}
    for body in events.click(parameters, typed, desk.moment(), **events.dialog("SUBMIT_DIALOG")):
        desk.answer(body)
    with ledger.read() as tx:
        kept = tx.scalars(select(Job).where(Job.id.not_in(JOBS))).one()
    assert kept.subject == "A␀B? ␛[2J"
    assert kept.request["party"] == "A␀B?"
