"""The fields that dialogs about documents have, each with its own check and sentence."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from cards.sentences import Sentence
from money.amount import digits
from money.registration import registration_number
from money.terms import Terms
from reading.text import LONGEST_VALUE, normal
from tasks.document.day import said_in_form

NOT_A_NUMBER = Sentence(
    "Please type a number, such as 1,000 or 2.5.", "数値を入力してください（例: 1,000、2.5）。"
)
NOT_ZERO = Sentence(
    "The quantity is 0. Please type another, or leave the line out.",
    "数量が 0 です。数量を入力するか、この行を省いてください。",
)
TOO_MUCH = Sentence(
    "This number is too large. Please check it.", "数値が大きすぎます。入力を確認してください。"
)
TOO_FINE = Sentence("Please use four decimals at the most.", "小数は 4 桁までで入力してください。")
MOST = Decimal(10) ** 12
"""What no quantity, price or amount of an office reaches."""
DECIMALS = 4


def _wrong(sentence: Sentence) -> PydanticCustomError:
    return PydanticCustomError("kakari", "{en}", {"en": sentence.en, "ja": sentence.ja})


def _decimal(value: Any) -> Decimal:
    """Read a number as people type it: full width, with commas, a yen sign, a blank."""
    plain = normal(str(value)).replace(",", "").strip(" ¥円")
    if len(plain) > LONGEST_VALUE:
        raise _wrong(NOT_A_NUMBER)
    try:
        number = Decimal(plain.replace("−", "-").replace("▲", "-").replace("△", "-"))
    except InvalidOperation:
        raise _wrong(NOT_A_NUMBER) from None
    if not number.is_finite():
        raise _wrong(NOT_A_NUMBER)
    if not number:
        return Decimal()  # a zero may have an exponent of a million
    if number.adjusted() >= MOST.adjusted():
        raise _wrong(TOO_MUCH)
    if number.adjusted() < -DECIMALS or number != round(number, DECIMALS):
        raise _wrong(TOO_FINE)
    return number


def _some(value: Decimal) -> Decimal:
    if not value:
        raise _wrong(NOT_ZERO)
    return value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Quantity = Annotated[Decimal, BeforeValidator(_decimal), AfterValidator(_some)]
Short = Annotated[str, Field(max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Long = Annotated[str, Field(max_length=200)]
TypedTerms = Annotated[str, Field(max_length=LONGEST_VALUE), said_in_form(Terms.parse)]
TypedRegistration = Annotated[
    str, Field(max_length=LONGEST_VALUE), said_in_form(registration_number)
]
Currency = Annotated[
    str,
    Field(max_length=3),
    BeforeValidator(lambda v: str(v).strip().upper()),
    said_in_form(digits),
]
