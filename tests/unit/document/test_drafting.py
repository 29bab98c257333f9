"""What requests for documents become, and what is refused before a number is drawn."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from effects.base import World
from effects.document import Document as Issuing
from effects.registry import kind
from errors import KakariError
from errors.document import (
    AlreadyInvoiced,
    DocumentUnknown,
    IssuerIsSample,
    NotAnInvoice,
    NothingBefore,
    NothingDelivered,
    NotIssued,
    NotWithheld,
    PriceModesMixed,
    ProjectUnknown,
    QuoteExpired,
    SellerNotRegistered,
    SignOfReturn,
    TakenSince,
    Unprintable,
)
from errors.money import NothingToDiscount, TooMuchMoney, YenRateMissing
from ledger import documents, jobs, parties, steering
from ledger.database import Ledger, now
from ledger.plan import Plan
from tasks.base import Look, Setting
from tasks.document.accounting import Books, OwnRegister
from tasks.document.day import day_in
from tasks.document.document import DocumentKind
from tasks.document.issue import slot_for
from tasks.invoice import TASK as INVOICE
from tasks.quote import TASK as QUOTE
from tests.unit.ledger.office import approve, claim, decision, show_plan
from worker.applying import Applying
from worker.contents import StoredContents
from workspace.sheets import Sheets

TEMPLATES = Path(__file__).parents[3] / "templates"
FUJI = "株式会社富士製作所"
LINE = {"text": "設計", "quantity": "1", "price": "100000"}


class Desk:
    """Plans documents and issues them in a ledger of their own."""

    def __init__(self, ledger: Ledger, place: Path) -> None:
        self.ledger = ledger
        self.sheets: Sheets | None = None
        self.setting = Setting(place=f"disk:{place}", templates=TEMPLATES, simulated=True)
        with ledger.write() as tx:
            parties.save(tx, FUJI, {})

    def plan(
        self,
        task: Any = INVOICE,
        *lines: dict[str, Any],
        blobs: dict[str, bytes] | None = None,
        **head: Any,
    ) -> Plan:
        """Plan a document; what is rendered for it goes into ``blobs``."""
        given = {"party": FUJI, "lines": lines or (LINE,), **head}
        request = task.Request.model_validate(given)
        kept = {} if blobs is None else blobs
        look = Look(self.setting, sheets=self.sheets, ledger=self.ledger, blobs=kept)
        plan: Plan = task.plan(request, look)
        return plan

    def issue(self, task: Any = INVOICE, *lines: dict[str, Any], **head: Any) -> list[str]:
        """Plan and approve, and store any bytes as the files; return the numbers."""
        job, plan = show_plan(self.ledger, self.plan(task, *lines, **head))
        approve(self.ledger, job, plan)
        lease = claim(self.ledger)
        with self.ledger.write() as tx:
            numbers = list(jobs.find(tx, job).bindings.values())
            documents.store(tx, dict.fromkeys(numbers, b"%PDF"))
            jobs.finish(tx, lease)
        return numbers


def supplied(plan: Plan) -> list[str]:
    (draft,) = plan.documents
    lines = draft.data["document"]["bill"]["lines"]  # type: ignore[index, call-overload]
    return [line["supplied"] for line in lines]


@pytest.fixture
def desk(ledger: Ledger, tmp_path: Path) -> Desk:
    (tmp_path / "place").mkdir()
    return Desk(ledger, tmp_path / "place")


@pytest.mark.parametrize(
    ("line", "head", "error"),
    [
        ({"supplied": "2023-09-30"}, {}, SellerNotRegistered),
        ({"text": "お疲れさま😀"}, {}, Unprintable),
        ({"withheld": "true"}, {}, NotWithheld),
        ({}, {"what": "return_invoice"}, SignOfReturn),
        ({"quantity": "999999999999", "price": "999999"}, {}, TooMuchMoney),
        ({}, {"currency": "EUR"}, YenRateMissing),
        ({}, {"discount": "200000"}, NothingToDiscount),
        ({}, {"what": "correction", "about": "I-1999-0001"}, DocumentUnknown),
        ({}, {"project": "P-1999-0001"}, ProjectUnknown),
        ({}, {"source": "last"}, NothingBefore),
        ({}, {"source": "month", "month": "2026-11"}, NothingDelivered),
    ],
)
def test_what_cannot_be_issued_is_refused_while_planning(
    desk: Desk, line: dict[str, str], head: dict[str, str], error: type[KakariError]
) -> None:
    with pytest.raises(error):
        desk.plan(INVOICE, {**LINE, **line}, **head)


def test_nobody_issues_a_real_document_in_the_name_of_the_made_up_firm(desk: Desk) -> None:
    desk.setting = replace(desk.setting, simulated=False)
    for task in (INVOICE, QUOTE):
        with pytest.raises(IssuerIsSample, match="ふじ工房"):
            desk.plan(task)


def test_a_quote_is_invoiced_until_it_expires_and_only_once_it_is_issued(desk: Desk) -> None:
    (quote,) = desk.issue(QUOTE, issued="2026-11-01", valid_until="2026-11-30")
    both = {"source": "document", "about": quote, "party": ""}
    (draft,) = desk.plan(INVOICE, issued="2026-11-30", **both).documents
    assert (draft.about, draft.amount, draft.party_name) == (quote, 110_000, FUJI)
    with pytest.raises(QuoteExpired):
        desk.plan(INVOICE, issued="2026-12-01", **both)
    job, plan = show_plan(desk.ledger, desk.plan(QUOTE))
    approve(desk.ledger, job, plan)
    with desk.ledger.read() as tx:
        issuing = jobs.find(tx, job).bindings["number"]
    with pytest.raises(NotIssued):
        desk.plan(INVOICE, **(both | {"about": issuing}))


def test_the_lines_of_the_last_invoice_are_supplied_anew(desk: Desk) -> None:
    desk.issue(issued="2026-10-31")
    plan = desk.plan(source="last", issued="2026-11-30")
    (draft,) = plan.documents
    assert supplied(plan) == ["2026-11-30"]
    assert (draft.due, draft.amount) == (date(2027, 1, 4), 110_000)


def test_a_whole_invoice_is_taken_back_by_its_number(desk: Desk) -> None:
    (invoice,) = desk.issue(issued="2026-10-31", discount="1000")
    plan = desk.plan(what="return_invoice", source="document", about=invoice, party="")
    (draft,) = plan.documents
    assert (draft.kind, draft.amount, draft.about) == ("return_invoice", -108_900, invoice)
    assert plan.amount == -108_900
    assert supplied(plan) == ["2026-10-31"]  # when it was sold, by the rate of that day


def test_a_delivery_note_is_invoiced_once_on_the_day_it_was_delivered(desk: Desk) -> None:
    (note,) = desk.issue(what="delivery_note", issued="2026-10-31")
    by_number = {"source": "document", "about": note, "party": "", "issued": "2026-11-30"}
    assert supplied(desk.plan(**by_number)) == ["2026-10-31"]
    desk.issue(**by_number)
    with pytest.raises(AlreadyInvoiced):
        desk.plan(**by_number)
    with pytest.raises(NothingDelivered):
        desk.plan(source="month", month="2026-10", party="")


@pytest.mark.parametrize("what", ["correction", "return_invoice"])
def test_only_an_invoice_is_corrected_or_returned(desk: Desk, what: str) -> None:
    (quote,) = desk.issue(QUOTE)
    with pytest.raises(NotAnInvoice):
        desk.plan(INVOICE, {**LINE, "quantity": "-1"}, what=what, about=quote)


def test_what_differs_from_the_quote_is_told_and_that_it_was_invoiced(desk: Desk) -> None:
    tea = {"text": "お茶", "quantity": "2", "unit": "箱", "price": "1500", "category": "reduced"}
    (quote,) = desk.issue(QUOTE, LINE, tea, discount="1000")
    as_quoted = desk.plan(source="document", about=quote, party="")
    assert [note.en for note in as_quoted.notes] == [f"Same as {quote}: ¥112,139."]
    other = {**LINE, "text": "監修"}
    plan = desk.plan(INVOICE, {**LINE, "quantity": "2"}, other, about=quote)
    (told,) = [note.say("ja") for note in plan.notes]
    assert told.splitlines() == [
        f"{quote} との違い: 合計 ¥112,139 → ¥330,000",
        "・変更 設計: 1 × 100,000 → 2 × 100,000",
        "・追加 監修 1 × 100,000",
        "・削除 お茶 2箱 × 1,500",
        "・値引 ¥1,000 → ¥0",
    ]
    (invoice,) = desk.issue(source="document", about=quote, party="")
    again = desk.plan(source="document", about=quote, party="")
    assert invoice in again.notes[1].ja


def test_only_a_plan_whose_date_was_left_open_is_bound_to_its_day(desk: Desk) -> None:
    today = now().astimezone(desk.setting.zone).date()
    assert (desk.plan().day, desk.plan(QUOTE).day) == (today, today)
    assert desk.plan(issued="2026-11-30").day is None


def test_a_month_of_many_parties_is_one_plan_and_rounds_on_each_delivery_note(desk: Desk) -> None:
    small = {**LINE, "price": "105"}
    note = {"what": "delivery_note", "issued": "2026-11-10"}
    for at in range(8):
        name = f"取引先 {at:02}"
        with desk.ledger.write() as tx:
            parties.save(tx, name, {})
        desk.issue(INVOICE, small, party=name, **note)
    numbers = desk.issue(INVOICE, small, **note) + desk.issue(INVOICE, small, **note)
    plan = desk.plan(source="month", month="2026年11月", party="")
    assert len(plan.documents) == len(plan.slots) == 9
    summary = next(draft for draft in plan.documents if draft.party_name == FUJI)
    assert (summary.amount, summary.issued) == (230, date(2026, 11, 30))  # 2 × 115, not 231
    slips = summary.data["document"]["slips"]  # type: ignore[index, call-overload]
    assert [slip["number"] for slip in slips] == numbers
    assert plan.amount == 9 * 115 + 115


def test_what_was_invoiced_once_is_not_invoiced_again(desk: Desk) -> None:
    month = {"source": "month", "month": "2026-11", "party": ""}
    desk.issue(what="delivery_note", issued="2026-11-10")
    desk.issue(**month)
    with pytest.raises(NothingDelivered):
        desk.plan(**month)


def test_a_month_stopped_half_way_says_what_is_issued_and_a_new_one_takes_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Issuing, "batch", 1)
    monkeypatch.setattr(Issuing, "at_once", 1)
    names = ["取引先 1", "取引先 2", "取引先 3"]
    for name in names:
        with desk.ledger.write() as tx:
            parties.save(tx, name, {})
        desk.issue(what="delivery_note", issued="2026-11-10", party=name)
    month = {"source": "month", "month": "2026-11", "party": ""}
    blobs: dict[str, bytes] = {}
    job, plan = show_plan(desk.ledger, desk.plan(blobs=blobs, **month), blobs)
    approve(desk.ledger, job, plan)
    sent: list[float] = []

    def stop_at_the_second(seconds: float) -> None:
        sent.append(seconds)
        if len(sent) == 2:
            with desk.ledger.write() as tx:
                steering.cancel(tx, decision(job, plan))

    lease = claim(desk.ledger)
    with desk.ledger.write() as tx:
        jobs.running(tx, lease)
        contents = StoredContents(desk.ledger, TEMPLATES, jobs.find(tx, job).bindings)
    world = World(job, contents, ledger=desk.ledger, before_send=stop_at_the_second)
    assert Applying(desk.ledger, lease, world, threading.Event()).run().cancelled
    with desk.ledger.write() as tx:
        jobs.stop(tx, lease)
        one, two, three = documents.of_job(tx, job)
        told = INVOICE.standing(tx, jobs.find(tx, job), "ja")
    first, last = one.row.number, two.row.number[-4:]
    assert told == [
        f"発行済み（有効）: {first}–{last}",
        f"未発行（番号は無効）: {three.row.number}",
    ]
    assert [draft.party_name for draft in desk.plan(**month).documents] == names[2:]
    desk.issue(**month)
    with pytest.raises(TakenSince), desk.ledger.write() as tx:
        steering.retry(tx, decision(job, plan))


def test_delivery_notes_with_and_without_tax_make_no_summary(desk: Desk) -> None:
    note = {"what": "delivery_note", "issued": "2026-11-10"}
    desk.issue(INVOICE, **note)
    desk.issue(INVOICE, mode="inclusive", **note)
    with pytest.raises(PriceModesMixed):
        desk.plan(source="month", month="2026-11")


def test_other_currencies_are_approved_by_their_worth_in_yen(desk: Desk) -> None:
    plan = desk.plan(INVOICE, {**LINE, "price": "99.99"}, currency="eur", yen_rate="162.5")
    (draft,) = plan.documents
    assert (draft.currency, draft.amount, plan.amount) == ("EUR", 109_98, 17_872)


def test_a_payment_beyond_sixty_days_is_said_on_the_card(desk: Desk) -> None:
    with desk.ledger.write() as tx:
        parties.save(tx, FUJI, {"terms": {"months": 3}})
    assert any("60" in line for line in INVOICE.told(desk.plan(), "en"))


def test_the_same_request_is_the_same_plan(desk: Desk) -> None:
    assert desk.plan(issued="2026-11-30").hash == desk.plan(issued="2026-11-30").hash
    assert desk.plan(issued="2026-11-30").hash != desk.plan(issued="2026-12-01").hash


@pytest.mark.parametrize("books", [OwnRegister()], ids=lambda books: type(books).__name__)
def test_books_enter_a_document_by_effects_that_can_be_told_apart(desk: Desk, books: Books) -> None:
    plan = desk.plan(issued="2026-11-30")
    issue, draft = plan.effects[0], plan.documents[0]
    entries = list(books.entries(draft, issue))
    assert entries == list(books.entries(draft, issue))
    whole = Plan(effects=(*plan.effects, *entries), slots=plan.slots)  # keys are free, in order
    assert len(whole.effects) == len(plan.effects) + len(entries)
    for entry in entries:
        of = kind(entry.kind)
        assert of.identity
        of.data(entry)
        assert issue.key in entry.after


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("２０２６/１１/３０", date(2026, 11, 30)),
        ("11/3", date(2026, 11, 3)),
        ("2026年11月30日", date(2026, 11, 30)),
        ("令和8年11月30日", date(2026, 11, 30)),
        ("R8.11.30", date(2026, 11, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("h31/4/30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
    ],
)
def test_days_are_read_as_they_are_typed(typed: str, day: date) -> None:
    assert day_in(typed, date(2026, 1, 1)) == day


@pytest.mark.parametrize(
    "typed",
    [
        "平成40年1月1日",
        "令和元年4月30日",
        "昭和64年1月8日",
        "令和0年1月1日",
        "2026-02-30",
        "x",
        "11",
    ],
)
def test_days_that_are_not_are_refused(typed: str) -> None:
    with pytest.raises(KakariError, match="is no day"):
        day_in(typed, date(2026, 1, 1))


def test_numbers_of_each_kind_are_a_series_of_their_own() -> None:
    shown = {slot_for(each).shown for each in DocumentKind}
    assert shown == {"Q-####-####", "I-####-####", "D-####-####", "R-####-####"}
    assert len({slot_for(each).series for each in DocumentKind}) == 4
