"""Documents as PDF: what must stand on them can be read back, and a template reaches nothing."""

import hashlib
import socket
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from pypdf import PdfReader

from effects.glyphs import demand_printable
from effects.typesetting import Layout, Typesetter, typesetter
from errors.document import LayoutBroken, LayoutEndless, SellerNotRegistered, Unprintable
from errors.settings import IssuerFileBroken
from money.bill import Bill, Mode
from money.rates import Rates
from tasks.document.document import Document, DocumentKind, Slip
from tasks.document.issuer import Issuer
from tasks.document.paper import number, paper, printed, texts
from tasks.document.samples import draw, samples

FOLDER = Path(__file__).parents[3] / "templates/documents"
ROOT = FOLDER.parents[1]
LAYOUT = Layout.read(FOLDER)
RATES = Rates.read(FOLDER / "tax.toml")
ISSUER = Issuer.read(FOLDER)
SAMPLES = samples(ISSUER)
DAY = date(2026, 11, 30)


def pdf_of(document: Document) -> bytes:
    words = printed(paper(document, document.totals(RATES)))
    return typesetter().pdf(LAYOUT, document.kind.template, words, document.issued)


def pages_of(document: Document) -> list[str]:
    pages = PdfReader(BytesIO(pdf_of(document))).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def changed(name: str, **values: object) -> Document:
    return SAMPLES[name].model_copy(update=values)


def test_a_qualified_invoice_says_everything_it_must() -> None:
    (page,) = pages_of(SAMPLES["invoice-mixed-rates"])
    for item in (
        "有限会社ふじ工房",
        "登録番号 T9234567890123",
        "取引年月日 2026年11月10日〜2026年11月20日",
        "2026/11/12 お茶・菓子（撮影時）※ 24 個 150 8% 3,600",
        "※は軽減税率対象品目です。",
        "10%対象 ¥561,935 ¥56,193",
        "8%対象（軽減税率） ¥3,565 ¥285",
        "株式会社葛\U000e0100城製作所 御中",
        "静岡県富士市髙島町",
        "購買部 𠮷田 様",
        "お値引 -5,600",
        "合計（税込） ¥621,978",
        "お支払期限 2027年1月4日",
        "駿河みらい銀行 富士支店 普通 1234567",
        "No. I-2026-0012",
        "発行日 2026年11月30日",
    ):
        assert item in page, item


def test_a_quote_is_no_invoice() -> None:
    (page,) = pages_of(SAMPLES["quote"])
    assert "御見積書" in page
    assert "有効期限 2026年12月31日" in page
    for word in ("登録番号", "取引日", "2026/11/10"):
        assert word not in page


def test_a_return_invoice_names_the_sale() -> None:
    (page,) = pages_of(SAMPLES["return-invoice"])
    for item in (
        "適格返還請求書",
        "登録番号 T9234567890123",
        "元の請求書 I-2026-0012",
        "返還等の年月日 2026年11月30日 元の取引年月日 2026年11月20日",
        "10%対象 -¥12,500 -¥1,250",
        "合計（税込） -¥13,750",
    ):
        assert item in page, item


def test_withholding_stands_below_the_total() -> None:
    (page,) = pages_of(SAMPLES["invoice-withholding"])
    assert "合計（税込） ¥1,408,000 源泉徴収税額 -¥142,940 差引ご請求額 ¥1,265,060" in page


def test_a_correction_names_what_it_corrects() -> None:
    (page,) = pages_of(changed("invoice-mixed-rates", about="I-2026-0011", corrects=True))
    assert "請求書（訂正）" in page
    assert "訂正する請求書 I-2026-0011" in page


def test_long_documents_repeat_the_head_and_carry_the_sum() -> None:
    document = SAMPLES["invoice-three-pages"]
    pages = pages_of(document)
    assert len(pages) == 3
    so_far = 0
    for at, page in enumerate(pages, 1):
        assert "取引日 品名・内容 数量 単位" in page
        assert f"{at} / 3" in page
        assert ("前頁より繰越" in page) is (at > 1)
        assert f"前頁より繰越 {so_far:,}" in page or at == 1
        so_far += sum(
            document.bill.amount(line).minor for line in document.bill.lines if line.text in page
        )
        assert ("次頁へ繰越" in page) is (at < 3)
        assert f"次頁へ繰越 {so_far:,}" in page or at == 3
    assert f"小計（税抜） ¥{so_far:,}" in pages[-1]


