"""Project templates made for the bench."""

import os
from pathlib import Path

HEAD = """_envops:
  undefined: jinja2.StrictUndefined
_kakari:
  title: {title}
"""
ROOMS = ("a", "b", "c")
TEXT = "納品書の控え。図面と部品表に合わせて確認すること。\n" * 60
"""4,560 bytes."""


def tree(templates: Path) -> dict[str, str]:
    """Make 40 folders in 4 levels and 60 small files; return the answers of its only page.

    The project's own folder is the first level: 1 + 3 + 9 + 27. Two files lie in each of the
    lowest folders and one in six others; every second one holds the project's number.
    """
    project = _template(templates, "tree")
    levels = [[project]]
    for _ in range(3):
        levels.append([folder / room for folder in levels[-1] for room in ROOMS])
    for folder in levels[-1]:
        folder.mkdir(parents=True)
        (folder / "控え.txt").write_text(f"{folder.name} {TEXT}")
        (folder / "記録.md.jinja").write_text(f"# {{{{ project_number }}}}\n{folder} {TEXT}")
    for folder in levels[2][:6]:
        (folder / "一覧.csv.jinja").write_text(f"{{{{ project_number }}}},{folder.name}\n{TEXT}")
    return {"template": "tree", "name": "木", "customer": ""}


def bulk(templates: Path, files: int, size: int) -> dict[str, str]:
    """Make a folder of binary files; return the answers of its only page."""
    project = _template(templates, "bulk")
    (project / "data").mkdir()
    for number in range(files):
        (project / "data" / f"{number:03}.bin").write_bytes(os.urandom(size))
    return {"template": "bulk", "name": "束", "customer": ""}


def _template(templates: Path, name: str) -> Path:
    folder = templates / "projects" / name
    folder.mkdir(parents=True)
    (folder / "copier.yml").write_text(HEAD.format(title=name))
    return folder
