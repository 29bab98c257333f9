"""The dialog of a document: one page about the whole, then a page for each line."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from cards.sentences import Sentence
from errors.document import DocumentUnknown
from errors.listing import NoPrice
from ledger import documents
from ledger.models import Job
from ledger.plan import Plan
from money.amount import YEN, Money
from money.bill import Mode
from money.rates import NAMES as CATEGORIES
from money.rates import Category
from reading.text import LONGEST_VALUE, normal
from tasks.base import Answers, Ask, Page, Reason, Request, Setting, Task, Walk
from tasks.document import afterwards, recalled
from tasks.document.day import TypedDay
from tasks.document.document import LETTERS
from tasks.document.fields import Currency, Number, Quantity, Short, Text
from tasks.document.said import FrozenDocument
from tasks.document.sums import sums_of
from tasks.form import FILL_IN

MOST_LINES = 60
"""Lines that one dialog carries; a document of more comes from delivery notes or another one."""


class Source(StrEnum):
    """Where the lines come from."""

    TYPED = "typed"
    PROJECT = "project"
    LAST = "last"
    DOCUMENT = "document"
    MONTH = "month"


SOURCES = {
    Source.TYPED: Sentence("I type them", "入力する"),
    Source.PROJECT: Sentence("the project’s price", "案件の金額"),
    Source.LAST: Sentence("as in the party’s last one", "この取引先の前回と同じ"),
    Source.DOCUMENT: Sentence("from another document", "別の書類から"),
    Source.MONTH: Sentence("all delivery notes of a month", "1 か月分の納品書から（合計請求）"),
}
MODES = {
    Mode.EXCLUSIVE: Sentence("without tax", "税抜"),
    Mode.INCLUSIVE: Sentence("with tax", "税込"),
    Mode.UNTAXED: Sentence("no tax is shown", "消費税を表示しない"),
}


DOCUMENT_NUMBER = rf"[{''.join(LETTERS.values())}]-[0-9]{{4}}-[0-9]{{4,}}"
"""How a document's number is written; those of other series are projects'."""

_DOCUMENT = re.compile(DOCUMENT_NUMBER, re.IGNORECASE)
_PROJECT = re.compile(r"(?=.*[0-9])[A-Z0-9]+(?:-[A-Z0-9]+)+", re.IGNORECASE)


def project_in(text: str) -> str | None:
    """Return the project's number that was typed; None where it is a document's, or a name."""
    plain = normal(text).strip()
    if len(plain) > LONGEST_VALUE or _DOCUMENT.fullmatch(plain):
        return None
    return plain if _PROJECT.fullmatch(plain) else None


def needed(*sources: Source) -> AfterValidator:
    """Return a validator that wants a field filled in where the lines come from one of these."""

    def check(value: str, info: ValidationInfo) -> str:
        if not value.strip() and info.data.get("source", Source.TYPED) in sources:
            raise PydanticCustomError("kakari", "{en}", {"en": FILL_IN.en, "ja": FILL_IN.ja})
        return value

    return AfterValidator(check)


class Head(Request):
    """What every document is asked for; the fields before these say where its lines come from."""

    party: Annotated[
        str,
        Field(max_length=200, validate_default=True),
        needed(Source.TYPED, Source.LAST),
        Ask(Sentence("Party", "取引先")),
    ] = ""
    subject: Annotated[Short, Ask(Sentence("Subject", "件名"))] = ""
    issued: Annotated[
        TypedDay,
        Ask(Sentence("Date of issue", "発行日"), Sentence("empty: today", "空欄なら今日")),
    ] = ""
    project: Annotated[
        str,
        Field(max_length=100, validate_default=True),
        needed(Source.PROJECT),
        Ask(Sentence("Project number", "案件番号")),
    ] = ""
    mode: Annotated[Mode, Ask(Sentence("Prices are", "単価"), choices=tuple(MODES.items()))] = (
        Mode.EXCLUSIVE
    )
    discount: Annotated[
        Annotated[Number, Field(ge=0)] | None,
        Ask(Sentence("Discount on the whole", "全体からの値引額")),
    ] = None
    currency: Annotated[Currency, Ask(Sentence("Currency", "通貨"))] = YEN
    yen_rate: Annotated[
        Annotated[Number, Field(gt=0)] | None,
        Ask(Sentence("Yen for one of it", "1 通貨単位あたりの円")),
    ] = None
    notes: Annotated[str, Field(max_length=500), Ask(Sentence("Notes", "備考"), lines=3)] = ""


class LinePage(Request):
    text: Annotated[Text, Ask(Sentence("What", "品名・内容"))]
    quantity: Annotated[Quantity, Ask(Sentence("Quantity", "数量"))]
    unit: Annotated[str, Field(max_length=10), Ask(Sentence("Unit", "単位"))] = ""
    price: Annotated[
        Number | None,
        Ask(
            Sentence("Price of one", "単価"),
            Sentence("empty: as in the price list", "空欄なら単価表のとおり"),
        ),
    ] = None
    category: Annotated[
        Category, Ask(Sentence("Tax", "税区分"), choices=tuple(CATEGORIES.items()))
    ] = Category.STANDARD
    supplied: Annotated[
        TypedDay,
        Ask(
            Sentence("Day of supply", "取引日"),
            Sentence("empty: the date of issue", "空欄なら発行日"),
        ),
    ] = ""
    withheld: Annotated[bool, Ask(Sentence("Income tax is withheld", "源泉徴収の対象"))] = False
    more: Annotated[bool, Ask(Sentence("Another line follows", "続けて次の行を入力する"))] = False

    @property
    def charged(self) -> Decimal:
        """The price, typed or known. Raises NoPrice."""
        if self.price is None:
            raise NoPrice(text=self.text)
        return self.price


def number_in(text: str) -> str:
    """Return a document's number as it is written, from how it was typed."""
    return normal(text).strip().upper()


