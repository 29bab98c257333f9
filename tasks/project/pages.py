"""The dialog's pages: what every project is asked for, then what its template asks."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model
from pydantic_core import PydanticCustomError, PydanticKnownError

from cards.sentences import Sentence
from errors.settings import SettingsError
from tasks.base import Ask, Request
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


def first_page(templates: Path) -> type[Request]:
    """Return the page on which a template is chosen. Raises SettingsError if there is none."""
    choices = titles(templates)
    if not choices:
        raise SettingsError(problem=f"{templates}/projects has no templates")
    ask = Ask(TEMPLATE, choices=tuple(choices.items()))
    default: Any = next(iter(choices)) if len(choices) == 1 else ...
    return create_model(
        "FirstPage",
        __base__=FirstPage,
        template=(Annotated[str, AfterValidator(_one_of(choices)), ask], default),
    )


def page(
    template: Template, questions: Iterable[Question], values: Mapping[str, Answer]
) -> type[Request]:
    """Return a page of the template's questions, filled with its defaults.

    Raises TemplateBroken if a default cannot be made from the answers so far.
    """
    fields: dict[str, Any] = {
        question.name: _field(template, question, values) for question in questions
    }
    return create_model("Page", __base__=Request, **fields)


def _field(template: Template, question: Question, values: Mapping[str, Answer]) -> tuple[Any, Any]:
    default = template.default(question, values)
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
        notes.append(AfterValidator(_accepted(template, question, values)))
    annotated = Annotated[(kind, *notes)]
    return annotated, ... if default is None else Field(default=default, validate_default=True)


def _one_of(known: Iterable[Answer]) -> Any:
    def check(answer: Answer) -> Answer:
        if answer not in known:
            raise PydanticKnownError("literal_error", {"expected": ", ".join(map(str, known))})
        return answer

    return check


def _accepted(template: Template, question: Question, values: Mapping[str, Answer]) -> Any:
    def check(answer: Answer) -> Answer:
        objection = template.objection(question, values, answer)
        if objection:
            raise PydanticCustomError("kakari", "{en}", {"en": objection, "ja": objection})
        return answer

    return check
