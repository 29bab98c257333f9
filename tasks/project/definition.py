"""A template's ``copier.yml``: its title, its questions, and whatever in it is not supported.

Copier leaves settings alone that it does not know, so the Japanese texts stand in a section
``_kakari`` of the same file and the template stays an ordinary Copier template.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cards.sentences import Sentence
from effects.rendering import Jinja
from tasks.base import Request
from tasks.project.problem import DEFINITION, Problem
from tasks.project.question import Question
from tasks.project.shape import OFFERED, Shape, literal
from tasks.project.source import Source

NUMBER = "project_number"
"""Offered to files and names only: while the questions are asked there is no number yet."""

SETTINGS = frozenset(["_envops", "_exclude", "_min_copier_version", "_kakari"])
SWITCHES = frozenset(["trim_blocks", "lstrip_blocks", "keep_trailing_newline"])
# Google Chat drops what is beyond 100 widgets without a word; the rest are the form's own.
MOST_QUESTIONS = 90


@dataclass(frozen=True)
class Definition:
    title: Sentence
    questions: tuple[Question, ...]
    jinja: Jinja
    problems: tuple[Problem, ...]
    """In the order of the file. With one of them the template is not used."""


def read(folder: Path) -> Definition:
    """Read a template's ``copier.yml`` and note what Kakari cannot do with it."""
    source = Source(folder, DEFINITION)
    jinja = _jinja(source)
    title = _title(source, folder.name)
    questions = tuple(_questions(source, jinja))
    if (folder / ".git").exists():
        # Copier would take the last tagged version of it instead of what lies there.
        source.wrong(
            1,
            "a template cannot be a git repository of its own; keep the folder above in git",
            "テンプレート自体を git リポジトリにできません。上のフォルダを git で管理してください",
        )
    return Definition(title, questions, jinja, tuple(sorted(source.problems)))


def _jinja(source: Source) -> Jinja:
    """Check the settings, and return how texts are read with those that bear on it."""
    for key in source.data:
        if str(key).startswith("_") and key not in SETTINGS:
            source.wrong((key,), f"Kakari does not support {key}", f"{key} には対応していません")
    options = source.mapping(source.data.get("_envops"), "_envops")
    unread = source.problems and not source.data
    if not unread and options.get("undefined") != "jinja2.StrictUndefined":
        source.wrong(
            ("_envops", "undefined"),
            "write _envops: {undefined: jinja2.StrictUndefined}, so that a mistyped name is an error",
            "名前の書き間違いに気づけるよう _envops: {undefined: jinja2.StrictUndefined} と書いてください",
        )
    for key in options.keys() - SWITCHES - {"undefined"}:
        source.wrong(
            ("_envops", str(key)),
            f"Kakari does not support {key} in _envops",
            f"_envops の {key} には対応していません",
        )
    return Jinja(tuple((key, bool(options[key])) for key in sorted(options.keys() & SWITCHES)))


def _title(source: Source, name: str) -> Sentence:
    title = source.mapping(source.data.get("_kakari"), "_kakari").get("title", name)
    if isinstance(title, str):
        return literal(title, title)
    texts = source.mapping(title, "_kakari", "title")
    en, ja = texts.get("en"), texts.get("ja")
    return literal(en or ja or name, ja or en or name)


def _questions(source: Source, jinja: Jinja) -> Iterator[Question]:
    kakari = source.mapping(source.data.get("_kakari"), "_kakari")
    japanese = source.mapping(kakari.get("ja"), "_kakari", "ja")
    pages: dict[str, int] = {}
    for name, shape in source.data.items():
        if str(name).startswith("_"):
            continue
        if not isinstance(name, str) or not name.isidentifier():
            source.wrong(
                (str(name),),
                f"{name} cannot be the name of a question",
                f"{name} は質問の名前にできません",
            )
            continue
        # Copier keeps the last two for itself; a page's model has names of its own.
        if name in OFFERED | {NUMBER, "now", "make_secret"} or hasattr(Request, name):
            source.wrong(
                (name,),
                f"the name {name} is taken, choose another",
                f"{name} という名前は使えません。別の名前にしてください",
            )
        question = Shape(
            source,
            jinja,
            name=name,
            shape=shape,
            japanese=japanese.get(name),
            before=frozenset(pages),
        ).question()
        if question:
            # It is asked on the page after all that it needs to know.
            pages[name] = 1 + max((pages[other] for other in question.needs), default=0)
            yield question
    for name in japanese.keys() - source.data.keys():
        source.wrong(
            ("_kakari", "ja", str(name)),
            f"there is no question {name}",
            f"{name} という質問はありません",
        )
    counts = list(pages.values())
    for name, page in pages.items():
        if counts[: list(pages).index(name)].count(page) == MOST_QUESTIONS:
            source.wrong(
                (name,),
                f"a page takes {MOST_QUESTIONS} questions, this one is too many",
                f"1 ページの質問は {MOST_QUESTIONS} 問までです",
            )
