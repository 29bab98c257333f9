"""An amount, a rate or a term that cannot be."""

from typing import ClassVar

from errors.asking import AskingError


class MoneyError(AskingError):
    """This amount cannot be. Please check what you typed."""

    ja: ClassVar[str] = "金額が正しくありません。入力を確認してください。"


class CurrencyUnknown(MoneyError):
    """There is no currency “{currency}”. Please use a code of three letters, such as JPY or EUR."""

    ja = "「{currency}」という通貨はありません。JPY や EUR のような 3 文字で指定してください。"


class CurrenciesMixed(MoneyError):
    """One document has one currency, but this one has {one} and {other}."""

    ja = "一つの書類に {one} と {other} が混在しています。通貨をそろえてください。"


class YenRateMissing(MoneyError):
    """The tax has to be shown in yen, too: please say how many yen one {currency} is."""

    ja = "消費税額は円でも表示する必要があります。1 {currency} が何円かを入力してください。"


class WithholdingInYen(MoneyError):
    """Income tax is withheld in yen only, and this document is in {currency}."""

    ja = "源泉徴収は円建ての書類でのみ計算できます（この書類は {currency} 建てです）。"


class NothingCharged(MoneyError):
    """There is nothing to charge for. Please add a line."""

    ja = "明細がありません。1 行以上入力してください。"


class NothingToDiscount(MoneyError):
    """The discount is more than what is charged. Please check it."""

    ja = "値引額が請求額を超えています。値引額を確認してください。"


class TooMuchMoney(MoneyError):
    """This comes to a million millions or more. Please check quantity and price."""

    ja = "金額が 1 兆以上になります。数量と単価を確認してください。"


class NoRate(MoneyError):
    """There is no rate of “{category}” for {day}: check the date, or add a row to tax.toml."""

    ja = "{day} 時点の「{category_ja}」の税率がありません。日付を確認するか、tax.toml に行を追加してください。"


class NoRegistrationNumber(MoneyError):
    """A registration number is T and 13 digits, such as T7000012050002."""

    ja = "登録番号は T と 13 桁の数字で入力してください（例: T7000012050002）。"


class RegistrationDigitWrong(MoneyError):
    """{number} is no registration number: a digit is wrong. Please compare it with the original."""

    ja = "{number} は登録番号として正しくありません（検査数字が合いません）。原本と見比べてください。"


class TermsUnknown(MoneyError):
    """“{text}” is not understood. Please write terms such as “月末締め翌月末払い” or “20日締め翌月10日払い”."""

    ja = "支払条件「{text}」を読み取れません。「月末締め翌月末払い」「20日締め翌月10日払い」のように入力してください。"
