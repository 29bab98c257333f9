"""A form's values. Both formats spell them alike, one object per kind of widget."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any

from bot.wire.foreign import MANY, SHORT, fields, flag, integer, text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(form_inputs: object) -> dict[str, list[str]]:
    """Return each widget's values as texts; one whose value cannot be read is left out."""
    found = ((name, _values(item)) for name, item in islice(fields(form_inputs).items(), MANY))
    return {text(name, SHORT): values for name, values in found if values is not None}


def _values(item: object) -> list[str] | None:
    match item:
        case {"stringInputs": given}:
            return _strings(fields(given).get("value"))
        case {"dateInput": given}:
            moment = _moment(fields(given))
            return [moment.date().isoformat()] if moment else None
        case {"timeInput": given}:
            return _clock(fields(given))
        case {"dateTimeInput": given}:
            return _date_time(fields(given))
        case _:
            return None


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [text(item) for item in value[:MANY] if isinstance(item, str)]


def _clock(given: Any) -> list[str] | None:
    # A zero may be left out, as protobuf's JSON does.
    try:
        at = time(integer(given.get("hours", 0)) or 0, integer(given.get("minutes", 0)) or 0)
    except (ValueError, OverflowError):
        return None
    return [at.isoformat("minutes")]


def _date_time(given: Any) -> list[str] | None:
    moment = _moment(given)
    if moment is None:
        return None
    has_date, has_time = flag(given.get("hasDate")), flag(given.get("hasTime"))
    if has_date == has_time:
        return [moment.isoformat()]
    return [moment.date().isoformat() if has_date else moment.time().isoformat("minutes")]


def _moment(given: Any) -> datetime | None:
    # No number means an empty picker, not 1970: the year nobody writes an invoice for.
    milliseconds = integer(given.get("msSinceEpoch"))
    if milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
