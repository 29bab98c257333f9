"""Card v2 parts as Google's reference names them. Text from people is escaped here."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Widget = dict[str, Any]
Card = dict[str, Any]

CARD_BYTES = 32_000
"""A message may have so many bytes; Chat refuses larger ones (google-chat facts, 4)."""
CARD_WIDGETS = 100
"""Chat silently drops the section that crosses this, and all that follow."""


class Markup(str):
    """Text in the HTML subset that Chat reads, with all that people wrote in it escaped."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Make text safe where Chat reads its HTML subset."""
    return text if isinstance(text, Markup) else Markup(html.escape(text, quote=False))


def link(text: str, url: str) -> Markup:
    """Return a link within a text."""
    return Markup(f'<a href="{html.escape(url)}">{escape(text)}</a>')


@dataclass(frozen=True)
class Action:
    """What a tap sends us. ``url`` is our own endpoint: add-ons know no function names."""

    url: str
    action: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    opens_dialog: bool = False

    def build(self) -> Widget:
        pairs = {"action": self.action, **self.parameters}
        built: Widget = {
            "function": self.url,
            "parameters": [{"key": key, "value": value} for key, value in pairs.items()],
        }
        if self.opens_dialog:
            built["interaction"] = "OPEN_DIALOG"
        else:
            built["loadIndicator"] = "SPINNER"
        return built


def button(text: str, on_click: Action, *, filled: bool = False) -> Widget:
    return {
        "text": text,
        "type": "FILLED" if filled else "OUTLINED",
        "onClick": {"action": on_click.build()},
    }


def link_button(text: str, url: str) -> Widget:
    return {"text": text, "type": "FILLED_TONAL", "onClick": {"openLink": {"url": url}}}


def buttons(*built: Widget) -> Widget:
    return {"buttonList": {"buttons": list(built)}}


def paragraph(text: str) -> Widget:
    """Return a paragraph of text: a plain one is escaped."""
    return {"textParagraph": {"text": escape(text).replace("\n", "<br>")}}


def line(text: str, *, icon: str, top: str | None = None, bottom: str | None = None) -> Widget:
    """Return a line with one of Google's material icons before it."""
    decorated: Widget = {
        "startIcon": {"materialIcon": {"name": icon}},
        "text": escape(text).replace("\n", "<br>"),
        "wrapText": True,
    }
    if top:
        decorated["topLabel"] = top
    if bottom:
        decorated["bottomLabel"] = bottom
    return {"decoratedText": decorated}


def section(*widgets: Widget, header: str | None = None) -> Widget:
    built: Widget = {"widgets": list(widgets)}
    if header:
        built["header"] = escape(header)
    return built


def card(title: str, *sections: Widget, subtitle: str | None = None) -> Card:
    header: Widget = {"title": title}
    if subtitle:
        header["subtitle"] = subtitle
    return {"header": header, "sections": [part for part in sections if part["widgets"]]}


def message(built: Card, card_id: str, fallback: str) -> dict[str, Any]:
    """Return a Chat message that is this card; ``fallback`` is what a notification shows."""
    return {"cardsV2": [{"cardId": card_id, "card": built}], "fallbackText": fallback}


def escape_markup(text: str) -> str:
    """Make text safe in a message's ``text``, where Chat reads ``<…>`` as links and mentions."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
