"""Sets a document: a layout of typst files, and what is to be printed, become a PDF.

The same layout and words give the same bytes, in any process: the fonts come with Kakari, and the
time in the PDF is one that is asked for.
"""

import atexit
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from errors.document import LayoutBroken, LayoutEndless
from ledger.plan import Content

DEADLINE = 20.0
"""Seconds that one document may take; one of hundreds of pages takes a few."""
IDLE = 60.0
"""Seconds without a document after which the typesetter ends: its fonts take some 60 MB."""
PIXELS = 110
"""Per inch, of a page that is drawn as an image."""
NOWHERE = "http://127.0.0.1:9"
"""What the typesetter is told to reach every address by: the port that discards what it gets."""
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
IMAGES = (".svg", ".png", ".jpg")

_PLACE = re.compile(r"─ (?P<file>[^\s:]+):(?P<line>[0-9]+):")


@dataclass(frozen=True)
class Layout:
    """The files a document is set with, as they were when it was planned."""

    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> "Layout":
        """Read a folder's typst files and images. What else lies there, no template can see."""
        kinds = (".typ", *IMAGES)
        found = sorted(path for path in folder.iterdir() if path.suffix in kinds)
        return cls({path.name: path.read_bytes() for path in found})

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
    """A typesetter that runs while it is needed: it ends when idle, and is started again."""

    def __init__(self, idle: float = IDLE) -> None:
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle = idle
        self._rest: threading.Timer | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="kakari-layouts-")

    def pdf(self, layout: Layout, file: str, paper: str, issued: date) -> bytes:
        """Return the document as a PDF. Raises LayoutBroken and LayoutEndless."""
        (pdf,) = self._set(layout, file, paper, issued, "pdf")
        return pdf

    def pages(self, layout: Layout, file: str, paper: str, issued: date) -> list[bytes]:
        """Return the document's pages as PNG. Raises LayoutBroken and LayoutEndless."""
        return self._set(layout, file, paper, issued, "png")

    def close(self) -> None:
        with self._one_at_a_time:
            self._end()
        self._folder.cleanup()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _set(self, layout: Layout, file: str, paper: str, issued: date, form: str) -> list[bytes]:
        order = {
            "root": str(self._laid_out(layout)),
            "file": file,
            "paper": paper,
            "timestamp": _noon(issued),
            "format": form,
            "ppi": PIXELS,
        }
        with self._one_at_a_time:
            answer, pages = self._ask(order)
            self._end_when_idle()
        if "problem" in answer:
            place = _PLACE.search(answer["where"])
            raise LayoutBroken(
                file=Path(place["file"]).name if place else file,
                line=place["line"] if place else 1,
                problem=answer["problem"],
            )
        return pages

    def _ask(self, order: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(DEADLINE, process.kill)
        late.start()
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline() or "null")
            if answer is not None:
                pages = [process.stdout.read(size) for size in answer.get("sizes", ())]
                return answer, pages
        except BrokenPipeError:
            pass
        finally:
            late.cancel()
        process.communicate()
        self._process = None
        raise LayoutEndless(file=order["file"])

    def _end_when_idle(self) -> None:
        if self._rest is not None:
            self._rest.cancel()

        def end() -> None:
            with self._one_at_a_time:
                if self._rest is rest:  # else another document was set while we waited
                    self._end()

        self._rest = rest = threading.Timer(self._idle, end)
        rest.daemon = True
        rest.start()

    def _start(self) -> subprocess.Popen[bytes]:
        here = Path(__file__).parent
        environment = {"PATH": os.defpath, "PYTHONPATH": str(here.parent)}
        environment |= dict.fromkeys([*PROXIES, *map(str.upper, PROXIES)], NOWHERE)
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", f"{__package__}.typesetter"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._folder.name,
            env=environment,
        )

    def _laid_out(self, layout: Layout) -> Path:
        """Return a folder that holds the layout's files and no other."""
        folder = Path(self._folder.name) / layout.sha256
        with self._one_at_a_time:
            if not folder.exists():
                folder.mkdir()
                for name, body in layout.files.items():
                    (folder / name).write_bytes(body)
        return folder


@cache
def typesetter() -> Typesetter:
    """Return this process's typesetter."""
    made = Typesetter()
    atexit.register(made.close)
    return made


def _noon(day: date) -> int:
    """Return the seconds since 1970 to noon of a day, which in Japan is the same day."""
    return (day - date(1970, 1, 1)).days * 86_400 + 3 * 3600
