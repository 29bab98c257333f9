"""The templates a deployer has, and how far the questions of one have come."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from cards.sentences import Sentence
from errors.work import TemplateBroken, TemplateUnknown
from tasks.project import definition, expressions
from tasks.project.problem import DEFINITION, Problem
from tasks.project.question import Answer, Question, convert


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
    env: SandboxedEnvironment

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
            raise self._broken(question, str(error)) from error

    def objection(self, question: Question, values: Mapping[str, Answer], answer: Answer) -> str:
        """Return what the template's validator says against an answer, or nothing."""
        return self._fill(question, question.validator, {**values, question.name: answer}).strip()

    def _holds(self, question: Question, values: Mapping[str, Answer]) -> bool:
        if isinstance(question.when, bool):
            return question.when
        return expressions.truth(self._fill(question, question.when, values))

    def _fill(self, question: Question, text: str, values: Mapping[str, Answer]) -> str:
        try:
            return expressions.fill(self.env, text, values)
        except TemplateError as error:
            raise self._broken(question, str(error)) from error

    def _broken(self, question: Question, problem: str) -> TemplateBroken:
        said = f"{question.name}: {problem}"
        return Problem(DEFINITION, question.line, said, said).broken(self.name)


def folders(templates: Path) -> list[Path]:
    """Return the folders of all templates, in the order of their names."""
    return sorted(
        path.parent.resolve() for path in (templates / "projects").glob(f"*/{DEFINITION}")
    )


State = tuple[tuple[str, int, int], ...]


def state_of(templates: Path) -> State:
    """Return what changes when a template comes, goes or is changed."""
    found = []
    # Every step of a dialog asks; os.scandir takes a fifth of the time of Path.glob.
    with suppress(FileNotFoundError), os.scandir(templates / "projects") as entries:
        for entry in entries:
            with suppress(FileNotFoundError, NotADirectoryError):
                stat = os.stat(f"{entry.path}/{DEFINITION}")  # noqa: PTH116
                found.append((entry.name, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def titles(templates: Path) -> dict[str, Sentence]:
    """Return each template's title by its name, also of one with mistakes: whoever picks it hears."""
    return {folder.name: _definition(folder).title for folder in folders(templates)}


def load(templates: Path, name: str) -> Template:
    """Return a template. Raises TemplateUnknown, and TemplateBroken for a broken ``copier.yml``."""
    return _load(templates, name, state_of(templates))


@lru_cache(maxsize=128)
def _load(templates: Path, name: str, _state: State) -> Template:
    known = {folder.name: folder for folder in folders(templates)}
    if name not in known:
        raise TemplateUnknown(template=name, known=", ".join(known) or "–")
    found = _definition(known[name])
    if found.problems:
        raise found.problems[0].broken(name)
    return Template(name, known[name], found.title, found.questions, found.env)


def _definition(folder: Path) -> definition.Definition:
    # Dialogs are answered in milliseconds, and YAML is slow to read: only when it has changed.
    stat = (folder / DEFINITION).stat()
    return _read(folder, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=128)
def _read(folder: Path, _changed: int, _size: int) -> definition.Definition:
    return definition.read(folder)
