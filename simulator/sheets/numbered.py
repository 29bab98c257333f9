"""Which entry of a list a refusal is about: ``Invalid data[2]: …``."""

from collections.abc import Iterator
from contextlib import contextmanager

from simulator.answers import ApiError


@contextmanager
def numbered(what: str, index: int, name: str | None = None) -> Iterator[None]:
    try:
        yield
    except ApiError as error:
        entry = f"{what}[{index}]" + (f".{name}" if name else "")
        raise ApiError(
            error.code,
            f"Invalid {entry}: {error.message}",
            status=error.status,
            details=error.details,
        ) from error