def test_prices_with_tax_inside() -> None:
    bill = SAMPLES["invoice-mixed-rates"].bill.model_copy(update={"mode": Mode.INCLUSIVE})
    (page,) = pages_of(changed("invoice-mixed-rates", bill=bill))
    for item in ("単価（税込）", "10%対象 ¥561,935 ¥51,085", "8%対象（軽減税率） ¥3,565 ¥264"):
        assert item in page, item
    assert "うち消費税 ¥51,349 合計（税込） ¥565,500" in page


def test_an_exempt_seller_bears_no_number_and_may_show_no_tax() -> None:
    exempt = ISSUER.model_copy(update={"registration": None})
    bill = SAMPLES["return-invoice"].bill.model_copy(update={"mode": Mode.UNTAXED})
    (page,) = pages_of(changed("return-invoice", issuer=exempt, bill=bill))
    assert "返還請求書" in page
    for word in ("適格", "登録番号", "税率", "消費税"):
        assert word not in page


def test_another_currency_shows_its_tax_in_yen() -> None:
    lines = SAMPLES["invoice-withholding"].bill.lines[1:]
    bill = Bill(lines=lines, currency="EUR", yen_rate=Decimal("162.5"))
    (page,) = pages_of(changed("invoice-withholding", bill=bill))
    assert "€80,000.00 €8,000.00（¥1,300,000）" in page
    assert "合計（税込） €88,000.00" in page


def test_a_summary_adds_the_taxes_of_its_delivery_notes() -> None:
    lines = tuple(
        each.model_copy(update={"price": Decimal(105)})
        for each in SAMPLES["invoice-three-pages"].bill.lines[4:14:5]  # one piece each
    )
    slips = tuple(Slip(number=f"D-{at}", bill=Bill(lines=(each,))) for at, each in enumerate(lines))
    document = changed("invoice-three-pages", bill=Bill(lines=lines), slips=slips)
    assert [line.quantity for line in lines] == [1, 1]
    assert document.totals(RATES).tax.minor == 20  # of 210 together it would be 21


def test_a_seller_who_was_not_registered_on_the_day_issues_nothing() -> None:
    early = (
        SAMPLES["return-invoice"].bill.lines[0].model_copy(update={"supplied": date(2023, 9, 30)})
    )
    document = changed("return-invoice", bill=Bill(lines=(early,)))
    with pytest.raises(SellerNotRegistered):
        paper(document, document.totals(RATES))


def test_the_same_document_is_the_same_bytes_in_another_process() -> None:
    document = SAMPLES["invoice-mixed-rates"]
    code = (
        "import sys; from tests.unit.document.test_pdf import SAMPLES, pdf_of;"
        "sys.stdout.buffer.write(pdf_of(SAMPLES['invoice-mixed-rates']))"
    )
    other = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    pdf = pdf_of(document)
    assert hashlib.sha256(other.stdout).hexdigest() == hashlib.sha256(pdf).hexdigest()
    made = PdfReader(BytesIO(pdf)).metadata
    assert made
    assert made.creation_date == datetime(2026, 11, 30, 3, tzinfo=UTC)
    assert made.title == "請求書 I-2026-0012"


def test_the_samples_are_drawn_page_by_page() -> None:
    drawn = dict(draw(FOLDER.parent))
    assert list(drawn) == [
        "quote.png",
        "invoice-mixed-rates.png",
        "invoice-withholding.png",
        "return-invoice.png",
        *(f"invoice-three-pages-{at}.png" for at in (1, 2, 3)),
    ]
    assert all(page.startswith(b"\x89PNG") for page in drawn.values())


