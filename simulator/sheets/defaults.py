"""What a spreadsheet is like that nobody has said anything about, as Google prints it."""

from typing import Any

Json = dict[str, Any]

_WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
_THEME = {
    "BACKGROUND": (255, 255, 255),
    "ACCENT4": (52, 168, 83),
    "ACCENT2": (234, 67, 53),
    "LINK": (17, 85, 204),
    "ACCENT1": (66, 133, 244),
    "ACCENT6": (70, 189, 198),
    "ACCENT3": (251, 188, 4),
    "ACCENT5": (255, 109, 1),
    "TEXT": (0, 0, 0),
}


def _color(parts: tuple[int, int, int]) -> Json:
    named = zip(("red", "green", "blue"), parts, strict=True)
    return {"rgbColor": {name: round(part / 255, 8) for name, part in named if part}}


PROPERTIES: Json = {
    "locale": "en_US",
    "autoRecalc": "ON_CHANGE",
    "timeZone": "Etc/GMT",
    "defaultFormat": DEFAULT_FORMAT,
    "spreadsheetTheme": {
        "primaryFontFamily": "Arial",
        "themeColors": [
            {"colorType": name, "color": _color(parts)} for name, parts in _THEME.items()
        ],
    },
}
TITLE = "Untitled spreadsheet"
