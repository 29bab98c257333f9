"""What docs/templates.md says is so."""

import re
from pathlib import Path

import pytest
import yaml

from tasks.project import names, shape
from tasks.project.definition import MOST_QUESTIONS, SETTINGS

PAGE = Path(__file__).parents[3] / "docs" / "templates.md"
FILE = re.compile(
    r"^`templates/projects/site-survey/([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@pytest.fixture
def written(office):
    """Write the page's example as the page says."""
    files = dict(FILE.findall(PAGE.read_text()))
    definition = files.pop("copier.yml")
    office.template(files, definition, name="site-survey", strict=False)
    return office


def test_the_example_passes_the_check(written):
    assert written.problems() == []


def test_the_example_makes_what_it_promises(written):
    made = written.made(
        {"site": "富士市永田町", "drone": "true"}, {"pilot": "佐藤"}, template="site-survey"
    )
    assert made == {
        "/": None,
        "/空撮": None,
        "/\ue000number\ue001 測量計画.md": (
            "# \ue000number\ue001 鈴木邸\n\n- お客様: （未記入）\n- 現場: 富士市永田町\n- 測点: 10 点\n"
        ),
        "/空撮/飛行記録.md": "# 飛行記録\n\n操縦者: 佐藤\n",
    }


def test_every_yaml_on_the_page_is_yaml():
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    assert all(yaml.safe_load(block) for block in blocks)


def test_every_key_setting_and_limit_is_on_the_page():
    page = PAGE.read_text()
    for key in shape.KEYS | SETTINGS | shape.OFFERED:
        assert f"`{key}`" in page or f"\n{key}:" in page, key
    assert f"{MOST_QUESTIONS} questions" in page
    assert f"at most {shape.MOST_CHOICES}" in page
    assert f"`{names.RENDERED}`" in page
