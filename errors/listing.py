"""A table that the office keeps in a sheet, such as its price list, cannot be used."""

from typing import ClassVar

from errors.asking import AskingError
from errors.work import WorkError


class ColumnsMissing(WorkError):
    """The tab “{tab}” has no row with the headers {names}: add them, or name your own in the file of KAKARI_DOCUMENT_SHEETS."""

    ja: ClassVar[str] = (
        "シート「{tab}」に見出し（{names}）の行がありません。見出しを追加するか、KAKARI_DOCUMENT_SHEETS のファイルで列の見出しを指定してください。"
    )


class NoPrice(AskingError):
    """“{text}” has no price. Please type one, or add it to the price list."""

    ja = "「{text}」の単価がありません。単価を入力するか、単価表に追加してください。"


class PriceUnread(AskingError):
    """The price list says something at {cell} that is not understood (“{said}”). Please correct it, or type the line’s price, unit and tax."""

    ja = "単価表の {cell}「{said}」を読み取れません。修正するか、単価・単位・税区分を入力してください。"


class PricedTwice(AskingError):
    """“{text}” stands in the price list more than once (rows {rows}). Please leave one of them, or type the price."""

    ja = "「{text}」が単価表に複数あります（{rows} 行目）。一つにするか、単価を入力してください。"


class PricedOtherwise(AskingError):
    """The known price of “{text}” is {known}, but this document’s prices are {wanted}. Please type the price, or choose the other in the form."""

    ja = "「{text}」の登録単価は{known_ja}ですが、この書類の単価は{wanted_ja}です。単価を入力するか、書類の指定を変更してください。"


class ProjectUnpriced(AskingError):
    """The schedule has no amount for the project {project}. Please add it there, or type the lines."""

    ja = "案件 {project} の金額が予定表に登録されていません。金額を登録するか、明細を入力してください。"


class ProjectNotScheduled(AskingError):
    """There is no project {project} in the schedule. Please check the project number."""

    ja = "案件 {project} は予定表にありません。案件番号を確認してください。"


class CustomerUnknown(AskingError):
    """The project {project} is for “{customer}”, which is no party yet. Please add it with /party, or name the party in the form."""

    ja = "案件 {project} の得意先「{customer}」が取引先に登録されていません。/party で登録するか、フォームで取引先を指定してください。"


class NoRegister(AskingError):
    """No register is set up: [documents] in the file of KAKARI_DOCUMENT_SHEETS says which sheet it is (docs/invoices.md)."""

    ja = "取引台帳のシートが設定されていません。KAKARI_DOCUMENT_SHEETS のファイルの [documents] で指定してください（docs/invoices.md）。"


class NoPartySheet(AskingError):
    """No sheet of parties is set up: [parties] in the file of KAKARI_DOCUMENT_SHEETS says which one (docs/invoices.md)."""

    ja = "取引先一覧のシートが設定されていません。KAKARI_DOCUMENT_SHEETS のファイルの [parties] で指定してください（docs/invoices.md）。"


class NoName(AskingError):
    """The row has no name."""

    ja = "取引先名がありません。"


class NamedTwice(AskingError):
    """“{name}” stands in more than one row ({rows}); leave one of them."""

    ja = "「{name}」が複数の行（{rows} 行目）にあります。一つにしてください。"


class HonorificUnknown(AskingError):
    """“{text}” is no honorific: write “御中” or “様”."""

    ja = "敬称「{text}」は使えません。「御中」か「様」にしてください。"


class TooLongForParty(AskingError):
    """The cell has more than {most} characters; shorten it."""

    ja = "{most} 文字を超えています。短くしてください。"


class CellBroken(AskingError):
    """The cell shows an error of its formula (“{text}”)."""

    ja = "数式がエラーになっています（{text}）。"


class PartyChanged(AskingError):
    """“{name}” was changed since this was approved, so it was left. Please ask for it again."""

    ja = "「{name}」は承認後に変更されたため、そのまま残しました。もう一度依頼してください。"