D = TypeVar("D", bound=Head)


class PricedLine(LinePage):
    """A line of an office without a price list."""

    price: Annotated[Number, Ask(Sentence("Price of one", "単価"))]


class DocumentTask(Task[D], Generic[D]):
    """A task whose dialog asks for a document."""

    Head: type[Request]
    """The model of the first page; the request has ``lines`` besides."""

    def walk(self, pages: Sequence[Answers], setting: Setting) -> Walk[D]:
        """Ask for lines until no other follows, unless they come from elsewhere."""
        line = LinePage if setting.document_sheets.prices else PricedLine
        models: list[type[Request]] = [self.Head, *[line] * (len(pages) - 1)]
        parts = [model.model_validate(page) for model, page in zip(models, pages, strict=False)]
        done: list[Answers] = [part.model_dump(mode="json") for part in parts]
        if not parts:
            return Walk((), Page(self.Head))
        typed = getattr(parts[0], "source", Source.TYPED) is Source.TYPED
        last = parts[-1]
        if (
            typed
            and len(parts) <= MOST_LINES
            and (last is parts[0] or getattr(last, "more", False))
        ):
            return Walk(tuple(done), Page(line))
        head, *lines = done
        request = self.Request.model_validate({**head, "lines": lines if typed else []})
        return Walk(tuple(done), None, request)

    def pages(self, request: D) -> list[Answers]:
        body = request.model_dump(mode="json")
        lines: list[Answers] = body.pop("lines")
        return [body, *lines]

    def prefill(self, text: str) -> Answers:
        """Read a project's number or a party's name."""
        if project := project_in(text):
            return {"source": Source.PROJECT, "project": project}
        return {"party": text} if text else {}

    def subject(self, request: D) -> str:
        return " ".join(filter(None, (request.party, request.subject)))

    def sums(self, plan: Plan) -> list[Money]:
        return [each for draft in plan.documents for each in sums_of(draft)]

    def reason(self, bindings: Mapping[str, str]) -> Reason | None:
        return afterwards.reason(bindings)

    def standing(self, tx: Session, job: Job, locale: str) -> list[str]:
        return list(afterwards.standing(documents.of_job(tx, job.id), locale))

    def recall(self, tx: Session, pages: Sequence[Answers], given: Answers) -> Answers:
        """Return what the document says that lines are typed about, page by page."""
        head = pages[0] if pages else given
        about = str(head.get("about") or "")
        if not about or head.get("source", Source.TYPED) != Source.TYPED:
            return {}
        try:
            found = documents.find(tx, number_in(about))
        except DocumentUnknown:
            return {}
        document = FrozenDocument.model_validate(found.row.data).document
        if pages:
            return recalled.line_of(document, len(pages) - 1)
        return recalled.head_of(document, found.row.project or "")
