from pathlib import Path
from types import SimpleNamespace

import pytest

from tasks.base import Look, Setting
from tasks.project import TASK
from tasks.project.check import check
from workspace.drive_file import FOLDER, DriveFile

STRICT = "_envops: {undefined: jinja2.StrictUndefined}\n"


class Shelf:
    """A Drive that is looked at: one folder, and ids to be had."""

    def __init__(self, **folder):
        self.there = DriveFile(**({"id": "shelf", "name": "案件", "mime_type": FOLDER} | folder))

    def get(self, file_id):
        return self.there if file_id == self.there.id else None

    def new_ids(self, count):
        return [f"id-{number}" for number in range(count)]


class Office:
    """A deployer's templates and the folder that projects go to."""

    def __init__(self, home: Path) -> None:
        self.templates = home / "templates"
        self.nas = home / "nas"
        self.nas.mkdir()
        self.setting = Setting(place=f"disk:{self.nas}", templates=self.templates)

    def template(self, files, questions="", *, name="survey", strict=True):
        """Write a template and return its folder."""
        folder = self.templates / "projects" / name
        folder.mkdir(parents=True)
        (folder / "copier.yml").write_text((STRICT if strict else "") + questions)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, bytes):
                (folder / path).write_bytes(text)
            else:
                (folder / path).write_text(text)
        return folder

    def request(self, *answers, name="鈴木邸", customer="", template="survey"):
        first = {"name": name, "customer": customer, "template": template}
        walk = TASK.walk([first, *answers], self.setting)
        while walk.page:  # what nobody answered is taken with its defaults
            walk = TASK.walk([*walk.answers, {}], self.setting)
        return walk.request

    def plan(self, *answers, **first):
        """Plan a project and return the plan and the look it took."""
        return self.plan_of(self.request(*answers, **first))

    def plan_of(self, request, *, drive=None, place=None):
        setting = self.setting if place is None else Setting(place, self.templates)
        look = Look(setting=setting, drive=drive)
        return TASK.plan(request, look), look

    def made(self, *answers, **first):
        """Return what would be made: the text of each file, None for a folder."""
        plan, look = self.plan(*answers, **first)
        return {effect.key: self._text(effect, look) for effect in plan.effects}

    def problems(self):
        """Return the mistakes as ``file:line: sentence``, the files from the template's folder."""
        within = self.templates / "projects"
        return [
            f"{'/'.join(wrong.file.relative_to(within).parts[1:])}:{wrong.line}: {wrong.en}"
            for wrong in check(self.templates)
        ]

    def _text(self, effect, look):
        if effect.kind.endswith("folder"):
            return None
        content = SimpleNamespace(**effect.data["content"])
        if content.template:
            return (self.templates / "projects" / content.template / content.path).read_text()
        return look.blobs[content.sha256].decode()


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.fixture
def shelf():
    return Shelf


@pytest.fixture
def shipped():
    """Return the templates that come with Kakari."""
    return Path(__file__).parents[3] / "templates"
