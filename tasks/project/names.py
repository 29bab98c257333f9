"""What the files of a template come to be called.

Copier renders the names too, but lets one file silently take another's place. Here two files
cannot meet, an answer cannot become a path, and a mistake is found in the file it stands in.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from cards.sentences import Sentence
from effects.rendering import TemplateWrong
from errors.asking import UnusableName
from files import plain
from ledger.plan import Slot
from reading.text import normal
from tasks.file_name import file_name
from tasks.project.expressions import is_expression
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
MOST_ENTRIES = 5_000
DEEPEST = 30
LONGEST = 2_000
"""Bytes of a path; the system takes four thousand, with what stands before it."""
NOT_TEXT = Sentence("the name is not UTF-8 text", "名前が UTF-8 の文字ではありません")
LARGE = Sentence("the file is larger than 10 MB", "10 MB を超えています")
TOO_MANY = Sentence(
    f"the template has more than {MOST_ENTRIES:,} files and folders",
    f"ファイルとフォルダが合わせて {MOST_ENTRIES:,} 個を超えています",
)
TOO_DEEP = Sentence(
    f"folders are nested more than {DEEPEST} deep", f"フォルダの階層が {DEEPEST} を超えています"
)
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


@dataclass(frozen=True)
class Entry:
    """A file or folder of a template."""

    path: PurePosixPath
    is_folder: bool
    wrong: Sentence | None
    """Why it cannot be used, if it cannot: then nothing of it is read."""

    @property
    def problem(self) -> Problem | None:
        return Problem(self.path, 1, self.wrong.en, self.wrong.ja) if self.wrong else None


def walk(folder: Path) -> Iterator[Entry]:
    """Yield everything below the folder, folders before what is in them, symlinks not followed.

    It is looked at and not opened. Where it is too much, what is too much is the last.
    """
    waiting = _listed(folder, PurePosixPath())
    for _ in range(MOST_ENTRIES):
        if not waiting:
            return
        path = waiting.pop()
        try:
            entry = _entry(folder, path)
            if entry.is_folder and entry.wrong is None:
                waiting += _listed(folder, path)
        except FileNotFoundError:
            continue  # it was there a moment ago: an editor's own file
        except OSError as error:
            said = str(error.strerror)
            entry = Entry(path, False, Sentence(said, said))
        yield entry
    if waiting:
        yield Entry(waiting.pop(), False, TOO_MANY)


def _listed(folder: Path, below: PurePosixPath) -> list[PurePosixPath]:
    return [below / name for name in sorted(os.listdir(folder / below), reverse=True)]  # noqa: PTH208


def _entry(folder: Path, path: PurePosixPath) -> Entry:
    there = (folder / path).lstat()
    is_folder = stat.S_ISDIR(there.st_mode)
    wrong = None
    if any("\ud800" <= sign <= "\udfff" for sign in path.name):
        wrong = NOT_TEXT
        path = PurePosixPath(os.fsencode(path).decode("utf-8", "replace"))
    elif stat.S_ISLNK(there.st_mode):
        wrong = plain.LINK
    elif not is_folder and not stat.S_ISREG(there.st_mode):
        wrong = plain.NOT_PLAIN
    elif not is_folder and there.st_size > plain.MOST_BYTES:
        wrong = LARGE
    elif len(path.parts) > DEEPEST or len(os.fsencode(path)) > LONGEST:
        wrong = TOO_DEEP
    return Entry(path, is_folder, wrong)


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
    for entry in walk(template.folder):
        source, is_folder = entry.path, entry.is_folder
        if entry.problem:
            raise entry.problem.broken(template.name)
        if source.name == RENDERED or (is_folder and source.name.endswith(RENDERED)):
            raise Problem(source, 1, *ONLY_FILES).broken(template.name)
        if source.parent not in folders or source.name in LEFT_BEHIND:
            continue
        rendered = _rendered(template, entry, values)
        if not rendered:
            continue  # So a template leaves out a file, or a folder with all that is in it.
        above, target_above = folders[source.parent]
        target = target_above / _usable(rendered, slot, source)
        this = target, is_folder
        other = taken.setdefault(str(target).casefold(), this)
        # Two folders of one name become one; nothing else may meet.
        if other is not this and not (is_folder and other == this):
            raise Problem(
                source,
                1,
                f"something else comes out as “{target}” too",
                f"「{target}」という名前のものがほかにもできます",
            ).broken(template.name)
        if is_folder:
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


def _rendered(template: Template, entry: Entry, values: Mapping[str, Answer]) -> str:
    name = entry.path.name
    if not entry.is_folder:
        name = name.removesuffix(RENDERED)
    if not is_expression(name):
        return name
    try:
        return template.jinja.fill(name, values)
    except TemplateWrong as error:
        raise Problem(entry.path, 1, error.en, error.ja).broken(template.name) from error
