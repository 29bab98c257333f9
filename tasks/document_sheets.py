"""The file about documents' sheets: where they are registered, and where prices and parties stand.

docs/invoices.md is the page for whoever writes the file.
"""

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from errors.settings import DocumentSheetsBroken
from tasks.sheet_place import Names, SheetPlace, read_file


class RegisterSheet(SheetPlace):
    """取引台帳: a row for each document that was issued."""

    HEADERS: ClassVar[Names] = {
        "number": ("書類番号", "番号", "Number", "No."),
        "kind": ("種別", "書類", "Kind", "Document"),
        "issued": ("発行日", "日付", "Date of issue", "Date"),
        "party": ("取引先", "取引先名", "宛先", "Party", "Customer"),
        "subject": ("件名", "Subject"),
        "currency": ("通貨", "Currency"),
        "net": ("税抜金額", "税抜", "Net"),
        "tax": ("消費税額", "消費税", "Tax"),
        "gross": ("税込金額", "税込", "Gross", "Total"),
        "payable": ("請求額", "差引請求額", "Payable"),
        "due": ("支払期限", "支払期日", "Due", "Due date"),
        "project": ("案件番号", "案件No.", "Project number", "Project No."),
        "about": ("もとの書類", "関連書類", "About"),
        "file": ("PDF", "リンク", "File", "Link"),
        "state": ("状態", "State", "Status"),
    }
    NEEDED: ClassVar[tuple[str, ...]] = ("number", "state")

    valid: str = "有効"
    """What the state says of a document that holds."""
    void: str = "無効"
    """What it says of one that was made void."""


class PriceSheet(SheetPlace):
    """単価表: what one of something costs."""

    HEADERS: ClassVar[Names] = {
        "name": ("品名", "品目", "項目", "Item", "Name"),
        "price": ("単価", "価格", "Price", "Unit price"),
        "unit": ("単位", "Unit"),
        "category": ("税区分", "税率", "Tax"),
    }
    NEEDED: ClassVar[tuple[str, ...]] = ("name", "price")

    with_tax: bool = False
    """Whether its prices are with tax."""


class PartySheet(SheetPlace):
    """取引先一覧: whom the office trades with."""

    HEADERS: ClassVar[Names] = {
        "name": ("取引先名", "取引先", "会社名", "得意先", "Name", "Party", "Customer"),
        "honorific": ("敬称", "Honorific"),
        "postal": ("郵便番号", "Postal code", "ZIP"),
        "address": ("住所", "所在地", "Address"),
        "person": ("担当", "担当者", "ご担当者", "部署・ご担当者", "Person", "Contact"),
        "terms": ("支払条件", "締め支払", "Terms", "Terms of payment"),
        "registration": ("登録番号", "インボイス登録番号", "Registration number"),
    }
    NEEDED: ClassVar[tuple[str, ...]] = ("name",)


class DocumentSheets(BaseModel):
    """What the file says. What it does not name is not there, and nothing else changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    documents: RegisterSheet | None = None
    prices: PriceSheet | None = None
    parties: PartySheet | None = None


def read(path: Path) -> DocumentSheets:
    """Read the file. Raises DocumentSheetsBroken, which says what is wrong where."""
    return read_file(path, DocumentSheets, DocumentSheetsBroken)
