"""What is said of documents once their job has ended: taken back, or stopped half-way."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from cards.sentences import Sentence
from ledger.documents import DocumentState, Found
from tasks.base import Next, Reason
from tasks.document.document import DocumentKind

VOID = Sentence(
    "The document becomes void: its number and PDF stay in the register, with your reason. What a"
    " customer already has is not called back by this; put that right by a document of its own.",
    "書類は「無効」になり、番号と PDF は理由とともに台帳に残ります。すでに取引先へお渡しした書類は、"
    "これでは取り消せません。訂正した請求書または返還請求書で直してください。",
)
CORRECT = Sentence("Corrected invoice…", "訂正した請求書を作る…")
RETURN = Sentence("Return invoice…", "返還請求書を作る…")
STANDING = {
    DocumentState.ISSUED: Sentence(
        "Issued, and stays so: {numbers}", "発行済み（有効）: {numbers}"
    ),
    DocumentState.ISSUING: Sentence("Not issued yet: {numbers}", "未発行: {numbers}"),
    DocumentState.VOID: Sentence(
        "Not issued, the number is void: {numbers}", "未発行（番号は無効）: {numbers}"
    ),
}

_NUMBER = re.compile(r"(?P<series>.*[^0-9])?(?P<count>[0-9]+)")


def reason(bindings: Mapping[str, str]) -> Reason:
    """Return what the undo of these documents says; of a single invoice, what may do instead."""
    numbers = [*bindings.values()]
    if len(numbers) != 1 or not numbers[0].startswith(DocumentKind.INVOICE.letter):
        return Reason(VOID)
    ways = ((CORRECT, f"correct {numbers[0]}"), (RETURN, f"return {numbers[0]}"))
    return Reason(VOID, tuple(Next(label, "invoice", text) for label, text in ways))


def standing(found: Sequence[Found], locale: str) -> Iterator[str]:
    """Yield a line for each state that documents of a stopped job are in."""
    for state, sentence in STANDING.items():
        if numbers := [each.row.number for each in found if each.state is state]:
            yield sentence.say(locale, numbers=spans(numbers, locale))


def spans(numbers: Sequence[str], locale: str) -> str:
    """Return numbers in short: I-2026-0001–0150, I-2026-0152."""
    counted = [(number, _NUMBER.fullmatch(number)) for number in sorted(numbers)]

    def run(at: tuple[int, tuple[str, re.Match[str] | None]]) -> tuple[str, int]:
        place, (number, found) = at
        return (found["series"], int(found["count"]) - place) if found else (number, 0)

    told = []
    for _, each in groupby(enumerate(counted), run):
        first, *more = [found for _, found in each]
        last = more[-1][1] if more else None
        told.append(f"{first[0]}–{last['count']}" if last else first[0])
    return ("、" if locale.startswith("ja") else ", ").join(told)
