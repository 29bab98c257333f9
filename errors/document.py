"""A document cannot be set, issued or found."""

from typing import ClassVar

from errors.asking import AskingError
from errors.work import WorkError


class LayoutBroken(WorkError):
    """The document template has a mistake in {file}, line {line}: {problem}."""

    ja: ClassVar[str] = "帳票テンプレートの {file} {line} 行目に誤りがあります（{problem}）。"


class LayoutEndless(WorkError):
    """The document template {file} needs more time or memory than a document may take, so it was stopped. Please correct it."""

    ja = "帳票テンプレート {file} の処理に時間かメモリが足りないため中止しました。テンプレートを修正してください。"


class Unprintable(AskingError):
    """“{sign}” ({codes}) cannot be printed, for the documents’ font does not have it. Please write it another way."""

    ja = "「{sign}」（{codes}）は帳票のフォントにないため印刷できません。別の表記にしてください。"


class IssuerIsSample(WorkError):
    """{file} still is the sample of {name}, a made-up firm, so nothing is issued. The person who looks after Kakari has to write your firm’s own there, and take the line “sample = true” out."""

    ja = "{file} が見本（架空の会社「{name}」）のままのため、書類を発行できません。Kakari の管理者が自社の情報に書き換え、「sample = true」の行を削除してください。"


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


class NotADay(AskingError):
    """“{text}” is no day. Please write it as 2026-11-30 or “令和8年11月30日”, and check the era."""

    ja = "「{text}」という日付はありません。2026-11-30 や「令和8年11月30日」のように入力し、元号も確認してください。"


class QuoteExpired(AskingError):
    """The quote {number} was valid until {until}. Please make a new one, or type the lines anew."""

    ja = "見積書 {number} は有効期限（{until}）を過ぎています。見積書を作り直すか、明細を入力してください。"


class PriceModesMixed(AskingError):
    """One document has prices either with or without tax, but these have both: {numbers}. Please make two."""

    ja = "税込と税抜の金額が混在しています（{numbers}）。書類を分けてください。"


class NothingBefore(AskingError):
    """There is no earlier document to take the lines from. Please type them."""

    ja = "もとにできる書類がまだありません。明細を入力してください。"


class NothingDelivered(AskingError):
    """Nothing was delivered in {month} that is not invoiced yet."""

    ja = "{month} に納品済みで未請求のものはありません。"


class NotWithheld(AskingError):
    """Income tax is withheld of an individual’s fees only. Please take the mark off the line, or set individual in issuer.toml."""

    ja = "源泉徴収は発行者が個人の場合のみ対象です。明細の指定を外すか、issuer.toml の individual を設定してください。"


class NotIssued(AskingError):
    """{number} is not issued ({state}), so nothing can follow from it."""

    ja = "{number} は発行済みではないため（{state_ja}）、もとにできません。"


class AlreadyInvoiced(AskingError):
    """The delivery note {number} is on an invoice already. Please correct that one if it is wrong."""

    ja = "納品書 {number} はすでに請求済みです。誤りがある場合は、その請求書を訂正してください。"


class NotAnInvoice(AskingError):
    """{number} is no invoice, and only an invoice is corrected or returned. Please check the number."""

    ja = "{number} は請求書ではありません。訂正・返還できるのは請求書だけです。番号を確認してください。"


class TakenSince(AskingError):
    """{spent} has been invoiced, corrected or made void since this was stopped, so {number} cannot be issued any more. What is issued stays; please ask for the rest anew."""

    ja = "中止している間に {spent} が請求・訂正・無効化されたため、{number} はもう発行できません。発行済みの書類はそのままです。残りはもう一度依頼してください。"


class RestedOn(AskingError):
    """{number} stays, for {by} rests on it. Please undo {by} first if both are wrong."""

    ja = "{number} は {by} のもとになっているため、元に戻せません。両方とも誤りの場合は、先に {by} を元に戻してください。"


class SignOfReturn(AskingError):
    """A return invoice takes something back, so its total has to be negative. Please type negative quantities."""

    ja = "返還請求書の合計はマイナスになる必要があります。数量をマイナスで入力してください。"


class ProjectUnknown(AskingError):
    """There is no project {project} with a folder. Please check the project number."""

    ja = "案件 {project} のフォルダがありません。案件番号を確認してください。"
