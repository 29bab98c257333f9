"""What the files of a template come to be called.

Copier renders the names too, but lets one file silently take another's place. Here two files
cannot meet, an answer cannot become a path, and a mistake is found in the file it stands in.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from jinja2 import TemplateError

from errors.asking import UnusableName
from ledger.plan import Slot
from tasks.file_name import file_name
from tasks.project.expressions import fill, is_expression
from tasks.project.problem import Problem
from tasks.project.question import Answer
from tasks.project.template import Template

RENDERED = ".jinja"
KEEPS_FOLDER = ".gitkeep"
"""Is in a template only since git forgets empty folders."""
LINK = "this is a symbolic link", "シンボリックリンクは使えません"


def walk(folder: Path) -> Iterator[PurePosixPath]:
    """Yield everything below the folder, folders before what is in them, symlinks not followed."""
    for path in sorted(folder.iterdir()):
        name = PurePosixPath(path.name)
        yield name
        if path.is_dir() and not path.is_symlink():
            yield from (name / below for below in walk(path))


def names(
    template: Template, values: Mapping[str, Answer], slot: Slot
) -> dict[PurePosixPath, PurePosixPath]:
    """Return what comes out, each path with the one in the template that it comes from.

    Raises TemplateBroken, and UnusableName for a name that would be a path.
    """
    made: dict[PurePosixPath, PurePosixPath] = {}
    folders = {PurePosixPath(): PurePosixPath()}
    # Windows and macOS take names for one that differ in case or composition only.
    taken: dict[str, tuple[PurePosixPath, bool]] = {}
    for source in walk(template.folder):
        path = template.folder / source
        if path.is_symlink():
            raise Problem(source, 1, *LINK).broken(template.name)
        if source.parent not in folders or source.name == KEEPS_FOLDER:
            continue
        name = _name(template, source, values)
        if not name:
            continue  # So a template leaves out a file, or a folder with all that is in it.
        if "/" in name or name in {".", ".."}:
            usable(name, slot, source)
        target = folders[source.parent] / name
        is_folder = path.is_dir()
        entry = target, is_folder
        other = taken.setdefault(_alike(target), entry)
        # Two folders of one name become one; nothing else may meet.
        if other is not entry and not (is_folder and other == entry):
            raise Problem(
                source,
                1,
                f"something else comes out as “{target}” too",
                f"「{target}」という名前のものがほかにもできます",
            ).broken(template.name)
        if is_folder:
            folders[source] = target
        made[target] = source
    return made


def usable(name: str, slot: Slot, source: PurePosixPath) -> str:
    """Return a rendered name, which may hold the slot, as it is delivered.

    Raises UnusableName, which has the template's ``file`` among its values.
    """
    try:
        file_name(name.replace(slot.mark, slot.shown))
    except UnusableName as error:
        raise UnusableName(**error.values, file=str(source)) from None
    return unicodedata.normalize("NFC", name).strip()


def _name(template: Template, source: PurePosixPath, values: Mapping[str, Answer]) -> str:
    name = source.name
    if not (template.folder / source).is_dir():
        name = name.removesuffix(RENDERED)
    if not is_expression(name):
        return name
    try:
        return fill(template.env, name, values)
    except TemplateError as error:
        raise Problem(source, 1, str(error), str(error)).broken(template.name) from error


def _alike(path: PurePosixPath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
