"""What formulas come to: ``+ - * / ^ & %``, comparisons, and the functions schedules need."""

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simulator.sheets import serials
from simulator.sheets.a1 import Area
from simulator.sheets.cells import BLANK, Cell, CellError, Formula, Json, Value, normal
from simulator.sheets.formula import FormulaError, Operation, Reference, parse
from simulator.sheets.number_format import general
from simulator.sheets.spreadsheet import Sheet, Spreadsheet

NOT_READABLE = CellError("#ERROR!", "ERROR", "Formula parse error.")
NO_SUCH_PLACE = CellError("#REF!", "REF", "Reference does not exist.")
IN_A_CIRCLE = CellError(
    "#REF!",
    "REF",
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
)
_BY_ZERO = "Function DIVIDE parameter 2 cannot be zero."
#: How many formulas may wait for each other before Python's own stack would end.
_DEEPEST = 90

Place = tuple[Sheet, int, int, Cell]


class _TooDeep(Exception):
    """Another formula must be worked out first, or the stack ends."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class _Failed(Exception):
    def __init__(self, error: CellError) -> None:
        super().__init__(error.message)
        self.error = error


class Calculation:
    """The values of one spreadsheet at one moment; each formula is worked out once."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self._spreadsheet = spreadsheet
        self._known: dict[tuple[int, int, int], Value] = {}
        self._doing: set[tuple[int, int, int]] = set()

    def value(self, sheet: Sheet, row: int, column: int, cell: Cell) -> Value:
        """What the cell shows, as a value."""
        if not isinstance(cell.entered, Formula):
            return cell.entered
        key = (sheet.id, row, column)
        if key not in self._known:
            if self._doing:
                return self._formula((sheet, row, column, cell))
            self._settle((sheet, row, column, cell))
        return self._known[key]

    def _settle(self, place: Place) -> None:
        """Work out a formula, and before it those that lie too deep below it."""
        waiting = [place]
        while waiting:
            try:
                self._formula(waiting[-1])
                waiting.pop()
            except _TooDeep as deeper:
                if any(_key(each) == _key(deeper.place) for each in waiting):
                    self._known[_key(deeper.place)] = IN_A_CIRCLE
                else:
                    waiting.append(deeper.place)

    def _formula(self, place: Place) -> Value:
        key = _key(place)
        if key in self._known:
            return self._known[key]
        if key in self._doing:
            return IN_A_CIRCLE
        if len(self._doing) > _DEEPEST:
            raise _TooDeep(place)
        sheet, _, _, cell = place
        assert isinstance(cell.entered, Formula)
        self._doing.add(key)
        try:
            value = self._come_to(cell.entered.text, sheet)
        finally:
            self._doing.discard(key)
        self._known[key] = value
        return value

    def number_format(self, sheet: Sheet, cell: Cell) -> Json | None:
        """The cell's own, or for a formula that of the first cell it refers to."""
        if cell.number_format or not isinstance(cell.entered, Formula):
            return cell.number_format
        try:
            tree = parse(cell.entered.text)
        except FormulaError:
            return None
        for reference in _references(tree):
            meant = self._sheet(reference, sheet)
            if meant:
                area = reference.area
                return (meant.cell(area.top, area.left) or BLANK).number_format
        return None

    def _come_to(self, text: str, sheet: Sheet) -> Value:
        try:
            found = self._one(parse(text), sheet)
        except FormulaError:
            return NO_SUCH_PLACE if "#REF!" in text else NOT_READABLE
        except _Failed as failed:
            return failed.error
        return 0 if found is None else found

    def _one(self, tree: Operation, sheet: Sheet) -> Value:
        """Work out a tree that stands for one value; an error anywhere in it ends it."""
        match tree.kind:
            case "literal":
                value = tree.value
                assert isinstance(value, str | int | float | bool)
                return value
            case "reference":
                assert isinstance(tree.value, Reference)
                return next(self._cells(tree.value, sheet), None)
            case "name":
                return self._first_of_named(str(tree.value))
            case "call":
                return self._call(str(tree.value), tree.of, sheet)
            case "unary-" | "unary+":
                number = _number(self._one(tree.of[0], sheet))
                return -number if tree.kind == "unary-" else number
            case "%":
                return _number(self._one(tree.of[0], sheet)) / 100
        left, right = (self._one(each, sheet) for each in tree.of)
        return _operate(tree.kind, left, right)

    def _call(self, name: str, arguments: tuple[Operation, ...], sheet: Sheet) -> Value:
        if name == "IF":
            if not 2 <= len(arguments) <= 3:
                raise _Failed(CellError("#N/A", "N_A", "Wrong number of arguments to IF."))
            chosen = 1 if _truth(self._one(arguments[0], sheet)) else 2
            return self._one(arguments[chosen], sheet) if chosen < len(arguments) else False
        if name in {"TODAY", "NOW"}:
            now = serials.now_in(self._spreadsheet.time_zone)
            day = serials.of_date(now.date())
            return day if name == "TODAY" else day + serials.of_time(now.time())
        if name == "ROUND":
            values = [_number(self._one(each, sheet)) for each in arguments]
            return _rounded(values)
        if name not in _OF_MANY:
            raise _Failed(CellError("#NAME?", "NAME", f"Unknown function: '{name}'."))
        return _OF_MANY[name](list(self._many(arguments, sheet)))

    def _many(self, arguments: tuple[Operation, ...], sheet: Sheet) -> Iterator[Value]:
        for argument in arguments:
            if argument.kind == "reference":
                assert isinstance(argument.value, Reference)
                yield from self._cells(argument.value, sheet)
            elif argument.kind == "name":
                yield from self._named(str(argument.value))
            else:
                yield self._one(argument, sheet)

    def _cells(self, reference: Reference, sheet: Sheet) -> Iterator[Value]:
        """The values of the cells that are not empty; of a lone cell, also of an empty one."""
        meant = self._sheet(reference, sheet)
        if meant is None:
            message = f"Unresolved sheet name '{reference.sheet}'."
            raise _Failed(CellError("#REF!", "REF", message))
        yield from self._in(meant, reference.area)

    def _in(self, sheet: Sheet, area: Area) -> Iterator[Value]:
        for row, column, cell in sheet.cells_in(area):
            value = self.value(sheet, row, column, cell)
            if isinstance(value, CellError):
                raise _Failed(value)
            yield value

    def _named(self, name: str) -> Iterator[Value]:
        place = self._spreadsheet.named(name)
        if place is None:
            raise _Failed(CellError("#NAME?", "NAME", f"Unknown range name: '{name.upper()}'."))
        yield from self._in(*place)

    def _first_of_named(self, name: str) -> Value:
        return next(self._named(name), None)

    def _sheet(self, reference: Reference, home: Sheet) -> Sheet | None:
        return home if reference.sheet is None else self._spreadsheet.titled(reference.sheet)


