"""An address is one person's: folding, cutting and unseen signs make it nobody else's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import permission_file
from bot.addresses import LONGEST, folded, is_address, is_entry
from bot.permissions import Permissions
from bot.rules import People, Rules
from bot.wire import parse
from errors.settings import PermissionsBroken
from tests.unit.bot import events

TASKS, QUERIES = ("project",), ("jobs",)


def rules(tmp_path: Path, *names: str) -> Rules:
    file = tmp_path / "permissions.toml"
    listed = ", ".join(f'"{name}"' for name in names)
    file.write_text(f"[tasks.project]\nask = [{listed}]\napprove = []\n", encoding="utf-8")
    return permission_file.read(file, TASKS, QUERIES)


@pytest.mark.parametrize(
    ("named", "typed"),
    [
        ("boss@kiso.example", "boß@kiso.example"),
        ("kim@kiso.example", "\N{KELVIN SIGN}im@kiso.example"),
        ("sato@kiso.example", "\N{LATIN SMALL LETTER LONG S}ato@kiso.example"),
        ("@kiso.example", "eve@\N{KELVIN SIGN}iso.example"),
        ("@kiso.example", "eve@kiſo.example"),
        ("office@kiso.example", "oﬃce@kiso.example"),
        ("alice@kiso.example", "ａｌｉｃｅ@kiso.example"),
        ("alice@kiso.example", "alice＠kiso.example"),
        ("alice@kiso.example", "аlice@kiso.example"),
        ("i@kiso.example", "İ@kiso.example"),
        ("alice@kiso.example", "alice@kiso.example\u200b"),
        ("alice@kiso.example", "alice@kiso.example\n"),
        ("é@kiso.example", "e\u0301@kiso.example"),
        ("ß@kiso.example", "ss@kiso.example"),
        ("ß@kiso.example", "ẞ@kiso.example"),
    ],
)
def test_what_only_folds_to_an_address_is_another_one(
    tmp_path: Path, named: str, typed: str
) -> None:
    assert not rules(tmp_path, named).asking(typed, "project").yes


@pytest.mark.parametrize("typed", ["Boss@Kiso.Example", "BOSS@KISO.EXAMPLE", "boss@kiso.example"])
def test_capitals_of_ascii_do_not_matter(tmp_path: Path, typed: str) -> None:
    for named in ("boss@kiso.example", "BOSS@kiso.EXAMPLE", "@KISO.example"):
        assert rules(tmp_path, named).asking(typed, "project").yes


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text())
def test_two_texts_are_one_only_if_ascii_capitals_tell_them_apart(one: str, other: str) -> None:
    assert folded(folded(one)) == folded(one)
    assert len(folded(one)) == len(one)
    if folded(one) == folded(other):
        assert all(a == b or (a + b).isascii() for a, b in zip(one, other, strict=True))


def test_an_address_that_is_too_long_is_refused_and_not_cut(tmp_path: Path) -> None:
    domain = "@kiso.example"
    longest = "a" * (LONGEST - len(domain)) + domain
    found = rules(tmp_path, longest, domain)
    assert found.asking(longest, "project").yes
    assert not found.asking(f"a{longest}", "project").yes
    for names in ([f"a{longest}"], ["@" + "a" * LONGEST]):
        with pytest.raises(PermissionsBroken, match="254"):
            rules(tmp_path, *names)


@pytest.mark.parametrize("length", [255, 499, 500, 501, 32_000])
def test_an_event_of_somebody_whose_address_is_too_long_is_nobodys(
    tmp_path: Path, length: int
) -> None:
    domain = "@kiso.example"
    rules(tmp_path, "a" * (LONGEST - len(domain)) + domain, domain)
    known = Permissions.load(tmp_path / "permissions.toml", TASKS, QUERIES)
    for email in ("a" * (length - len(domain)) + domain, "a@kiso.example" + "x" * length):
        event = parse(events.mention("project", sender=events.ALICE)[0])
        body, _ = events.mention("project")
        body["chat"]["user"] = {**events.ALICE, "email": email}
        event = parse(body)
        assert event is not None
        assert not known.allow(event)


@pytest.mark.parametrize(
    "name",
    ["alice@kiso.example\\u200b", "\\ufeffalice@kiso.example", "a\\u00adlice@kiso.example", "@"],
)
def test_what_nobody_sees_is_no_part_of_an_entry(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermissionsBroken, match="can all be seen"):
        rules(tmp_path, name)


def test_an_entry_is_an_address_or_a_domain_without_stars() -> None:
    assert [is_entry(each) for each in ("a@b", "@b", "*@b", "@*.b", "a@", "b", "")] == [
        *[True] * 2,
        *[False] * 5,
    ]
    assert is_address("a*b@c"), "it is somebody’s, if of no list"


def test_groups_spaces_and_tasks_are_named_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "permissions.toml"
    for text in (
        '[groups]\noffice = []\n[audit]\nsee = ["Office"]\n',
        '[groups]\n"straße" = []\n[audit]\nsee = ["strasse"]\n',
        "[tasks.Project]\nask = []\napprove = []\n",
        '[tasks."ｐroject"]\nask = []\napprove = []\n',
        '[spaces]\nallowed = ["ｓpaces/A"]\n',
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(PermissionsBroken):
            permission_file.read(file, TASKS, QUERIES)


def test_a_person_without_an_address_is_nobody() -> None:
    people = People("here", {"": "here", "@": "here"})
    assert [people.route(each) for each in ("", "@", " ", "a@", "@a")] == [None] * 5
