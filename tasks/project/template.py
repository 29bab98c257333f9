"""The templates a deployer has, and how far the questions of one have come."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cards.sentences import Sentence
from effects.rendering import Jinja, TemplateWrong
from errors.work import TemplateBroken, TemplateUnknown
from files import plain
from tasks.project import definition, expressions
from tasks.project.problem import DEFINITION, Problem
from tasks.project.question import Answer, Question, convert

PROJECTS = "projects"
"""Where project templates lie, in the folder of all templates."""


@dataclass(frozen=True)
class Survey:
    """How far the questions have come with the answers so far."""

    open: tuple[Question, ...]
    """What is asked on the next page; nothing at the end."""
    given: dict[str, Answer]
    """What every template is offered, and the answers to what is asked."""
    values: dict[str, Answer]
    """That, and the defaults of what is not asked."""


@dataclass(frozen=True)
class Template:
    name: str
    folder: Path
    title: Sentence
    questions: tuple[Question, ...]
    jinja: Jinja

    def survey(self, offered: Mapping[str, Answer], answers: Mapping[str, Answer]) -> Survey:
        """Go through the questions as far as the answers reach.

        A question that names another's answer comes on a later page than that one. One whose
        ``when`` does not hold is not asked; its default is its value, as with Copier.
        Raises TemplateBroken.
        """
        given, values, open_ = dict(offered), dict(offered), []
        decided: set[str] = set()
        for question in self.questions:
            if not question.needs <= decided:
                continue
            if not self._holds(question, values):
                value = self.default(question, values)
            elif question.name in answers:
                value = given[question.name] = answers[question.name]
            else:
                open_.append(question)
                continue
            decided.add(question.name)
            if value is not None:
                values[question.name] = value
        return Survey(tuple(open_), given, values)

    def default(self, question: Question, values: Mapping[str, Answer]) -> Answer | None:
        """Return the default as the answers so far make it. Raises TemplateBroken."""
        value = question.default
        if not isinstance(value, str):
            return value
        text = self._fill(question, value, values)
        try:
            return convert(question.type, text)
        except ValueError as error:
            raise self._broken(question, str(error), str(error)) from error

    def objection(self, question: Question, values: Mapping[str, Answer], answer: Answer) -> str:
        """Return what the template's validator says against an answer, or nothing."""
        return self._fill(question, question.validator, {**values, question.name: answer}).strip()

    def _holds(self, question: Question, values: Mapping[str, Answer]) -> bool:
        if isinstance(question.when, bool):
            return question.when
        return expressions.truth(self._fill(question, question.when, values))

    def _fill(self, question: Question, text: str, values: Mapping[str, Answer]) -> str:
        try:
            return self.jinja.fill(text, values)
        except TemplateWrong as error:
            raise self._broken(question, error.en, error.ja) from error

    def _broken(self, question: Question, en: str, ja: str) -> TemplateBroken:
        en, ja = f"{question.name}: {en}", f"{question.name}: {ja}"
        return Problem(DEFINITION, question.line, en, ja).broken(self.name)


def folders(templates: Path) -> list[Path]:
    """Return the folders of all templates, in the order of their names.

    Whatever is called as a template is, so that whoever picks it hears what is wrong with it.
    Raises FileRefused where ``projects`` is no folder.
    """
    try:
        names = plain.names(templates, PROJECTS)
    except FileNotFoundError:
        return []
    found = (templates.absolute() / PROJECTS / name for name in names)
    return [folder for folder in found if os.path.lexists(folder / DEFINITION)]


def sayable(folder: Path) -> bool:
    """Say whether the folder's name is text. Another one cannot stand on a card."""
    return folder.name.isprintable()


State = tuple[tuple[str, int, int], ...]


def state_of(templates: Path) -> State:
    """Return what changes when a template comes, goes or is changed."""
    found = []
    # Every step of a dialog asks; os.scandir takes a fifth of the time of Path.glob.
    with suppress(FileNotFoundError), os.scandir(templates / PROJECTS) as entries:
        for entry in entries:
            with suppress(FileNotFoundError, NotADirectoryError):
                stat = os.lstat(f"{entry.path}/{DEFINITION}")
                found.append((entry.name, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def titles(templates: Path) -> dict[str, Sentence]:
    """Return each template's title by its name, also of one with mistakes: whoever picks it hears."""
    return {
        folder.name: _definition(folder).title for folder in folders(templates) if sayable(folder)
    }


def load(templates: Path, name: str) -> Template:
    """Return a template. Raises TemplateUnknown, and TemplateBroken for a broken ``copier.yml``."""
    return _load(templates, name, state_of(templates))


@lru_cache(maxsize=128)
def _load(templates: Path, name: str, _state: State) -> Template:
    known = {folder.name: folder for folder in folders(templates) if sayable(folder)}
    if name not in known:
        raise TemplateUnknown(template=name, known=", ".join(known) or "–")
    found = _definition(known[name])
    if found.problems:
        raise found.problems[0].broken(name)
    return Template(name, known[name], found.title, found.questions, found.jinja)


def _definition(folder: Path) -> definition.Definition:
    # Dialogs are answered in milliseconds, and YAML is slow to read: only when it has changed.
    stat = (folder / DEFINITION).lstat()
    return _read(folder, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=128)
def _read(folder: Path, _changed: int, _size: int) -> definition.Definition:
    return definition.read(folder)
