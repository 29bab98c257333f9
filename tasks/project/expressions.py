"""Jinja as templates may use it: sandboxed, strict, and the same answer every time.

Copier renders the files; this says beforehand what is in them, and decides the small expressions
of ``copier.yml`` while the dialog is filled in.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment


def environment(options: Mapping[str, bool]) -> SandboxedEnvironment:
    """Return Jinja without what would make two plans from the same answers differ.

    Copier's additional filters are missing too: some read the disk, the clock or the environment.
    """
    env = SandboxedEnvironment(
        undefined=StrictUndefined, **{"keep_trailing_newline": True, **options}
    )
    del env.filters["random"]
    del env.globals["lipsum"]
    return env


def variables(env: SandboxedEnvironment, source: str) -> dict[str, int]:
    """Return what the text takes from outside, each with the first line that names it.

    Raises jinja2.TemplateSyntaxError, also for a filter that there is not.
    """
    tree = env.parse(source)
    outside = meta.find_undeclared_variables(tree) - env.globals.keys()
    lines: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in outside:
            lines[name.name] = min(name.lineno, lines.get(name.name, name.lineno))
    return lines


def is_expression(text: object) -> bool:
    return isinstance(text, str) and any(sign in text for sign in ("{{", "{%", "{#"))


def fill(env: SandboxedEnvironment, source: str, values: Mapping[str, Any]) -> str:
    """Return the text with its values; what they hold is not looked into again.

    Raises jinja2.TemplateError for whatever goes wrong in it.
    """
    try:
        return _compiled(env, source).render(values)
    except (TemplateError, MemoryError):
        raise
    except Exception as error:
        # An expression can raise anything: a division by zero, a number plus a word.
        raise TemplateError(f"{type(error).__name__}: {error}") from error


# Compiling takes a hundred times as long as rendering, and a dialog renders dozens of them.
@lru_cache(maxsize=2048)
def _compiled(env: SandboxedEnvironment, source: str) -> Template:
    return env.from_string(source)


def truth(value: object) -> bool:
    """Return what Copier takes for yes and no in ``when`` and in a switch's default."""
    word = str(value).strip().lower()
    if word in {"n", "no", "f", "false", "off", "~", "null", "none", ""}:
        return False
    try:
        return bool(float(word))
    except ValueError:
        return True
