"""The example of docs/permissions.md is a permissions file, and says what the page says it says."""

import re
from pathlib import Path

import pytest

from bot import permission_file
from bot.permission_file import Above, Document, TaskTable
from bot.queries import QUERIES
from bot.rules import Rules
from kakari.explain import explanation

TEXT = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    file = tmp_path / "permissions.toml"
    file.write_text(example, encoding="utf-8")
    return permission_file.read(file, {"project", "invoice"}, QUERIES)


def test_the_example_says_what_its_comments_say(rules: Rules) -> None:
    carol, alice = "carol@fuji-kanagata.example", "alice@fuji-kanagata.example"
    assert not rules.asking("eve@mail.fuji-kanagata.example", "project").yes
    small, large = rules.approval("invoice", 99_999), rules.approval("invoice", 100_000)
    assert (small.approvals, small.own_request, small.allows(carol)) == (1, False, True)
    assert (large.approvals, large.own_request, large.allows(carol)) == (2, False, False)
    assert rules.asking(alice, "jobs").yes
    assert not rules.asking(alice, "status").yes


def test_the_explanation_is_what_kakari_prints(rules: Rules) -> None:
    ((command, printed),) = re.findall(r"```console\n\$ (.*?)\n(.*?)```", TEXT, re.DOTALL)
    _, _, email, name = command.split()
    told = explanation(rules, email, name, space=None, amount=None)
    assert [*told.lines("en")] == printed.splitlines()


def test_every_table_and_key_is_on_the_page() -> None:
    for model in (Document, TaskTable, Above):
        for key in model.model_fields:
            assert re.search(rf"`{key}`|[\[.]{key}[.\]]", TEXT), key
