"""A document cannot be set, issued or found."""

from typing import ClassVar

from errors.asking import AskingError
from errors.work import WorkError


class LayoutBroken(WorkError):
    """The document template has a mistake in {file}, line {line}: {problem}."""

    ja: ClassVar[str] = "帳票テンプレートの {file} {line} 行目に誤りがあります（{problem}）。"


class LayoutEndless(WorkError):
    """The document template {file} does not come to an end, so it was stopped. Please correct it."""

    ja = "帳票テンプレート {file} の処理が終わらないため中止しました。テンプレートを修正してください。"


class Unprintable(AskingError):
    """“{sign}” ({codes}) cannot be printed, for the documents’ font does not have it. Please write it another way."""

    ja = "「{sign}」（{codes}）は帳票のフォントにないため印刷できません。別の表記にしてください。"


class SellerNotRegistered(AskingError):
    """You were no registered issuer of qualified invoices on {day} (registered from {since}). Please check the date, or the registration in issuer.toml."""

    ja = "{day} の時点では適格請求書発行事業者として登録されていません（登録日 {since}）。日付か、issuer.toml の登録情報を確認してください。"


class DocumentUnknown(AskingError):
    """There is no document {number}. Please check the number."""

    ja = "{number} という書類はありません。番号を確認してください。"


class PartyUnknown(AskingError):
    """There is no party “{words}”. Please add it with /party first."""

    ja = "「{words}」という取引先はありません。先に /party で登録してください。"


class PartyUnclear(AskingError):
    """“{words}” may be {known}. Please write the whole name."""

    ja = "「{words}」に当てはまる取引先が複数あります（{known}）。正式な名称を入力してください。"
