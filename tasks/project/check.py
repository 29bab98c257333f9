"""Whether Kakari can use a deployer's templates: every mistake with its file and line.

``copier.yml`` is read and every file looked through; a template without a mistake by then is
tried out twice, with everything switched on and with everything switched off.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from effects.rendering import ENDLESS, TemplateWrong
from errors.asking import UnusableName
from errors.settings import FileRefused
from errors.work import TemplateBroken
from ledger.plan import Content, Slot
from tasks.project import definition, problem
from tasks.project.expressions import is_expression
from tasks.project.names import NOT_TEXT, RENDERED, walk
from tasks.project.problem import DEFINITION, Problem
from tasks.project.question import Answer, Question
from tasks.project.render import read, render
from tasks.project.shape import OFFERED
from tasks.project.template import PROJECTS, Survey, Template, folders, sayable

WORD = "見本"
NUMBER = Slot(name="number", series="project", pattern="P-{year}-{number:04}")


def check(root: Path) -> list[Problem]:
    """Return what is wrong with the templates in ``root/projects``, in the order of the files."""
    try:
        found = folders(root)
    except (FileRefused, OSError) as error:
        says = (
            error.both()
            if isinstance(error, FileRefused)
            else dict.fromkeys(("en", "ja"), str(error))
        )
        return [Problem(root / PROJECTS, 1, says["en"], says["ja"])]
    if not found:
        en, ja = f"no folder in here has a {DEFINITION}", f"{DEFINITION} のあるフォルダがありません"
        return [Problem(root / PROJECTS, 1, en, ja)]
    return [
        replace(wrong, file=folder / wrong.file) for folder in found for wrong in _template(folder)
    ]


def _template(folder: Path) -> list[Problem]:
    if not sayable(folder):
        return [Problem(DEFINITION, 1, NOT_TEXT.en, NOT_TEXT.ja)]
    read = definition.read(folder)
    template = Template(folder.name, folder, read.title, read.questions, read.jinja)
    found = {*read.problems, *_files(template)}
    return sorted(found or set(_tried(template)))


def _files(template: Template) -> Iterator[Problem]:
    for entry in walk(template.folder):
        source = entry.path
        yield from _text(template, source, source.name)
        if entry.problem:
            yield entry.problem
        elif not entry.is_folder and source.name.endswith(RENDERED):
            try:
                text = read(template, source).decode()
            except TemplateBroken as error:
                yield problem.of(error)
            except UnicodeDecodeError:
                yield Problem(source, 1, "this is not UTF-8 text", "UTF-8 の文章ではありません")
            else:
                yield from _text(template, source, text)


def _text(template: Template, source: PurePosixPath, text: str) -> Iterator[Problem]:
    """Yield what is wrong with a file's name or contents."""
    if not is_expression(text):
        return
    known = OFFERED | {definition.NUMBER} | {question.name for question in template.questions}
    try:
        named = template.jinja.named(text)
    except TemplateWrong as error:
        yield Problem(source, error.line, error.en, f"書き方に誤りがあります: {error.ja}")
        return
    for name in named.lines.keys() - known:
        en = f"{name} is neither a question of this template nor offered by Kakari"
        ja = f"{name} はこのテンプレートの質問にも Kakari が用意する名前にもありません"
        yield Problem(source, named.lines[name], en, ja)
    for file, line in named.files.items():
        if not os.path.isfile(template.folder / file):  # noqa: PTH113 - for any text at all
            en, ja = f"there is no file {file} to include", f"{file} というファイルがありません"
            yield Problem(source, line, en, ja)


def _tried(template: Template) -> Iterator[Problem]:
    for on in (True, False):
        try:
            survey = _sample(template, on=on)
            if survey:
                render(template, survey, NUMBER, _keep)
        except TemplateBroken as error:
            found = problem.of(error)
            yield found
            if found.en.endswith(ENDLESS[0]):
                return  # it would be waited for once more
        except UnusableName as error:
            file = PurePosixPath(error.values["file"])
            yield Problem(file, 1, error.say("en"), error.say("ja"))


def _sample(template: Template, *, on: bool) -> Survey | None:
    """Return answers to try with, or None where a validator wants what cannot be guessed."""
    offered = {"project_name": WORD, "customer": WORD if on else ""}
    answers: dict[str, Answer] = {}
    while (survey := template.survey(offered, answers)).open:
        for question in survey.open:
            answer = _answer(template, question, survey.values, on=on)
            if template.objection(question, survey.values, answer):
                return None
            answers[question.name] = answer
    return survey


def _answer(
    template: Template, question: Question, values: Mapping[str, Answer], *, on: bool
) -> Answer:
    if question.type is bool:
        return on
    if question.choices:
        return question.choices[0 if on else -1][0]
    default = template.default(question, values)
    if default is not None:
        return default
    return WORD if question.type is str else question.type(1)


def _keep(data: bytes, *, slots: bool = False) -> Content:
    return Content(sha256=hashlib.sha256(data).hexdigest(), size=len(data), slots=slots)
