"""The words of an invoice as HTML, for an engine that sets HTML to set the same page."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from effects.fonts import font_files

STYLE = """
@font-face {{ font-family: sans; src: url({regular}); }}
@font-face {{ font-family: sans; font-weight: bold; src: url({bold}); }}
@page {{ size: A4; margin: 18mm 16mm; }}
body {{ font: 9pt sans; }} h1 {{ text-align: center; letter-spacing: 1em; }}
table {{ width: 100%; border-collapse: collapse; margin: 4mm 0; }}
td, th {{ border: 0.4pt solid #888; padding: 1mm 2mm; }} td:nth-child(n + 3) {{ text-align: right; }}
"""
COLUMNS = ("day", "text", "quantity", "unit", "price", "rate", "amount")


def page_of(words: Mapping[str, Any]) -> str:
    """Return the page with every word that the typst template prints."""
    regular, bold = (Path(file).as_uri() for file in font_files())
    party, seller = words["party"], words["seller"]
    sides = [
        *(party["name"], party["honorific"], party["postal"], *party["address"]),
        *(seller["name"], seller["postal"], *seller["address"], *seller["contact"]),
        *(seller["registration"] or "", words["subject"], words["payable"]),
        *(f"{label} {value}" for label, value in (*words["heading"], *words["facts"])),
    ]
    parts = [
        f"<style>{STYLE.format(regular=regular, bold=bold)}</style>",
        f"<h1>{escape(words['title'])}</h1>",
        *(f"<div>{escape(each)}</div>" for each in sides),
        _table([line[column] for column in COLUMNS] for line in words["lines"]),
        _table([group["label"], group["amount"], group["tax"]] for group in words["groups"]),
        _table([each["label"], each["amount"]] for each in words["sums"]),
        *(f"<div>{escape(each)}</div>" for each in (*seller["bank"], *words["notes"])),
    ]
    return "\n".join(parts)


def _table(rows: Iterable[Sequence[str]]) -> str:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
