"""Quotes and invoices as people ask for them: form, card, tap, number, PDF, and corrections."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cards.job_card import APPLY, APPROVALS, DISCARD, EDIT, UNDO
from kakari.demo.person import Json, text_of
from ledger import documents
from ledger.documents import DocumentState, Found
from ledger.models import Number
from simulator.office import ALICE, BOB, PROJECTS_SPACE
from tasks.form import FILL_IN
from tests.scenario.room import (
    CANCELLED,
    DONE,
    FAILED,
    UNDONE,
    WAITING,
    Room,
    Visitor,
    opened,
    steps_of,
)

FUJI = "株式会社葛\U000e0100城製作所"
DESIGN = {"text": "パンフレットデザイン", "quantity": "1", "unit": "式", "price": "100,000"}
TEA = {"text": "お茶", "quantity": "２４", "unit": "個", "price": "150", "category": "reduced"}


def ask(person: Visitor, command: str, *pages: Mapping[str, str]) -> Json:
    """Type a command and fill in its pages; return the last outcome."""
    outcome = person.say(command)
    for answers in pages:
        outcome = person.send(outcome["dialog"], answers)
    return outcome


def write_down(room: Room, name: str) -> str:
    """Let Alice write a party of this conversation's own down; return its name."""
    name = f"{name} {room.space[-8:]}"
    answers = {"name": name, "postal": "416-0001", "address": "静岡県富士市髙島町 10-1"}
    assert ask(room.alice, "/party", answers)["closed"]
    room.card(name, DONE)
    return name


@pytest.fixture
def party(room: Room) -> str:
    return write_down(room, FUJI)


def planned(room: Room, command: str, *pages: Mapping[str, str], shown: str = WAITING) -> Json:
    """Ask for a document and return its card: with the plan, or as it ended."""
    outcome = ask(room.alice, command, *pages)
    assert outcome["closed"], text_of(outcome["dialog"] or {})
    latest = max(room.jobs(), key=lambda job: job.id)
    return room.card(latest.subject, shown)


def issued(room: Room, command: str, *pages: Mapping[str, str]) -> str:
    """Ask for a document and apply its plan; return its number."""
    card = planned(room, command, *pages)
    room.apply(room.alice, card)
    room.result(card)
    return number_of(room, card)


def found(room: Room, number: str) -> Found:
    with opened(room.stack) as ledger, ledger.read() as tx:
        return documents.find(tx, number)


def page_of(room: Room, number: str) -> str:
    with opened(room.stack) as ledger, ledger.read() as tx:
        return PdfReader(BytesIO(documents.pdf(tx, number))).pages[0].extract_text()


def number_of(room: Room, card: Json) -> str:
    return str(room.job(card).bindings["number"])


def drawn(room: Room) -> list[str]:
    """Return the numbers that were given out to requests made here."""
    jobs = [job.id for job in room.jobs()]
    with opened(room.stack) as ledger, ledger.read() as tx:
        return list(tx.scalars(select(Number.written).where(Number.job_id.in_(jobs))))


def test_an_invoice_from_the_form_to_the_file_in_drive(room: Room, party: str) -> None:
    head = {"party": party, "subject": "パンフレット", "issued": "令和8年11月30日"}
    card = planned(room, "/invoice", head, {**DESIGN, "more": "true"}, TEA)
    for part in (
        f"請求書（宛先: {party} 御中）",
        "合計 ¥113,888 · 日付 2026-11-30 · 支払期限 2027-01-04",
        "標準税率 10%: ¥100,000・消費税 ¥10,000",
        "軽減税率 8%: ¥3,600・消費税 ¥288",
        "パンフレットデザイン: 1式 × 100,000 = ¥100,000",
        "I-####-####",
    ):
        assert part in text_of(card), text_of(card)
    assert drawn(room) == []
    room.apply(room.alice, card)
    room.card(f"{party} パンフレット", DONE)
    number = number_of(room, card)
    row = found(room, number).row
    assert (row.amount, row.party_name, row.issued.isoformat()) == (113_888, party, "2026-11-30")
    issue, upload = steps_of(room, card)
    assert upload.effect.data["name"].endswith(f"_113888_{number}.pdf")
    assert issue.facts
    assert upload.facts
    assert upload.facts["sha256"] == issue.facts["sha256"]  # Drive has what the ledger has
    found_here = room.bob.say(f"/find 請求書 {party} 2026-11 100,000-120,000")
    told = room.heard(room.bob, found_here)
    line = f"{number} · invoice · 2026-11-30 · {party} · ¥113,888"
    assert line in re.sub("<.*?>", "", told)
    assert "<a href=" in told
    elsewhere = Visitor(room.stack.page, BOB.name, PROJECTS_SPACE.name)
    assert number not in room.heard(elsewhere, elsewhere.say(f"/find {number}"))
    page = page_of(room, number)
    assert number in page
    assert "登録番号 T9234567890123" in page
    assert party in page


