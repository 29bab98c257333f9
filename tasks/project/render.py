"""A template and its answers become folders and files, by Copier and without its unsafe features."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Protocol

from effects import rendering
from effects.rendering import TemplateWrong
from errors.settings import FileRefused
from files import cells, plain
from ledger.plan import SLOT_CLOSES, SLOT_OPENS, Content, Slot
from tasks.project.definition import NUMBER
from tasks.project.names import LARGE, LEFT_BEHIND, RENDERED, Name, names, walk
from tasks.project.problem import DEFINITION, Problem
from tasks.project.shape import OFFERED
from tasks.project.template import Survey, Template

ALTERED = (
    "project_number is changed by a filter; it is given out later and can only stand as it is",
    "project_number は後から決まるため、フィルタなしでそのまま書いてください",
)
CUT_APART = (
    "a filter block cuts values apart; put the filter behind each value",
    "filter ブロックが値を分断しています。フィルタは値ごとに書いてください",
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
    rendering.preload()


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
        for entry in walk(made):
            if entry.path.name in LEFT_BEHIND:
                continue
            name = named[entry.path]
            if entry.is_folder:
                folders.append(name.target)
            elif entry.wrong:
                raise Problem(name.source, 1, entry.wrong.en, entry.wrong.ja).broken(template.name)
            else:
                content = _content(template, name, made / entry.path, slot, keep)
                files.append((name.target, content))
    return Tree(
        tuple(sorted(folders, key=_depth)), tuple(sorted(files, key=lambda f: _depth(f[0])))
    )


def _depth(path: PurePosixPath) -> tuple[int, PurePosixPath]:
    # Level by level: all folders of one level travel in one request.
    return len(path.parts), path


def _run(template: Template, survey: Survey, slot: Slot, made: Path) -> None:
    made.mkdir()  # Copier makes none for a template that comes out empty.
    skeleton = made.with_name("template")
    _lay_out(template, skeleton)
    asked = [question.name for question in template.questions]
    try:
        template.jinja.copy(
            template.folder,
            skeleton,
            made,
            {**survey.given, NUMBER: slot.mark},
            [*OFFERED, NUMBER, *asked],
        )
    except TemplateWrong as error:
        file = PurePosixPath(error.file) if error.file else DEFINITION
        raise Problem(file, error.line, error.en, error.ja).broken(template.name) from error


def _lay_out(template: Template, skeleton: Path) -> None:
    """Make a folder with the names of the template's files, of which only the definition is whole.

    Copier follows links. So the folder it is shown has none, and whatever is in a file comes
    through the one way of reading.
    """
    skeleton.mkdir()
    for entry in walk(template.folder):
        if entry.problem:
            raise entry.problem.broken(template.name)
        if entry.is_folder:
            (skeleton / entry.path).mkdir()
        else:
            data = read(template, entry.path) if entry.path == DEFINITION else b""
            (skeleton / entry.path).write_bytes(data)


def read(template: Template, source: PurePosixPath) -> bytes:
    """Return a file of the template's. Raises TemplateBroken, and OSError for what passes."""
    root, *below = template.folder.parents[1], *template.folder.parts[-2:]  # as the setting names
    try:
        return plain.read(root, PurePosixPath(*below, source))
    except FileRefused as error:
        en, ja = error.values["reason"], error.values["reason_ja"]
        raise Problem(source, 1, en, ja).broken(template.name) from error
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        said = str(error.strerror)
        raise Problem(source, 1, said, said).broken(template.name) from error


def _content(template: Template, name: Name, file: Path, slot: Slot, keep: Keep) -> Content:
    source = name.source
    if not source.name.endswith(RENDERED):
        found = Content.of(read(template, source))
        return found.model_copy(update={"template": template.name, "path": str(source)})
    data = file.read_bytes()
    if cells.is_table(name.target.name):
        try:
            data = cells.settled(data.decode(), name.target.name).encode()
        except ValueError as error:
            raise Problem(source, 1, *CUT_APART).broken(template.name) from error
    if len(data) > plain.MOST_BYTES:
        raise Problem(source, 1, LARGE.en, LARGE.ja).broken(template.name)
    mark = slot.mark.encode()
    rest = data.replace(mark, b"")
    if SLOT_OPENS.encode() in rest or SLOT_CLOSES.encode() in rest:
        raise Problem(source, 1, *ALTERED).broken(template.name)
    return keep(data, slots=mark in data)
