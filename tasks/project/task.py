"""The task: a template and its answers become a project's folders and files."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cards.sentences import Sentence
from effects.project import EnterProject, ProjectData
from ledger.plan import Effect, Plan, Slot
from tasks.base import Answers, Look, Setting, Task, Walk
from tasks.project.pages import ProjectRequest, first_page, later_page
from tasks.project.place import ROOT, open_place
from tasks.project.problem import DEFINITION, Problem
from tasks.project.render import render
from tasks.project.template import State, Survey, Template, load, state_of

ENTRY = "schedule"
"""The key of the effect that is no folder or file; those begin with a slash."""


class ProjectTask(Task[ProjectRequest]):
    name = "project"
    command_id = 1
    title = Sentence("Project", "プロジェクト")
    about = Sentence(
        "Make a project’s folders and files", "案件のフォルダと書類をひな形から作ります"
    )
    words = ("プロジェクト", "案件")
    Request = ProjectRequest

    def walk(self, pages: Sequence[Answers], setting: Setting) -> Walk[ProjectRequest]:
        """Walk through the pages; also raises TemplateUnknown and TemplateBroken."""
        written = tuple(json.dumps(page, sort_keys=True) for page in pages)
        return _walk(setting.templates, state_of(setting.templates), written)

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
        effects = list(place.effects(f"{slot.mark} {request.name}", tree))
        if look.setting.schedule is not None:
            effects.append(_entry(request, slot, look.setting.schedule.space))
        return Plan(
            effects=tuple(effects),
            slots=(slot,),
            headline=str(ROOT),
        )


def _entry(request: ProjectRequest, slot: Slot, space: str) -> Effect:
    """Return what enters the project in the schedule, once its folder is there."""
    data = ProjectData(
        key=slot.mark,
        space=space,
        values={"customer": request.customer, "name": request.name},
        job=True,
    )
    return Effect(
        key=ENTRY, kind=EnterProject.name, data=data.model_dump(mode="json"), after=(str(ROOT),)
    )


@lru_cache(maxsize=512)
def _walk(templates: Path, state: State, pages: tuple[str, ...]) -> Walk[ProjectRequest]:
    """Walk through pages in JSON.

    Whoever sends one has sent those before it a moment ago, so each is looked at once;
    ``state`` makes a changed template be read again.
    """
    if not pages:
        return Walk((), first_page(templates))
    before = _walk(templates, state, pages[:-1])
    if before.page is None:
        return before
    page = before.page.model_validate(json.loads(pages[-1])).model_dump(mode="json")
    first, *more = (*before.answers, page)
    request = ProjectRequest.model_validate({**first, "answers": more})
    template, survey = _survey(request, templates)
    if not survey.open:
        return Walk((first, *more), None, request)
    return Walk((first, *more), later_page(template, survey.open, survey.values))


def _survey(request: ProjectRequest, templates: Path) -> tuple[Template, Survey]:
    template = load(templates, request.template)
    answers = {name: value for page in request.answers for name, value in page.items()}
    return template, template.survey(request.offered, answers)
