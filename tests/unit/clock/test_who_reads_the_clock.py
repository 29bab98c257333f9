"""Time is a parameter: no module reads the clock while it loads, and no constructor does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kakari

HOUSE = Path(kakari.__file__).parent.parent
OURS = [
    "bot",
    "worker",
    "tasks",
    "effects",
    "ledger",
    "workspace",
    "money",
    "cards",
    "errors",
    "kakari",
    "simulator",
]
CLOCKS = {"now", "utcnow", "today", "moment", "now_in_milliseconds", "localtime", "gmtime"}
"""Functions that read the wall clock, by the last part of their names."""
OF_TIME = {"time", "time_ns", "now", "today"}
FACTORIES = {"default", "default_factory", "server_default", "onupdate"}
CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "model_post_init"}


def readings(source: str) -> list[int]:
    """Return the lines that read the clock when a module is loaded or an object is made."""
    return sorted({node.lineno for node in _early(ast.parse(source)) if _reads(node)})


def _early(tree: ast.Module) -> Iterator[ast.AST]:
    """Walk through what runs when the module is loaded or one of its classes makes an object."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults]
            waiting += filter(None, node.args.kw_defaults)
            if node.name in CONSTRUCTORS:
                waiting += node.body
        elif isinstance(node, ast.Lambda):
            waiting += node.args.defaults
        elif isinstance(node, ast.keyword) and node.arg in FACTORIES:
            yield node
            inside = node.value.body if isinstance(node.value, ast.Lambda) else node.value
            waiting.append(inside)
        else:
            yield node
            waiting += ast.iter_child_nodes(node)


def _reads(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):  # default=now, without a call
        return node.arg in FACTORIES and _named(node.value) in CLOCKS
    return isinstance(node, ast.Call) and _is_clock(node.func)


def _is_clock(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute) and _named(function.value) == "time":
        return function.attr in OF_TIME
    return _named(function) in CLOCKS


def _named(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("package", OURS)
def test_no_module_and_no_constructor_reads_the_clock(package: str) -> None:
    found = {
        str(file.relative_to(HOUSE)): lines
        for file in sorted((HOUSE / package).rglob("*.py"))
        if (lines := readings(file.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "from ledger.database import now\nSTARTED = now()",
        "import time\nSTARTED = time.time()",
        "class A:\n  def __init__(self):\n    self.since = datetime.now(UTC)",
        "def f(at=now()): ...",
        "class A:\n  at: datetime = field(default_factory=lambda: datetime.now(UTC))",
        "class A:\n  at: Mapped[datetime] = mapped_column(default=now)",
        "class A:\n  made = date.today()",
    ],
)
def test_a_reading_of_the_clock_at_the_wrong_time_is_seen(source: str) -> None:
    assert readings(source)


@pytest.mark.parametrize(
    "source",
    [
        "def look(self):\n  return now()",
        "class A:\n  def __init__(self, clock=time.monotonic):\n    self.began = clock()",
        "late = lambda: now()",
        "import time\nBEGAN = time.monotonic()",
    ],
)
def test_a_reading_when_it_is_asked_for_is_left_alone(source: str) -> None:
    assert not readings(source)
