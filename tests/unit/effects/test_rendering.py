"""What a text comes to is asked for once, and is the same as if it were asked for each time."""

import pytest

from effects import rendering
from effects.rendering import MOST_SIGNS, Jinja, TemplateWrong

JINJA = Jinja()


def asked() -> int:
    """Return how many texts the process was asked to fill in."""
    return rendering._filled.cache_info().misses


def test_a_text_is_asked_for_once_whatever_else_was_answered() -> None:
    source = "{{ customer }} 御中"
    assert JINJA.fill(source, {"customer": "鈴木製作所", "other": "1"}) == "鈴木製作所 御中"
    before = asked()
    assert JINJA.fill(source, {"customer": "鈴木製作所", "other": "2"}) == "鈴木製作所 御中"
    assert asked() == before
    assert JINJA.fill(source, {"customer": "富士金型"}) == "富士金型 御中"
    assert asked() == before + 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (True, "True"), (1.0, "1.0"), ("1", "1"), ("true", "true"), ("{{ n }}", "{{ n }}")],
)
def test_values_that_look_alike_come_to_their_own_texts(value: str | float, text: str) -> None:
    assert JINJA.fill("{{ n }}", {"n": value}) == text


def test_templates_that_are_read_otherwise_come_to_their_own_texts() -> None:
    source = "{% if true %}\nx{% endif %}"
    assert JINJA.fill(source, {}) == "\nx"
    assert Jinja((("trim_blocks", True),)).fill(source, {}) == "x"


def test_a_value_that_is_not_there_is_missed_also_after_it_was() -> None:
    source = "{{ n if n is defined else 'none' }}"
    assert JINJA.fill(source, {"n": 3}) == "3"
    assert JINJA.fill(source, {}) == "none"
    with pytest.raises(TemplateWrong):
        JINJA.fill("{{ missing }}", {"n": 3})


@pytest.mark.parametrize("source", ["x" * (MOST_SIGNS + 1), "{{ n * 1000000 }}"])
def test_a_text_that_comes_out_too_long_is_refused_whether_it_is_an_expression(source: str) -> None:
    with pytest.raises(TemplateWrong, match="longer than"):
        JINJA.fill(source, {"n": "x"})
