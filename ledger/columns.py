"""What a column holds, the same in every database: SQLite would take any length."""

from typing import Any, Final

from sqlalchemy import Dialect, String
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

from errors.asking import TooLong

LARGEST: Final = 2**63 - 1
"""The largest whole number that any column holds."""


class DoesNotFit(DontWrapMixin, TooLong):
    """Something in this has more than the {most} characters that are kept of it. Please shorten it."""

    ja = "保存できる長さ（{most} 文字）を超える項目があります。短くしてください。"


class Bounded(TypeDecorator[str]):
    """A text that tells one thing from another: too long a one is refused where it is written.

    Nothing is refused that a column is only compared with: there is just no such row.
    """

    impl = String
    cache_ok = True
    python_type = str

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises DoesNotFit."""
        if value is not None and len(value) > self.most:
            raise DoesNotFit(most=self.most)
        return value

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return String()


class Shown(Bounded):
    """A text that people read and nothing hangs on: too long a one is cut where it is written."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and value[: self.most]
