"""What was measured: rows of a table with their aims, and the same as JSON."""

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measure. ``met`` is None where there is no aim, only something to know."""

    what: str
    value: str
    aim: str = ""
    met: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    """The numbers behind it, unrounded."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed; never one in between."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ms(seconds: float, digits: int = 1) -> str:
    return f"{seconds * 1000:.{digits}f} ms"


def table(rows: Sequence[Row]) -> str:
    lines = [("", "measured", "aim", "")]
    lines += [(row.what, row.value, row.aim, _sign(row.met)) for row in rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _sign(met: bool | None) -> str:
    return "" if met is None else "✓" if met else "✗"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
