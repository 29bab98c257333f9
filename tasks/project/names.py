"""What the files of a template come to be called.

Copier renders the names too, but lets one file silently take another's place. Here two files
cannot meet, an answer cannot become a path, and a mistake is found in the file it stands in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from jinja2 import TemplateError

from cards.sentences import Sentence
from errors.asking import UnusableName
from ledger.plan import Slot
from reading.text import normal
from tasks.file_name import file_name
from tasks.project.expressions import fill, is_expression
from tasks.project.problem import Problem
from tasks.project.question import Answer
from tasks.project.template import Template

RENDERED = ".jinja"
LEFT_BEHIND = frozenset([".gitkeep", ".DS_Store"])
"""What git and macOS have in folders for themselves."""
NOT_COPIED = ("copier.yaml", "copier.yml", "~*", "*.py[co]", "__pycache__", ".git", ".svn")
"""Copier's own list of what is no part of a template: it leaves out what comes out so, too."""
SILENT = Sentence(
    "Copier leaves out whatever is called so", "この名前のものはひな形から作成されません"
)
LINK = "this is a symbolic link", "シンボリックリンクは使えません"
# Copier takes the ending off such a folder at one time and not at another.
ONLY_FILES = (
    f"only a file can end in {RENDERED}, with a name before it",
    f"{RENDERED} で終わる名前はファイルにだけ付けられます",
)


@dataclass(frozen=True)
class Name:
    """What a file or folder of the template is called in the project, as a path."""

    source: PurePosixPath
    target: PurePosixPath


def walk(folder: Path) -> Iterator[PurePosixPath]:
    """Yield everything below the folder, folders before what is in them, symlinks not followed."""
    for path in sorted(folder.iterdir()):
        name = PurePosixPath(path.name)
        yield name
        if path.is_dir() and not path.is_symlink():
            yield from (name / below for below in walk(path))


def names(
    template: Template, values: Mapping[str, Answer], slot: Slot
) -> dict[PurePosixPath, Name]:
    """Return a name for each path that Copier will render.

    Raises TemplateBroken; and UnusableName, which has the template's ``file`` among its values.
    """
    found: dict[PurePosixPath, Name] = {}
    # Where the template's folders are rendered to, and what they are called.
    folders = {PurePosixPath(): (PurePosixPath(), PurePosixPath())}
    # Windows and macOS take names for one that differ in case only.
    taken: dict[str, tuple[PurePosixPath, bool]] = {}
    for source in walk(template.folder):
        path = template.folder / source
        if path.is_symlink():
            raise Problem(source, 1, *LINK).broken(template.name)
        if source.name == RENDERED or (path.is_dir() and source.name.endswith(RENDERED)):
            raise Problem(source, 1, *ONLY_FILES).broken(template.name)
        if source.parent not in folders or source.name in LEFT_BEHIND:
            continue
        rendered = _rendered(template, source, values)
        if not rendered:
            continue  # So a template leaves out a file, or a folder with all that is in it.
        above, target_above = folders[source.parent]
        target = target_above / _usable(rendered, slot, source)
        entry = target, path.is_dir()
        other = taken.setdefault(str(target).casefold(), entry)
        # Two folders of one name become one; nothing else may meet.
        if other is not entry and not (path.is_dir() and other == entry):
            raise Problem(
                source,
                1,
                f"something else comes out as “{target}” too",
                f"「{target}」という名前のものがほかにもできます",
            ).broken(template.name)
        if path.is_dir():
            folders[source] = above / rendered, target
        found[above / rendered] = Name(source, target)
    return found


def _usable(name: str, slot: Slot, source: PurePosixPath) -> str:
    """Return a rendered name as it is delivered; it may hold the slot."""
    shown = name.replace(slot.mark, slot.shown)
    try:
        file_name(shown)
        if is_expression(source.name) and any(fnmatch(name, each) for each in NOT_COPIED):
            raise UnusableName(name=shown, why=SILENT.say("en"), why_ja=SILENT.say("ja"))
    except UnusableName as error:
        raise UnusableName(**error.values, file=str(source)) from None
    return normal(name, "NFC").strip()


def _rendered(template: Template, source: PurePosixPath, values: Mapping[str, Answer]) -> str:
    name = source.name
    if not (template.folder / source).is_dir():
        name = name.removesuffix(RENDERED)
    if not is_expression(name):
        return name
    try:
        return fill(template.env, name, values)
    except TemplateError as error:
        raise Problem(source, 1, str(error), str(error)).broken(template.name) from error