def test_a_party_is_changed_in_a_form_that_says_what_it_was(room: Room, party: str) -> None:
    form = room.alice.say(f"/party {party}")["dialog"]
    assert {party, "416-0001", "月末締め翌月末払い"} <= set(text_of(form).splitlines())
    assert room.alice.send(form, {"address": "", "terms": "20日締め翌月10日払い"})["closed"]
    changed = (
        "住所: 静岡県富士市髙島町 10-1 → なし\n支払条件: 月末締め翌月末払い → 20日締め翌月10日払い"
    )
    room.bob.await_message(
        lambda message: (
            "-result" in message.get("clientAssignedMessageId", "") and changed in text_of(message)
        )
    )
    assert party not in text_of(room.alice.say("/party")["dialog"])


def test_a_quote_becomes_an_invoice_which_is_corrected_and_the_correction_taken_back(
    room: Room, party: str
) -> None:
    head = {"party": party, "subject": "会社案内", "issued": "2026-11-30"}
    quote = issued(room, "/quote", head, DESIGN)
    assert quote.startswith("Q-")
    dialog = room.alice.tap(room.card(f"{party} 会社案内", DONE), "請求書にする…")["dialog"]
    assert room.alice.send(dialog, {"issued": "2026-11-30"})["closed"]
    card = room.card(f"{party} 会社案内", WAITING)
    assert f"{quote} と同じ内容です（¥110,000）。" in text_of(card)
    room.apply(room.alice, card)
    room.result(card)
    invoice = number_of(room, card)
    row = found(room, invoice).row
    assert (row.about, row.amount, row.party_name) == (quote, 110_000, party)
    assert "会社案内" in page_of(room, invoice)
    assert f"見積番号 {quote}" in " ".join(page_of(room, invoice).split())

    dialog = room.alice.tap(room.card(f"{invoice} {party} 会社案内", DONE), UNDO.ja)["dialog"]
    assert "すでに取引先へお渡しした書類は、これでは取り消せません" in text_of(dialog)
    form = room.alice.send(dialog, {}, "訂正した請求書を作る…")["dialog"]
    assert {party, "会社案内"} <= set(text_of(form).splitlines())
    change = {"what": "correction", "party": party, "about": invoice, "subject": "訂正"}
    line = room.alice.send(form, change)["dialog"]
    assert {DESIGN["text"], DESIGN["price"], "2026-11-30"} <= set(text_of(line).splitlines())
    assert room.alice.send(line, {**DESIGN, "price": "90000"})["closed"]
    card = room.card(f"{party} 訂正", WAITING)
    assert f"訂正する書類 {invoice}" in text_of(card)
    assert f"{invoice} との違い: 合計 ¥110,000 → ¥99,000" in text_of(card)
    assert f"変更 {DESIGN['text']}: 1式 × 100,000 → 1式 × 90,000" in text_of(card)
    room.apply(room.alice, card)
    room.card(f"{party} 訂正", DONE)
    correction = number_of(room, card)
    assert found(room, invoice).state is DocumentState.CORRECTED

    dialog, outcome = room.confirm(room.alice, room.card(f"{party} 訂正", DONE), UNDO.ja)
    assert "訂正として残ります" in text_of(dialog)
    assert FILL_IN.ja in text_of(outcome["dialog"])
    assert found(room, correction).state is DocumentState.ISSUED
    room.alice.send(outcome["dialog"], {"undo_reason": "金額の入力誤り"})
    assert "理由: 金額の入力誤り" in text_of(room.card(f"{party} 訂正", UNDONE))
    assert found(room, correction).state is DocumentState.VOID
    assert found(room, correction).why == "金額の入力誤り"
    assert found(room, invoice).state is DocumentState.ISSUED
    assert page_of(room, correction)  # it stays in the register with its bytes