def _key(place: Place) -> tuple[int, int, int]:
    sheet, row, column, _ = place
    return sheet.id, row, column


def _references(tree: Operation) -> Iterator[Reference]:
    if isinstance(tree.value, Reference):
        yield tree.value
    for each in tree.of:
        yield from _references(each)


def _number(value: Value) -> float:
    match value:
        case None:
            return 0
        case bool() | int() | float():
            return float(value)
        case CellError():
            raise _Failed(value)
    try:
        return float(value.replace(",", ""))
    except ValueError:
        message = (
            f"Function ADD parameter 1 expects number values. But '{value}' is a text and cannot "
            "be coerced to a number."
        )
        raise _Failed(CellError("#VALUE!", "VALUE", message)) from None


def _truth(value: Value) -> bool:
    return value.upper() == "TRUE" if isinstance(value, str) else bool(_number(value))


def _operate(sign: str, left: Value, right: Value) -> Value:
    if sign == "&":
        return _text(left) + _text(right)
    if sign in _COMPARISONS:
        return _COMPARISONS[sign](_rank(left), _rank(right))
    first, second = _number(left), _number(right)
    if sign == "/" and second == 0:
        raise _Failed(CellError("#DIV/0!", "DIVIDE_BY_ZERO", _BY_ZERO))
    try:
        result = _ARITHMETIC[sign](first, second)
    except (OverflowError, ZeroDivisionError):
        result = math.inf
    # A root of a negative number is complex.
    if isinstance(result, complex) or not math.isfinite(result):
        raise _Failed(CellError("#NUM!", "NUM", "Result was not a number."))
    return normal(result)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _rank(value: Value) -> tuple[int, float | str]:
    """Order values as Sheets does: numbers, then text, then truth values."""
    if isinstance(value, bool):
        return 2, float(value)
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, _number(value)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else "" if value is None else general(_number(value))


def _numbers(values: Sequence[Value]) -> list[float]:
    return [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _average(values: Sequence[Value]) -> Value:
    numbers = _numbers(values)
    if not numbers:
        message = "Evaluation of function AVERAGE caused a divide by zero error."
        raise _Failed(CellError("#DIV/0!", "DIVIDE_BY_ZERO", message))
    return normal(sum(numbers) / len(numbers))


def _rounded(values: list[float]) -> Value:
    if not 1 <= len(values) <= 2:
        raise _Failed(CellError("#N/A", "N_A", "Wrong number of arguments to ROUND."))
    scale = 10 ** int(values[1]) if len(values) == 2 else 1
    scaled = abs(values[0]) * scale + 0.5 + 1e-9
    return normal((1 if values[0] >= 0 else -1) * int(scaled) / scale)


_OF_MANY: dict[str, Callable[[Sequence[Value]], Value]] = {
    "SUM": lambda values: normal(sum(_numbers(values))),
    "AVERAGE": _average,
    "MIN": lambda values: normal(min(_numbers(values), default=0)),
    "MAX": lambda values: normal(max(_numbers(values), default=0)),
    "COUNT": lambda values: len(_numbers(values)),
    "COUNTA": len,
    "CONCATENATE": lambda values: "".join(_text(value) for value in values),
}
