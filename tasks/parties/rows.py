"""A row of the sheet of parties: what it says of one, or what of it is not understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from errors import KakariError
from errors.listing import CellBroken, HonorificUnknown, NoName, TooLongForParty
from money.registration import registration_number
from money.terms import Terms
from tasks.document.document import Honorific
from tasks.document.listing import ListedRow
from tasks.document.party import Party
from workspace.sheets import Cell

LONGEST = 200
"""Characters of a cell that a document has room for."""
NONE = ("-", "ー", "なし", "無し", "未登録", "免税")
"""What people write where there is no registration number."""


log = structlog.get_logger()


@dataclass(frozen=True)
class Unclear:
    """A cell that is not understood; its row is left alone."""

    cell: str
    error: KakariError

    def say(self, locale: str) -> str:
        return f"{self.cell}: {self.error.say(locale)}"


def name_of(row: ListedRow) -> str:
    """Return whose row it is. Raises NoName, CellBroken and TooLongForParty."""
    name = " ".join(_text(row, "name").split())
    if not name:
        raise NoName
    return name


def party_of(row: ListedRow, name: str, was: Party | None) -> Party | list[Unclear]:
    """Return the party that a row tells of; what it is silent about stays as it ``was``."""
    party = was or Party(name=name)
    said: dict[str, Any] = {}
    unclear = []
    for field, read in READERS.items():
        try:
            if text := _text(row, field):
                said[field] = read(text, row.cell(field), party)
        except KakariError as error:
            unclear.append(Unclear(row.address(field), error))
        except Exception as error:  # noqa: BLE001  # one bad cell costs its row only
            log.warning("parties.cell_broke", field=field, error=type(error).__name__)
            unclear.append(Unclear(row.address(field), _broken(row, field)))
    return unclear or party.model_copy(update=said)


def told(was: Party | None, now: Party, headers: Mapping[str, str]) -> str:
    """Return what becomes of a party in one line, in the sheet's own words."""
    changes = [
        f"{headers[field]}: {f'{old} → ' if old else ''}{new}"
        for field in READERS
        if (new := _shown(now, field)) != (old := _shown(was, field) if was else "")
        and field in headers
    ]
    return " ".join(["+" if was is None else "·", now.name, "・".join(changes)]).strip()


def _text(row: ListedRow, field: str) -> str:
    text = row.text(field)
    if text is None:
        raise _broken(row, field)
    if len(text) > LONGEST:
        raise TooLongForParty(most=LONGEST)
    return text


def _broken(row: ListedRow, field: str) -> CellBroken:
    return CellBroken(text=" ".join(str(row.cell(field)).split())[:50])


def _honorific(text: str, _: Cell, __: Party) -> Honorific:
    try:
        return Honorific(text)
    except ValueError as error:
        raise HonorificUnknown(text=text[:50]) from error


def _postal(text: str, cell: Cell, _: Party) -> str:
    """Return a postal code; Sheets makes a number of 0600001 and drops its zero."""
    if isinstance(cell, str):
        return text.removeprefix("〒").strip()
    return f"{text:0>7}"[:-4] + "-" + text[-4:]


def _lines(text: str, _: Cell, __: Party) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.splitlines())))


def _registration(text: str, _: Cell, __: Party) -> str | None:
    return None if text in NONE else registration_number(text)


READERS: Mapping[str, Callable[[str, Cell, Party], Any]] = {
    "honorific": _honorific,
    "postal": _postal,
    "address": _lines,
    "person": lambda text, _, __: text,
    "terms": lambda text, _, party: Terms.parse(text, party.terms.shift),
    "registration": _registration,
}
"""By field, how a text in its cell is read; empty ones are not."""


def _shown(party: Party, field: str) -> str:
    value = getattr(party, field)
    match value:
        case Terms():
            return value.say("ja")
        case tuple():
            return " ".join(value)
        case _:
            return str(value or "")