def test_a_month_is_invoiced_from_its_delivery_notes(room: Room, party: str) -> None:
    head = {"what": "delivery_note", "issued": "2031-05-20", "party": party}
    note = issued(room, "/invoice", head, TEA)
    card = planned(room, "/invoice month 2031-05", {})
    room.apply(room.alice, card)
    room.result(card)
    invoice = number_of(room, card)
    row = found(room, invoice).row
    assert (row.amount, row.issued.isoformat()) == (3_888, "2031-05-31")
    assert f"納品書番号: {note}" in page_of(room, invoice)


def test_what_cannot_be_issued_is_one_sentence_and_uses_no_number(room: Room, party: str) -> None:
    card = planned(room, "/invoice", {"party": "どこにもない商会"}, DESIGN, shown=FAILED)
    assert "という取引先はありません" in text_of(card)
    head = {"party": party, "subject": "宴会"}
    card = planned(room, "/invoice", head, {**DESIGN, "text": "お疲れさま😀"}, shown=FAILED)
    assert "「😀」" in text_of(card)
    assert drawn(room) == []


def test_what_is_typed_wrongly_is_said_at_its_field(room: Room) -> None:
    for command, pages, sentence in (
        ("/invoice", [{"party": ""}], "入力してください"),
        ("/invoice", [{"party": "x", "issued": "平成40年1月1日"}], "元号も確認"),
        ("/invoice", [{"party": "x", "currency": "ABC"}], "「ABC」という通貨はありません"),
        ("/invoice", [{"source": "document"}], "入力してください"),
        (
            "/invoice",
            [{"source": "month", "month": "2026-13"}],
            "「2026-13」という日付はありません",
        ),
        ("/invoice", [{"party": "x"}, {**DESIGN, "quantity": "0"}], "数量が 0 です"),
        ("/invoice", [{"party": "x"}, {**DESIGN, "price": "1e12"}], "数値が大きすぎます"),
        ("/invoice", [{"party": "x"}, {**DESIGN, "price": "たかい"}], "数値を入力してください"),
        ("/invoice", [{"party": "x"}, {**DESIGN, "price": ""}], "入力してください"),
        ("/invoice", [{"party": "x", "what": "correction"}], "入力してください"),
        ("/party", [{"name": "x", "registration": "T1234567890123"}], "検査数字が合いません"),
        ("/party", [{"name": "x", "terms": "そのうち"}], "読み取れません"),
    ):
        outcome = ask(room.alice, command, *pages)
        assert not outcome["closed"], command
        assert sentence in text_of(outcome["dialog"]), (pages, text_of(outcome["dialog"]))
    assert room.jobs() == []


def test_an_approver_who_taps_after_an_edit_approves_nothing(room: Room, party: str) -> None:
    card = planned(room, "/invoice", {"party": party}, DESIGN)
    edited = room.alice.tap(card, EDIT.ja)
    edited = room.alice.send(edited["dialog"], {"party": party})
    assert room.alice.send(edited["dialog"], {**DESIGN, "price": "90000"})["closed"]
    room.card(party, "¥99,000")
    outcome = room.bob.tap(card, APPLY.ja)
    assert "This plan has changed" in room.heard(room.bob, outcome)
    assert drawn(room) == []


def test_no_rate_that_the_asker_names_brings_a_request_below_the_offices_limit(
    room: Room, party: str, write: Callable[..., None]
) -> None:
    everybody = [ALICE.email, BOB.email]
    lists = f"ask = {everybody}\napprove = {everybody}\n"
    limit = "[[tasks.invoice.above]]\namount = 100_000\napprovals = 2\n"
    write(ask=everybody, approve=everybody, more=f"[tasks.invoice]\n{lists}{limit}")
    for head in ({"currency": "USD", "mode": "untaxed"}, {"currency": "USD", "yen_rate": "0.0001"}):
        card = planned(room, "/invoice", {"party": party, **head}, {**DESIGN, "price": "900"})
        assert APPROVALS.say("ja", who="Bob Yamada", missing=1) in text_of(
            room.bob.tap(card, APPLY.ja)["messages"]
        )
        room.alice.tap(card, DISCARD.ja)
        room.card(party, CANCELLED)
    assert drawn(room) == []
