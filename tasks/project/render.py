"""A template and its answers become folders and files, by Copier and without its unsafe features."""

import hashlib
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Protocol

from jinja2 import TemplateSyntaxError

from ledger.plan import SLOT_CLOSES, SLOT_OPENS, Content, Slot
from tasks.project.definition import NUMBER
from tasks.project.names import LEFT_BEHIND, RENDERED, names, walk
from tasks.project.problem import DEFINITION, Problem
from tasks.project.template import Survey, Template

ALTERED = (
    "project_number is changed by a filter; it is given out later and can only stand as it is",
    "project_number は後から決まるため、フィルタなしでそのまま書いてください",
)


class Keep(Protocol):
    """Where rendered bytes go: ``Look.keep``."""

    def __call__(self, data: bytes, *, slots: bool = False) -> Content: ...


@dataclass(frozen=True)
class Tree:
    """What a project holds, below its own folder; folders before what is in them."""

    folders: tuple[PurePosixPath, ...]
    files: tuple[tuple[PurePosixPath, Content], ...]


def preload() -> None:
    """Load Copier, which takes longer than a rendering: at a worker's start, not in a job."""
    import_module("copier")


def render(template: Template, survey: Survey, slot: Slot, keep: Keep) -> Tree:
    """Return what the template makes of the answers, with the slot where the number will be.

    Raises TemplateBroken for a mistake in the template, UnusableName for a name that comes out
    of the answers.
    """
    named = names(template, {**survey.values, NUMBER: slot.mark}, slot)
    folders: list[PurePosixPath] = []
    files: list[tuple[PurePosixPath, Content]] = []
    with TemporaryDirectory(prefix="kakari-") as place:
        made = Path(place) / "project"
        _run(template, survey, slot, made)
        for path in walk(made):
            if path.name in LEFT_BEHIND:
                continue
            name = named[path]
            if (made / path).is_dir():
                folders.append(name.target)
            else:
                content = _content(template, name.source, made / path, slot, keep)
                files.append((name.target, content))
    return Tree(
        tuple(sorted(folders, key=_depth)), tuple(sorted(files, key=lambda f: _depth(f[0])))
    )


def _depth(path: PurePosixPath) -> tuple[int, PurePosixPath]:
    # Level by level: all folders of one level travel in one request.
    return len(path.parts), path


def _run(template: Template, survey: Survey, slot: Slot, made: Path) -> None:
    from copier import Settings, run_copy

    made.mkdir()  # Copier makes none for a template that comes out empty.
    try:
        run_copy(
            str(template.folder),
            made,
            data={**survey.given, NUMBER: slot.mark},
            settings=Settings(),  # A person's own settings of Copier on this machine do not count.
            defaults=True,
            overwrite=True,
            quiet=True,
            unsafe=False,
            skip_tasks=True,
        )
    except OSError:
        raise  # A full disk is no mistake of the template.
    except Exception as error:
        # A template can raise anything: Copier's errors, Jinja's, a division by zero.
        raise _mistake(template, error).broken(template.name) from error


def _mistake(template: Template, error: Exception) -> Problem:
    """Return where in the template an error arose: Jinja puts its lines into the traceback."""
    said = str(error)
    if isinstance(error, TemplateSyntaxError) and error.filename:
        file = Path(error.filename).relative_to(template.folder)
        return Problem(PurePosixPath(file), error.lineno, str(error.message), str(error.message))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(template.folder):
            file = Path(frame.filename).relative_to(template.folder)
            return Problem(PurePosixPath(file), frame.lineno or 1, said, said)
    return Problem(DEFINITION, 1, said, said)


def _content(
    template: Template, source: PurePosixPath, file: Path, slot: Slot, keep: Keep
) -> Content:
    if not source.name.endswith(RENDERED):
        with file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Content(
            sha256=sha256, size=file.stat().st_size, template=template.name, path=str(source)
        )
    data = file.read_bytes()
    mark = slot.mark.encode()
    rest = data.replace(mark, b"")
    if SLOT_OPENS.encode() in rest or SLOT_CLOSES.encode() in rest:
        raise Problem(source, 1, *ALTERED).broken(template.name)
    return keep(data, slots=mark in data)
