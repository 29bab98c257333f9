"""The task: a template and its answers become a project's folders and files."""

import json
from functools import lru_cache
from pathlib import Path

from cards.sentences import Sentence
from ledger.plan import Plan, Slot
from tasks.base import Answers, Look, Page, Setting, Task
from tasks.project.pages import ProjectRequest, first_page, page
from tasks.project.place import ROOT, open_place
from tasks.project.problem import DEFINITION, Problem
from tasks.project.render import render
from tasks.project.template import State, Survey, Template, load, state_of


class ProjectTask(Task[ProjectRequest]):
    name = "project"
    command_id = 1
    title = Sentence("Project", "プロジェクト")
    about = Sentence(
        "Make a project’s folders and files", "案件のフォルダと書類をひな形から作ります"
    )
    words = ("プロジェクト", "案件")
    Request = ProjectRequest

    def page(self, done: list[Answers], setting: Setting) -> Page | None:
        return self._walk(done, setting)[1]

    def request(self, pages: list[Answers], setting: Setting) -> ProjectRequest:
        """Make the request; a page that is not there yet is taken with its defaults.

        Raises pydantic's ValidationError, TemplateUnknown and TemplateBroken.
        """
        valid, missing = self._walk(pages, setting)
        while missing:
            valid, missing = self._walk([*valid, missing.model_validate({}).model_dump()], setting)
        return _request(valid)

    def pages(self, request: ProjectRequest) -> list[Answers]:
        return [request.model_dump(exclude={"answers"}), *request.answers]

    def subject(self, request: ProjectRequest) -> str:
        return request.name

    def plan(self, request: ProjectRequest, look: Look) -> Plan:
        """Render the template and return what puts it into its place.

        Raises TemplateUnknown, TemplateBroken, UnusableName, and what ``open_place`` raises.
        """
        place = open_place(look)
        template, survey = _survey(request, look.setting.templates)
        for question in survey.open:
            raise Problem(
                DEFINITION,
                question.line,
                f"{question.name} was added after this was asked; ask again",
                f"{question.name} は依頼のあとに追加された質問です。もう一度依頼してください",
            ).broken(template.name)
        slot = Slot(name="number", series="project", pattern=look.setting.number_pattern)
        tree = render(template, survey, slot, look.keep)
        return Plan(
            effects=tuple(place.effects(f"{slot.mark} {request.name}", tree)),
            slots=(slot,),
            headline=str(ROOT),
        )

    def _walk(self, pages: list[Answers], setting: Setting) -> tuple[list[Answers], Page | None]:
        """Return the pages' answers, validated, and the page after them."""
        written = tuple(json.dumps(page, sort_keys=True) for page in pages)
        valid, model = _walked(setting.templates, state_of(setting.templates), written)
        return [dict(page) for page in valid], model


@lru_cache(maxsize=512)
def _walked(
    templates: Path, state: State, pages: tuple[str, ...]
) -> tuple[tuple[Answers, ...], Page | None]:
    """Walk through the pages as ``_walk`` does.

    Whoever sends a page has sent the ones before it a moment ago, and one step asks for the same
    page several times: each is made once. ``state`` makes a changed template be read again.
    """
    if not pages:
        return (), first_page(templates)
    valid, model = _walked(templates, state, pages[:-1])
    if model is None:
        return valid, None
    valid = (*valid, model.model_validate(json.loads(pages[-1])).model_dump())
    template, survey = _survey(_request(list(valid)), templates)
    return valid, page(template, survey.open, survey.values) if survey.open else None


def _request(valid: list[Answers]) -> ProjectRequest:
    first, *answers = valid
    return ProjectRequest.model_validate({**first, "answers": answers})


def _survey(request: ProjectRequest, templates: Path) -> tuple[Template, Survey]:
    template = load(templates, request.template)
    answers = {name: value for page in request.answers for name, value in page.items()}
    return template, template.survey(request.offered, answers)
