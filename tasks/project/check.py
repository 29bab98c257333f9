"""Whether Kakari can use a deployer's templates: every mistake with its file and line.

``copier.yml`` is read and every file looked through; a template without a mistake by then is
tried out twice, with everything switched on and with everything switched off.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from jinja2 import TemplateSyntaxError

from errors.asking import UnusableName
from errors.work import TemplateBroken
from ledger.plan import Content, Slot
from tasks.project import definition, expressions, problem
from tasks.project.names import LINK, RENDERED, walk
from tasks.project.problem import DEFINITION, Problem
from tasks.project.question import Answer, Question
from tasks.project.render import render
from tasks.project.shape import OFFERED
from tasks.project.template import Survey, Template, folders

MOST_BYTES = 10 * 1024 * 1024
WORD = "見本"
NUMBER = Slot(name="number", series="project", pattern="P-{year}-{number:04}")


def check(root: Path) -> list[Problem]:
    """Return what is wrong with the templates in ``root/projects``, in the order of the files."""
    found = folders(root)
    if not found:
        en, ja = f"no folder in here has a {DEFINITION}", f"{DEFINITION} のあるフォルダがありません"
        return [Problem(root / "projects", 1, en, ja)]
    return [
        replace(wrong, file=folder / wrong.file) for folder in found for wrong in _template(folder)
    ]


def _template(folder: Path) -> list[Problem]:
    read = definition.read(folder)
    template = Template(folder.name, folder, read.title, read.questions, read.env)
    found = {*read.problems, *_files(template)}
    return sorted(found or set(_tried(template)))


def _files(template: Template) -> Iterator[Problem]:
    for source in walk(template.folder):
        path = template.folder / source
        yield from _text(template, source, source.name)
        if path.is_symlink():
            yield Problem(source, 1, *LINK)
        elif path.stat().st_size > MOST_BYTES:
            yield Problem(source, 1, "the file is larger than 10 MB", "10 MB を超えています")
        elif path.is_file() and source.name.endswith(RENDERED):
            try:
                text = path.read_text("utf-8")
            except UnicodeDecodeError:
                yield Problem(source, 1, "this is not UTF-8 text", "UTF-8 の文章ではありません")
            else:
                yield from _text(template, source, text)


def _text(template: Template, source: PurePosixPath, text: str) -> Iterator[Problem]:
    """Yield what is wrong with a file's name or contents."""
    known = OFFERED | {definition.NUMBER} | {question.name for question in template.questions}
    try:
        named = expressions.variables(template.env, text)
    except TemplateSyntaxError as error:
        said = str(error.message)
        yield Problem(source, error.lineno, said, f"書き方に誤りがあります: {said}")
        return
    for name in named.keys() - known:
        en = f"{name} is neither a question of this template nor offered by Kakari"
        ja = f"{name} はこのテンプレートの質問にも Kakari が用意する名前にもありません"
        yield Problem(source, named[name], en, ja)


def _tried(template: Template) -> Iterator[Problem]:
    for on in (True, False):
        try:
            survey = _sample(template, on=on)
            if survey:
                render(template, survey, NUMBER, _keep)
        except TemplateBroken as error:
            yield problem.of(error)
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
