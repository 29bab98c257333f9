"""Jinja as project templates may use it: the one environment, for a look and for a rendering.

Sandboxed and strict, and the same answers give the same text every time. Everything that a
template may name is listed here: what a later Jinja adds is not there until it is.
"""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateRuntimeError,
    Undefined,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from errors.settings import FileRefused
from files import cells, plain

FILTERS = frozenset(
    [
        "abs",
        "attr",
        "batch",
        "capitalize",
        "center",
        "count",
        "d",
        "default",
        "dictsort",
        "e",
        "escape",
        "filesizeformat",
        "first",
        "float",
        "forceescape",
        "format",
        "groupby",
        "indent",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "pprint",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "safe",
        "select",
        "selectattr",
        "slice",
        "sort",
        "string",
        "striptags",
        "sum",
        "title",
        "tojson",
        "trim",
        "truncate",
        "unique",
        "upper",
        "urlencode",
        "urlize",
        "wordcount",
        "wordwrap",
        "xmlattr",
    ]
)
"""Jinja's own but ``random``, since the same answers have to make the same plan."""
TESTS = frozenset(
    [
        "!=",
        "<",
        "<=",
        "==",
        ">",
        ">=",
        "boolean",
        "callable",
        "defined",
        "divisibleby",
        "eq",
        "equalto",
        "escaped",
        "even",
        "false",
        "filter",
        "float",
        "ge",
        "greaterthan",
        "gt",
        "in",
        "integer",
        "iterable",
        "le",
        "lessthan",
        "lower",
        "lt",
        "mapping",
        "ne",
        "none",
        "number",
        "odd",
        "sameas",
        "sequence",
        "string",
        "test",
        "true",
        "undefined",
        "upper",
    ]
)
GLOBALS = frozenset(["cycler", "dict", "joiner", "namespace", "range"])
NOT_UTF8 = "this is not UTF-8 text"


class AsWritten(str):
    """A text that the template's author vouches for, by ``safe``: cells and all."""

    __slots__ = ()


class OfferedTemplate(Template):
    """A template that sees what is offered to it, and nothing that Copier has besides."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        environment = self.environment
        assert isinstance(environment, TemplateEnvironment)
        values = dict(*args, **kwargs)
        if environment.offered is not None:
            values = {name: each for name, each in values.items() if name in environment.offered}
        return super().render(values)


class TemplateEnvironment(SandboxedEnvironment):
    """The environment of one template, or of expressions that stand alone."""

    template_class = OfferedTemplate

    def __init__(
        self,
        switches: Mapping[str, bool],
        offered: Collection[str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Name what the template may use, if not all it is given, and where it includes from."""
        options: dict[str, Any] = {"keep_trailing_newline": True, **switches}
        super().__init__(
            undefined=StrictUndefined,
            finalize=_finalized,
            loader=PlainLoader(folder) if folder else None,
            auto_reload=False,
            **options,
        )
        _keep(self.filters, FILTERS)
        _keep(self.tests, TESTS)
        _keep(self.globals, GLOBALS)
        self.filters["safe"] = AsWritten
        self.offered = offered
        self.in_table = False
        """Whether what is rendered just now is a file that spreadsheets open."""


class PlainLoader(BaseLoader):
    """Reads what a template includes, as any other file of the office's is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            root, *below = self._folder.parents[1], *self._folder.parts[-2:]
            data = plain.read(root, Path(*below, template))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise TemplateNotFound(template) from error
        except FileRefused as error:
            raise TemplateRuntimeError(f"{template}: {error.values['reason']}") from error
        except PermissionError as error:
            raise TemplateRuntimeError(f"{template}: {error.strerror}") from error
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise TemplateRuntimeError(f"{template}: {NOT_UTF8}") from error
        return text, str(self._folder / template), lambda: True


@lru_cache(maxsize=32)
def of_expressions(switches: tuple[tuple[str, bool], ...]) -> TemplateEnvironment:
    """Return the environment of expressions, which stand in no file and include none."""
    return TemplateEnvironment(dict(switches))


@lru_cache(maxsize=2048)
def compiled(environment: TemplateEnvironment, source: str) -> Template:
    """Return a text, compiled: that takes a hundred times as long as to render it."""
    return environment.from_string(source)


@pass_context
def _finalized(context: Context, value: Any) -> Any:
    """Return what ``{{ … }}`` writes. In a table that is a value which must stay in its cell."""
    environment = context.environment
    assert isinstance(environment, TemplateEnvironment)
    numbers = (int, float, AsWritten, Undefined)
    if not environment.in_table or isinstance(value, numbers):
        return value
    return cells.marked(str(value))


def _keep(all_of: dict[str, Any], known: Collection[str]) -> None:
    for name in all_of.keys() - known:
        del all_of[name]
