"""Sets a document: a layout of typst files, and what is to be printed, become a PDF.

The same layout and words give the same bytes, in any process: the fonts come with Kakari, and the
time in the PDF is one that is asked for.
"""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from effects.confined import IDLE, Confined, Overrun
from errors.document import LayoutBroken, LayoutEndless
from files import plain
from ledger.plan import Content

DEADLINE = 20.0
"""Seconds that one document may take; one of hundreds of pages takes a few."""
PIXELS = 110
"""Per inch, of a page that is drawn as an image."""
MOST_BYTES = 32 * 1024 * 1024
"""Of all files of a layout: the ledger keeps each that a document was set with."""
IMAGES = (".svg", ".png", ".jpg")

_PLACE = re.compile(r"─ (?P<file>[^\s:]+):(?P<line>[0-9]+):")


@dataclass(frozen=True)
class Layout:
    """The files a document is set with, as they were when it was planned."""

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> "Layout":
        """Read a folder's typst files and images. What else lies there, no template can see.

        Raises FileRefused, and OSError where there is no folder.
        """
        files: dict[str, bytes] = {}
        left = MOST_BYTES
        for name in plain.names(folder.parent, folder.name):
            if Path(name).suffix in (".typ", *IMAGES):
                files[name] = plain.read(folder.parent, Path(folder.name, name), left)
                left -= len(files[name])
        return cls(files)

    @cached_property
    def sha256(self) -> str:
        return Content.of(self.packed).sha256

    @classmethod
    def unpacked(cls, packed: bytes) -> "Layout":
        return cls({name: bytes.fromhex(body) for name, body in json.loads(packed).items()})

    @cached_property
    def packed(self) -> bytes:
        """The layout as bytes that are equal for equal files."""
        return json.dumps({n: body.hex() for n, body in sorted(self.files.items())}).encode()


class Typesetter:
    """Sets documents, one at a time, in a process of its own."""

    def __init__(self, idle: float = IDLE) -> None:
        self._confined = Confined("effects.typesetter", idle)
        self._one_at_a_time = threading.Lock()

    def pdf(self, layout: Layout, file: str, paper: str, issued: date) -> bytes:
        """Return the document as a PDF. Raises LayoutBroken and LayoutEndless."""
        (pdf,) = self._set(layout, file, paper, issued, "pdf")
        return pdf

    def pages(self, layout: Layout, file: str, paper: str, issued: date) -> list[bytes]:
        """Return the document's pages as PNG. Raises LayoutBroken and LayoutEndless."""
        return self._set(layout, file, paper, issued, "png")

    def close(self) -> None:
        self._confined.close()

    def _set(self, layout: Layout, file: str, paper: str, issued: date, form: str) -> list[bytes]:
        order = {
            "root": str(self._laid_out(layout)),
            "file": file,
            "paper": paper,
            "timestamp": _noon(issued),
            "format": form,
            "ppi": PIXELS,
        }
        try:
            answer, pages = self._confined.ask(order, DEADLINE)
        except Overrun as error:
            raise LayoutEndless(file=file) from error
        if "problem" in answer:
            place = _PLACE.search(answer["where"])
            raise LayoutBroken(
                file=Path(place["file"]).name if place else file,
                line=place["line"] if place else 1,
                problem=answer["problem"],
            )
        return pages

    def _laid_out(self, layout: Layout) -> Path:
        """Return a folder that holds the layout's files and no other."""
        folder = self._confined.folder / layout.sha256
        with self._one_at_a_time:
            if not folder.exists():
                folder.mkdir()
                for name, body in layout.files.items():
                    (folder / name).write_bytes(body)
        return folder


@cache
def typesetter() -> Typesetter:
    """Return this process's typesetter."""
    return Typesetter()


def _noon(day: date) -> int:
    """Return the seconds since 1970 to noon of a day, which in Japan is the same day."""
    return (day - date(1970, 1, 1)).days * 86_400 + 3 * 3600
