"""A dialog fits into what Chat takes, and says where it had to leave something out."""

import json

import pytest

from cards.form import SHORTENED, Field, form_card
from cards.widgets import CARD_BYTES, Action, Card

SEND = Action("https://kakari.example.com/chat", "form", {})


def size(card: Card) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode())


def values(card: Card) -> dict[str, str]:
    inputs = [w["textInput"] for w in card["sections"][0]["widgets"] if "textInput" in w]
    return {each["name"]: each.get("value", "") for each in inputs}


@pytest.mark.parametrize("sign", ["x", "係", "𠮷", '"', "\n"])
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_what_is_cut_off_is_said_at_its_field_and_nothing_else_is(sign: str, locale: str) -> None:
    short = Field("name", "Name", value="鈴木邸")
    long = [Field(f"line{n}", "Line", value=sign * 20_000, lines=3) for n in range(3)]
    card = form_card("Form", [short, *long], locale, SEND)
    assert size(card) <= CARD_BYTES
    assert values(card)["name"] == "鈴木邸"
    assert str(card).count(SHORTENED.say(locale)) == 3
    for name, value in values(card).items():
        assert name == "name" or 1_000 < len(value) < 20_000


def test_what_was_wrong_with_a_field_stays_said_where_it_is_cut_off() -> None:
    card = form_card("Form", [Field("a", "A", value="x" * 40_000, error="At most 80.")], "en", SEND)
    assert "At most 80." in str(card)
    assert SHORTENED.en not in str(card)


def test_a_form_that_fits_is_drawn_as_it_was_typed() -> None:
    fields = [Field(f"line{n}", "Line", value="係" * 200, lines=3) for n in range(40)]
    card = form_card("Form", fields, "ja", SEND)
    assert set(values(card).values()) == {"係" * 200}
    assert SHORTENED.ja not in str(card)
