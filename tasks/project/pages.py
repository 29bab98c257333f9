"""The dialog's pages: what every project is asked for, then what its template asks."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, create_model
from pydantic_core import PydanticCustomError, PydanticKnownError

from cards.sentences import Sentence
from errors.settings import SettingsError
from tasks.base import Ask, Page, Request
from tasks.file_name import BlankOrFileName, FileName
from tasks.project.question import Answer, Question
from tasks.project.template import Template, titles

TEMPLATE = Sentence("Template", "テンプレート")


class FirstPage(Request):
    """What every project is asked for; ``first_page`` adds the templates there are."""

    name: Annotated[FileName, Ask(Sentence("Project name", "プロジェクト名"))]
    customer: Annotated[BlankOrFileName, Ask(Sentence("Customer", "お客様"))] = ""


class ProjectRequest(FirstPage):
    template: Annotated[str, Ask(TEMPLATE)]
    answers: tuple[dict[str, Answer], ...] = ()
    """What the template asked, a page each."""

    @property
    def offered(self) -> dict[str, Answer]:
        """What every template may use."""
        return {"project_name": self.name, "customer": self.customer}


def first_page(templates: Path) -> Page:
    """Return the page on which a template is chosen. Raises SettingsError if there is none."""
    choices = titles(templates)
    if not choices:
        raise SettingsError(problem=f"{templates}/projects has no templates")
    return Page(_first_model(tuple(choices.items())))


def later_page(
    template: Template, questions: Iterable[Question], values: Mapping[str, Answer]
) -> Page:
    """Return a page of the template's questions, filled with its defaults.

    Raises TemplateBroken if a default cannot be made from the answers so far.
    """
    asked = tuple((question, template.default(question, values)) for question in questions)
    return Page(_model(template, asked), before=values)


# To make a model takes longer than all else that a request costs the front desk.
@lru_cache(maxsize=16)
def _first_model(choices: tuple[tuple[str, Sentence], ...]) -> type[Request]:
    known = [name for name, _ in choices]
    default: Any = known[0] if len(known) == 1 else ...
    kind: Any = Annotated[str, AfterValidator(_one_of(known)), Ask(TEMPLATE, choices=choices)]
    fields: dict[str, Any] = {"template": (kind, default)}
    return create_model("FirstPage", __base__=FirstPage, **fields)


@lru_cache(maxsize=256)
def _model(template: Template, asked: tuple[tuple[Question, Answer | None], ...]) -> type[Request]:
    fields: dict[str, Any] = {
        question.name: _field(template, question, default) for question, default in asked
    }
    return create_model("Page", __base__=Request, **fields)


def _field(template: Template, question: Question, default: Answer | None) -> tuple[Any, Any]:
    notes: list[Any] = [
        Ask(
            question.label,
            question.hint,
            choices=tuple((str(value), label) for value, label in question.choices),
        )
    ]
    kind: Any = question.type
    if question.choices:
        notes.append(AfterValidator(_one_of([value for value, _ in question.choices])))
    elif kind is str:
        kind = FileName if default is None else BlankOrFileName
    elif kind is float:
        notes.append(Field(allow_inf_nan=False))
    if question.validator:
        notes.append(AfterValidator(_accepted(template, question)))
    annotated = Annotated[(kind, *notes)]
    return annotated, ... if default is None else Field(default=default, validate_default=True)


def _one_of(known: Iterable[Answer]) -> Any:
    def check(answer: Answer) -> Answer:
        if answer not in known:
            raise PydanticKnownError("literal_error", {"expected": ", ".join(map(str, known))})
        return answer

    return check


def _accepted(template: Template, question: Question) -> Any:
    def check(answer: Answer, info: ValidationInfo) -> Answer:
        before: Mapping[str, Answer] = info.context or {}
        objection = template.objection(question, before, answer)
        if objection:
            raise PydanticCustomError("kakari", "{en}", {"en": objection, "ja": objection})
        return answer

    return check
