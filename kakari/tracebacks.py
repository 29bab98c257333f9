"""What a log says of an exception: its kind and where it came from, never what it was about.

The words of an exception hold what people typed, tokens, addresses with passwords: a validation
error shows its input, a database's error the row, a KeyError its key. So none of them is shown. The
place is enough to find out why, and a few numbers that libraries put beside their words.
"""

import errno
import traceback
from collections.abc import Iterator
from types import TracebackType

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

FRAMES = 30
"""The innermost places that are shown of each exception."""
CHAIN = 10
"""Exceptions that are shown of those that led to each other."""
NUMBERS = ("status_code", "lineno", "colno", "returncode")
"""Attributes that tell more, and are shown if they are numbers."""

Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def told(exc_info: Raised) -> str:
    """Return the places and kinds of an exception and of what led to it, the first cause last."""
    return "\n".join(_lines(exc_info[1], CHAIN))


def _lines(error: BaseException, left: int) -> Iterator[str]:
    frames = traceback.extract_tb(error.__traceback__)
    if len(frames) > FRAMES:
        yield f"  … {len(frames) - FRAMES} calls before"
    for frame in frames[-FRAMES:]:
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    yield " ".join((_kind(type(error)), *_details(error)))
    if left == 0:
        return
    if isinstance(error, BaseExceptionGroup):
        for at, each in enumerate(error.exceptions[:left], 1):
            yield f"{at}. of {len(error.exceptions)}:"
            yield from _lines(each, left - 1)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield "after:"
        yield from _lines(before, left - 1)


def _kind(of: type[object]) -> str:
    return of.__qualname__ if of.__module__ == "builtins" else f"{of.__module__}.{of.__qualname__}"


def _details(error: BaseException) -> Iterator[str]:
    if isinstance(error, OSError) and (name := errno.errorcode.get(error.errno or 0)):
        yield name
    if isinstance(error, ValidationError):
        yield ", ".join(sorted({each["type"] for each in error.errors(include_url=False)}))
    if isinstance(error, DBAPIError) and error.orig is not None:
        yield _kind(type(error.orig))
    for name in NUMBERS:
        if isinstance(number := getattr(error, name, None), int):
            yield f"{name}={number}"
