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
