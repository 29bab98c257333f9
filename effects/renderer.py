"""The process that works with project templates: it says what is in them, and fills them in.

It is a process of its own since an expression can need any time and any memory
(effects/confined.py). Copier does the rendering, in Kakari's environment instead of its own.
"""

import errno
import traceback
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import (
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    meta,
    nodes,
)

from effects.confined import Answer, serve
from effects.rendering import NOW
from effects.template_environment import TemplateEnvironment, compiled, of_expressions
from files import cells

MEMORY = 256 * 1024 * 1024
"""Bytes: Copier and what it needs take some sixty million."""
SECONDS = 5
"""Of the processor, for an order that does not say how many."""
PASSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
"""What is no mistake of the template, and passes or is mended: a full disk."""
MOST_TOGETHER = 100 * 1024 * 1024
"""Of what one template comes to; it lies in memory until it is planned."""
TOO_MUCH_TOGETHER = "the files come to more than 100 MB together"
TOO_DEEP = (
    "it is nested too deep, or files include each other in a circle",
    "入れ子が深すぎるか、ファイルが互いに include しています",
)
TOO_MUCH = "it needs too much memory", "メモリを使いすぎます"


def main() -> None:
    serve(_answer, memory=MEMORY, seconds=SECONDS)


def _answer(order: dict[str, Any]) -> Answer:
    try:
        match order["what"]:
            case "load":
                _worker()
                return {}, []
            case "names":
                return _names(order), []
            case "fill":
                return _fill(order)
            case _:
                return _copy(order), []
    except Exception as error:  # noqa: BLE001 - an expression can raise anything
        # A template that is not found is an OSError as well, and a name that is too long.
        if isinstance(error, OSError) and error.errno in PASSING:
            return {"errno": error.errno, "strerror": error.strerror}, []
        return _mistake(order, error), []


def _names(order: dict[str, Any]) -> dict[str, Any]:
    """Return what a text takes from outside, and what it includes: each with its first line."""
    environment = of_expressions(_switches(order))
    tree = environment.parse(order["source"])
    outside = meta.find_undeclared_variables(tree) - environment.globals.keys()
    lines: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in outside:
            lines[name.name] = min(name.lineno, lines.get(name.name, name.lineno))
    files: dict[str, int] = {}
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        named = node.template  # type: ignore[attr-defined]
        must = not getattr(node, "ignore_missing", False)
        if must and isinstance(named, nodes.Const) and isinstance(named.value, str):
            files.setdefault(named.value, node.lineno)
    return {"lines": lines, "files": files}


def _fill(order: dict[str, Any]) -> Answer:
    template = compiled(of_expressions(_switches(order)), order["source"])
    return {}, [template.render(order["values"]).encode("utf-8", "surrogatepass")]


def _copy(order: dict[str, Any]) -> dict[str, Any]:
    """Let Copier make a project of a template."""
    with _worker()(
        environment=(
            dict(_switches(order)),
            frozenset(order["offered"]),
            Path(order["folder"]),
        ),
        src_path=order["skeleton"],
        dst_path=Path(order["made"]),
        data=order["data"],
        settings={},  # A person's own settings of Copier on this machine do not count.
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=False,
        skip_tasks=True,
    ) as worker:
        worker.run_copy()
    return {}


@cache
def _worker() -> Any:
    """Return Copier's worker with our environment in place of its own.

    The class is not a part of Copier's interface, but nothing of that takes an environment. A test
    holds it to what is relied on here.
    """
    from copier._jinja_ext import SandboxedEnvironment
    from copier._main import Worker

    class OurEnvironment(TemplateEnvironment, SandboxedEnvironment):
        """The environment that Copier's questions take: they ask for one of its own class."""

    class OurWorker(Worker):
        def __init__(self, *, environment: tuple[Any, ...], **options: Any) -> None:
            super().__init__(**options)
            self._environment = OurEnvironment(*environment)
            self._room = MOST_TOGETHER

        @cached_property
        def jinja_env(self) -> OurEnvironment:
            return self._environment

        def _render_file(
            self,
            src_relpath: Path,
            dst_relpath: Path,
            extra_context: dict[str, Any] | None = None,
        ) -> None:
            self.dst_path.with_name(NOW).write_text(str(src_relpath), "utf-8")
            self._environment.in_table = cells.is_table(dst_relpath.name)
            try:
                super()._render_file(src_relpath, dst_relpath, extra_context)
            finally:
                self._environment.in_table = False
            self._room -= (self.dst_path / dst_relpath).stat().st_size
            if self._room < 0:
                raise TemplateRuntimeError(TOO_MUCH_TOGETHER)

    return OurWorker


def _switches(order: dict[str, Any]) -> tuple[tuple[str, bool], ...]:
    return tuple((name, on) for name, on in order["switches"])


def _mistake(order: dict[str, Any], error: Exception) -> dict[str, Any]:
    """Return what is wrong and where: Jinja puts its lines into the traceback."""
    en, ja = _said(error, alone="folder" not in order)
    file, line = _place(order, error)
    return {"problem": en, "ja": ja, "line": line, "file": file}


def _place(order: dict[str, Any], error: Exception) -> tuple[str | None, int]:
    folder = Path(order.get("folder", "/nowhere"))
    if isinstance(error, TemplateSyntaxError):
        named = error.filename and Path(error.filename)
        found = named and named.is_relative_to(folder) and str(named.relative_to(folder))
        return found or None, error.lineno
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(folder):
            return str(Path(frame.filename).relative_to(folder)), frame.lineno or 1
    return None, 1


def _said(error: Exception, *, alone: bool) -> tuple[str, str]:
    if isinstance(error, TemplateNotFound):
        return f"there is no file {error} to include", f"{error} というファイルがありません"
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, MemoryError):
        return TOO_MUCH
    said = str(error) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        said = str(error.message)
    elif alone and not isinstance(error, TemplateError):
        said = f"{type(error).__name__}: {error}"
    return said, said


if __name__ == "__main__":
    main()
