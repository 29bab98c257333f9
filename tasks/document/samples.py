"""Sample documents: what a deployer's templates look like, of each kind one."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from effects.typesetting import typesetter
from money.bill import Bill, Discount, Line
from money.rates import Category
from tasks.document.document import Document, DocumentKind, Recipient
from tasks.document.issuer import Issuer
from tasks.document.office import Office
from tasks.document.paper import paper, printed

ISSUED = date(2026, 11, 30)
RECIPIENT = Recipient(
    name="株式会社葛\U000e0100城製作所",
    postal="416-0001",
    address=("静岡県富士市髙島町 10-1",),
    person="購買部 𠮷田 様",
)


def samples(issuer: Issuer) -> dict[str, Document]:
    """Return a document of each sort by the name of its sample."""
    design = _line("展示会用パンフレット デザイン（A4・16 頁）", "1", "式", "280000", day=10)
    print_run = _line("印刷（コート紙 135kg）", "3000", "部", "62.5", day=20)
    mixed = Bill(
        lines=(
            design,
            _line("撮影立会い", "2.5", "日", "40000", day=12),
            _line("お茶・菓子（撮影時）", "24", "個", "150", Category.REDUCED, day=12),
            print_run,
        ),
        discounts=(Discount(text="お値引", minor=5600),),
    )
    invoice = Document(
        kind=DocumentKind.INVOICE,
        number="I-2026-0012",
        issued=ISSUED,
        issuer=issuer,
        recipient=RECIPIENT,
        subject="展示会パンフレット制作",
        bill=mixed,
        due=date(2027, 1, 4),
        terms="月末締め翌月末払い",
        person="鈴木",
    )
    quote = {
        "kind": DocumentKind.QUOTE,
        "number": "Q-2026-0031",
        "due": None,
        "valid_until": date(2026, 12, 31),
    }
    freelancer = issuer.model_copy(
        update={"name": "富士 花子", "individual": True, "logo": None, "seal": None}
    )
    withheld = Bill(
        lines=(
            _line("書籍『富士の麓』表紙イラスト", "1", "点", "1200000", day=16, withheld=True),
            _line("コーディング（HTML）", "1", "式", "80000", day=20),
        )
    )
    returned = {
        "kind": DocumentKind.RETURN_INVOICE,
        "number": "R-2026-0002",
        "bill": Bill(lines=(_line("印刷 汚損分のご返品", "-200", "部", "62.5", day=20),)),
        "about": invoice.number,
        "due": None,
        "terms": "",
    }
    parts = tuple(
        _line(f"金型部品 {at:03} 切削加工（S50C）", str(1 + at % 5), "個", str(1180 + 35 * at))
        for at in range(1, 71)
    )
    return {
        "quote": invoice.model_copy(update=quote),
        "invoice-mixed-rates": invoice,
        "invoice-withholding": invoice.model_copy(
            update={"issuer": freelancer, "bill": withheld, "subject": "表紙イラスト", "person": ""}
        ),
        "return-invoice": invoice.model_copy(update=returned),
        "invoice-three-pages": invoice.model_copy(
            update={"bill": Bill(lines=parts), "subject": "金型部品加工 11 月分"}
        ),
    }


def draw(templates: Path) -> Iterator[tuple[str, bytes]]:
    """Draw the samples with the documents' templates; yield each page's file name and image.

    Raises IssuerFileBroken, TaxFileBroken and LayoutBroken.
    """
    office = Office.read(templates)
    for name, document in samples(office.issuer).items():
        words = printed(paper(document, document.totals(office.rates)))
        pages = typesetter().pages(office.layout, document.kind.template, words, document.issued)
        for at, page in enumerate(pages, 1):
            yield f"{name}.png" if len(pages) == 1 else f"{name}-{at}.png", page


def _line(
    text: str,
    quantity: str,
    unit: str,
    price: str,
    category: Category = Category.STANDARD,
    day: int = 25,
    *,
    withheld: bool = False,
) -> Line:
    return Line(
        text=text,
        quantity=Decimal(quantity),
        unit=unit,
        price=Decimal(price),
        category=category,
        supplied=date(2026, 11, day),
        withheld=withheld,
    )