def test_rare_names_can_be_printed_and_what_cannot_is_named() -> None:
    demand_printable(
        ["𠮷田", "髙島", "葛\U000e0100城", "㈱①㎡㋿", "一\n二", *texts({"a": ["b", 1]})]
    )
    for text, sign, code in (
        ("お疲れさま😀", "😀", "U+1F600"),
        ("葛\U000e01ef", "葛\U000e01ef", "U+845B U+E01EF"),
        ("\U000e0100", "�", "U+E0100"),
        ("tab\there", "�", "U+0009"),
    ):
        with pytest.raises(Unprintable) as refused:
            demand_printable([text])
        assert refused.value.values == {"sign": sign, "codes": code}


@pytest.fixture
def setter() -> Typesetter:
    return typesetter()


@pytest.mark.parametrize(
    ("template", "line", "problem"),
    [
        ('\n#read("/etc/passwd")', "2", "not found"),
        ('#read("../../../../../etc/passwd")', "1", ""),
        ('#read("issuer.toml")', "1", "not found"),
        ('#import "@preview/cetz:0.3.0": canvas', "1", "download"),
        ('#eval("import \\"@preview/cetz:0.3.0\\"")', "1", "download"),
        ("#let wrong = (", "1", "unclosed"),
        ("#while true { }", "1", "always true"),
    ],
)
def test_a_template_reaches_no_other_file_and_no_network(
    setter: Typesetter, template: str, line: str, problem: str
) -> None:
    with pytest.raises(LayoutBroken) as refused:
        setter.pdf(Layout({"mine.typ": template.encode()}), "mine.typ", "{}", DAY)
    assert (refused.value.values["file"], refused.value.values["line"]) == ("mine.typ", line)
    assert problem in refused.value.values["problem"]


def test_the_typesetter_calls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the machine itself goes out through a proxy."""
    with socket.socket() as proxy:
        proxy.bind(("127.0.0.1", 0))
        proxy.listen()
        proxy.settimeout(0.2)
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        setter = Typesetter()
        layout = Layout({"mine.typ": b'#import "@preview/cetz:0.3.0"'})
        with pytest.raises(LayoutBroken):
            setter.pdf(layout, "mine.typ", "{}", DAY)
        setter.close()
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_an_idle_typesetter_ends_and_another_one_sets_the_next_document() -> None:
    before = set(psutil.Process().children())
    setter, layout = Typesetter(idle=0.2), Layout({"mine.typ": b"good"})
    first = setter.pdf(layout, "mine.typ", "{}", DAY)
    (process,) = set(psutil.Process().children()) - before
    process.wait(timeout=10)
    assert setter.pdf(layout, "mine.typ", "{}", DAY) == first
    setter.close()
    assert set(psutil.Process().children()) <= before


def test_a_template_that_never_ends_is_stopped_and_the_next_one_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("effects.typesetting.DEADLINE", 1.0)
    setter = Typesetter()
    endless = b"#for a in range(10000) { for b in range(10000) { for c in range(10000) { } } }"
    with pytest.raises(LayoutEndless):
        setter.pdf(Layout({"mine.typ": endless}), "mine.typ", "{}", DAY)
    monkeypatch.undo()
    assert setter.pdf(Layout({"mine.typ": b"good"}), "mine.typ", "{}", DAY).startswith(b"%PDF")
    setter.close()


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ('number = "T9234567890123"', 'number = "T1234567890123"', "T1234567890123"),
        ('seal = "seal.svg"', 'seal = "../seal.svg"', "../seal.svg"),
        ("name =", "nmae =", "name"),
        ("individual = false", "individual =", "Invalid value"),
    ],
)
def test_a_mistake_in_the_issuers_file_is_named(
    tmp_path: Path, was: str, now: str, problem: str
) -> None:
    text = (FOLDER / "issuer.toml").read_text().replace(was, now)
    (tmp_path / "issuer.toml").write_text(text)
    for image in ("logo.svg", "seal.svg"):
        (tmp_path / image).write_bytes((FOLDER / image).read_bytes())
    with pytest.raises(IssuerFileBroken) as refused:
        Issuer.read(tmp_path)
    assert problem in refused.value.say("en")


def test_quantities_are_written_without_idle_zeros() -> None:
    written = [number(Decimal(value)) for value in ("1000", "2.50", "1E+3", "-0.5", "100")]
    assert written == ["1,000", "2.5", "1,000", "-0.5", "100"]
    assert {kind.template for kind in DocumentKind} <= set(LAYOUT.files)
