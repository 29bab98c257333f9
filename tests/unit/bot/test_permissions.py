"""Nobody may do what the permissions file does not say, and every mistake in it has its place."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import permission_file
from bot.permissions import Permissions
from bot.rules import APPROVES, ApprovalRule, People, Rules
from bot.wire import parse
from errors.asking import NotAllowed
from errors.settings import PermissionsBroken, PermissionsUnread
from tests.unit.bot import events

ALICE, BOB, CHARLIE = "alice@fuji.example", "bob@fuji.example", "charlie@outsider.example"
TASKS, QUERIES = ("project", "invoice"), ("jobs", "help")
EVERYDAY = """
[groups]
office = ["@fuji.example"]
bosses = ["bob@fuji.example"]

[tasks."*"]
ask = ["office"]
approve = ["office"]

[tasks.invoice]
ask = ["bosses"]
approve = ["office"]

[[tasks.invoice.above]]
amount = 500
approvals = 3

[[tasks.invoice.above]]
amount = 100
approve = ["bosses", "dave@fuji.example"]
own_request = false
approvals = 2

[audit]
see = ["bosses"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Rules]:
    """Read a permissions file."""

    def read(text: str) -> Rules:
        file = tmp_path / "permissions.toml"
        file.write_text(text, encoding="utf-8")
        return permission_file.read(file, TASKS, QUERIES)

    return read


@pytest.fixture
def permissions(tmp_path: Path) -> Permissions:
    (tmp_path / "permissions.toml").write_text(EVERYDAY)
    return Permissions.load(tmp_path / "permissions.toml", TASKS, QUERIES)


class TestDeniedByDefault:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[tasks]",
            '[groups]\noffice = ["alice@fuji.example"]',
            '[spaces]\nallowed = ["spaces/A"]',
        ],
    )
    def test_who_is_named_by_no_rule_may_nothing(
        self, rules: Callable[[str], Rules], text: str
    ) -> None:
        nobody = rules(text)
        steps = [nobody.talking(ALICE, None)[0], nobody.auditing(ALICE)]
        steps += [nobody.asking(ALICE, name) for name in (*TASKS, *QUERIES)]
        steps += [nobody.approval(task, None).approving(ALICE) for task in TASKS]
        assert not any(step.yes for step in steps)

    def test_a_table_of_its_own_replaces_what_holds_for_the_other_tasks(
        self, rules: Callable[[str], Rules]
    ) -> None:
        found = rules(EVERYDAY)
        assert found.asking(ALICE, "project").yes
        assert not found.asking(ALICE, "invoice").yes

    def test_a_query_is_for_everybody_who_is_named_unless_it_has_a_table(
        self, rules: Callable[[str], Rules]
    ) -> None:
        found = rules(EVERYDAY + '[queries.jobs]\nask = ["charlie@outsider.example"]\n')
        asked = itertools.product((ALICE, CHARLIE, "eve@outsider.example"), QUERIES)
        may = {(who, query) for who, query in asked if found.asking(who, query).yes}
        assert may == {(ALICE, "help"), (CHARLIE, "help"), (CHARLIE, "jobs")}

    @pytest.mark.parametrize("table", ["tasks.invoice", 'tasks."*"', "audit", "queries.jobs"])
    def test_whoever_is_named_by_any_rule_may_talk_to_kakari(
        self, rules: Callable[[str], Rules], table: str
    ) -> None:
        lists = {"audit": ("see",), "queries.jobs": ("ask",)}.get(table, ("approve", "ask"))
        for named in lists:
            others = "".join(f"{each} = []\n" for each in lists if each != named)
            found = rules(f'[{table}]\n{named} = ["{CHARLIE}"]\n{others}')
            assert all(step.yes for step in found.talking(CHARLIE, "spaces/AAQA1"))
            assert not found.talking(ALICE, "spaces/AAQA1")[0].yes


class TestPeople:
    @pytest.mark.parametrize(
        ("email", "named"),
        [
            ("alice@fuji.example", True),
            ("Alice@FUJI.example", True),
            ("alice@mail.fuji.example", False),
            ("alice@notfuji.example", False),
            ("alice@fuji.example.evil.example", False),
            ("alice@evil.example@fuji.example", False),
            ("@fuji.example", False),
            ("fuji.example", False),
            ("alice@", False),
            ("", False),
        ],
    )
    def test_a_domain_is_exactly_that_domain(
        self, rules: Callable[[str], Rules], email: str, named: bool
    ) -> None:
        assert rules(EVERYDAY).asking(email, "project").yes == named

    @given(st.emails(), st.emails())
    def test_an_address_names_nobody_else(self, one: str, other: str) -> None:
        people = People("here", {one.casefold(): "here"})
        assert people.route(one.upper()) == "here"
        assert (people.route(other) is not None) == (one.casefold() == other.casefold())

    def test_groups_may_hold_groups_and_the_way_through_them_is_told(
        self, rules: Callable[[str], Rules]
    ) -> None:
        found = rules(
            '[groups]\nall = ["office", "guests"]\noffice = ["guests", "@fuji.example"]\n'
            'guests = ["Charlie@Outsider.Example"]\n'
            '[tasks.project]\nask = ["all"]\napprove = []\n'
        )
        step = found.asking(CHARLIE, "project")
        assert "tasks.project.ask → all → office → guests → Charlie@Outsider.Example" in (
            step.say("ja")
        )
        assert found.asking(ALICE, "project").yes


class TestSpaces:
    def test_where_spaces_are_named_kakari_answers_in_those_and_in_direct_messages(
        self, rules: Callable[[str], Rules]
    ) -> None:
        found = rules(EVERYDAY + '[spaces]\nallowed = ["spaces/AAQA1"]\n')
        where = (None, "spaces/AAQA1", "spaces/aaqa1", "spaces/AAQA2")
        answered = {space for space in where if all(s.yes for s in found.talking(ALICE, space))}
        assert answered == {None, "spaces/AAQA1"}
        assert not any(all(s.yes for s in found.talking(CHARLIE, space)) for space in where)

    def test_an_event_is_judged_by_its_person_and_its_space(self, tmp_path: Path) -> None:
        file = tmp_path / "permissions.toml"
        office = events.OFFICE["name"]
        file.write_text(
            '[tasks.project]\nask = ["alice@example.com"]\napprove = []\n'
            f'[spaces]\nallowed = ["{office}x"]\n'
        )
        permissions = Permissions.load(file, TASKS, QUERIES)
        addon, _ = events.mention("project")
        event = parse(addon)
        assert event.space is not None
        assert not permissions.allow(event)
        assert permissions.allow(replace(event, space=None))
        assert permissions.allow(replace(event, space=replace(event.space, name=f"{office}x")))
        assert permissions.allow(replace(event, space=replace(event.space, is_direct_message=True)))
        bob = replace(event, user=replace(event.user, email="bob@example.com"), space=None)
        assert not permissions.allow(bob)
        with pytest.raises(NotAllowed):
            permissions.demand_ask(bob, "project")
        permissions.demand_ask(event, "project")


class TestApproval:
    @pytest.mark.parametrize(
        ("amount", "approvals", "own", "approvers"),
        [
            (None, 1, True, {ALICE, BOB}),
            (0, 1, True, {ALICE, BOB}),
            (99, 1, True, {ALICE, BOB}),
            (100, 2, False, {BOB}),
            (499, 2, False, {BOB}),
            (500, 3, True, {ALICE, BOB}),
            (10**12, 3, True, {ALICE, BOB}),
            (-200, 2, False, {BOB}),
        ],
    )
    def test_the_highest_amount_that_is_reached_holds_over_the_tasks_own_table(
        self,
        permissions: Permissions,
        amount: int | None,
        approvals: int,
        own: bool,
        approvers: set[str],
    ) -> None:
        rule = permissions.approval("invoice", amount)
        assert (rule.approvals, rule.own_request) == (approvals, own)
        assert {who for who in (ALICE, BOB, CHARLIE) if rule.allows(who)} == approvers

    @given(st.sets(st.integers(1, 50), max_size=6), st.integers(0, 60))
    def test_rules_hold_from_their_amount_on_in_whatever_order_they_stand(
        self, amounts: set[int], amount: int
    ) -> None:
        people = People("here", {ALICE: "here"})
        thresholds = [ApprovalRule(each, people, True, 1) for each in (*amounts, 0)]
        rules = Rules(people, frozenset(), {}, {"invoice": tuple(thresholds)}, people)
        holds = rules.approval("invoice", amount).amount
        assert holds <= amount
        assert not any(holds < each <= amount for each in amounts)

    def test_what_is_decided_is_what_is_explained(self, permissions: Permissions) -> None:
        rule = permissions.approval("invoice", 100)
        assert rule.approving(BOB).sentence is APPROVES
        assert "tasks.invoice.above[1].approve → bosses → bob@fuji.example" in (
            rule.approving(BOB).say("en")
        )
        assert "tasks.invoice.above[1].approve names neither" in rule.approving(ALICE).say("en")
        assert not rule.approving_own(BOB).yes


def test_whoever_asks_approves_or_audits_may_be_told_of_a_tasks_requests(
    rules: Callable[[str], Rules], tmp_path: Path
) -> None:
    rules(
        '[tasks.invoice]\nask = ["alice@fuji.example"]\napprove = []\n'
        '[[tasks.invoice.above]]\namount = 5\napprove = ["bob@fuji.example"]\n'
        '[tasks.project]\nask = ["eve@fuji.example"]\napprove = []\n'
        '[audit]\nsee = ["dave@fuji.example"]\n'
    )
    permissions = Permissions.load(tmp_path / "permissions.toml", TASKS, QUERIES)
    people = [f"{name}@fuji.example" for name in ("alice", "bob", "dave", "eve")]
    assert [permissions.may_see(who, "invoice") for who in people] == [True, True, True, False]
    assert [permissions.may_audit(who) for who in people] == [False, False, True, False]


TASK = "[tasks.project]\nask = []\napprove = []\n"


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "place", "said"),
        [
            ("[tasks\n", "", "line 1"),
            ("\0", "", "not TOML"),
            ("audits = 1", ", audits", "nothing of this name"),
            ("tasks = 1", ", tasks", "a table"),
            ('[tasks.project]\nask = ["@fuji.example"]', ", tasks.project.approve", "to be there"),
            (TASK + 'aprove = ["@fuji.example"]', ", tasks.project.aprove", "nothing of this"),
            (TASK + "approvals = 0", ", tasks.project.approvals", "at least 1"),
            (TASK + 'approvals = "2"', ", tasks.project.approvals", "a whole number"),
            (TASK + "approvals = true", ", tasks.project.approvals", "a whole number"),
            (TASK + 'own_request = "no"', ", tasks.project.own_request", "true or false"),
            (TASK + "[tasks.project.above]", ", tasks.project.above", "a list"),
            (TASK + "[[tasks.project.above]]", ", tasks.project.above[0].amount", "to be there"),
            (
                TASK + "above = [{amount = 5}, {amount = 5}]",
                ", tasks.project.above[1].amount",
                "from this amount on already",
            ),
            ('[tasks."*"]\nask = "office"\napprove = []', ', tasks."*".ask', "a list"),
            ("[groups]\noffice = [1]", ", groups.office[0]", "text, in quotes"),
            ("[tasks.projekt]\nask = []\napprove = []", ", tasks.projekt", "only project, invoice"),
            ("[queries.project]\nask = []", ", queries.project", "only jobs, help"),
            ("[queries.jobs]\nask = []\napprove = []", ", queries.jobs.approve", "nothing of this"),
            ('[spaces]\nallowed = ["AAQA1"]', ", spaces.allowed[0]", "spaces/AAQA…"),
            ('[audit]\nsee = ["bosses"]', ", audit.see[0]", "there is no group bosses"),
            ('[groups]\nunused = ["bosses"]', ", groups.unused[0]", "there is no group bosses"),
            ('[groups]\n"a@b" = []', ', groups."a@b"', "has no @ in it"),
            ('[audit]\nsee = ["bob@"]', ", audit.see[0]", "written as alice@fuji.example"),
            ('[audit]\nsee = ["*@fuji.example"]', ", audit.see[0]", "as @fuji.example"),
            ('[audit]\nsee = ["@*.fuji.example"]', ", audit.see[0]", "as @fuji.example"),
            ('[groups]\na = ["a"]', ", groups.a[0]", "a → a"),
            (
                '[groups]\na = ["b"]\nb = ["alice@fuji.example", "c"]\nc = ["a"]',
                ", groups.c[0]",
                "a → b → c → a",
            ),
        ],
    )
    def test_a_mistake_is_told_with_its_place(
        self, rules: Callable[[str], Rules], tmp_path: Path, text: str, place: str, said: str
    ) -> None:
        with pytest.raises(PermissionsBroken) as refused:
            rules(text)
        assert f"– {tmp_path / 'permissions.toml'}{place}: " in str(refused.value)
        assert said in str(refused.value)
        assert "権限ファイルに誤りがあります" in refused.value.say("ja")

    @pytest.mark.parametrize(
        ("approve", "approvals", "possible"),
        [
            ('["a@x.example", "b@x.example"]', 2, True),
            ('["a@x.example", "A@X.example"]', 2, False),
            ('["two", "a@x.example"]', 2, True),
            ('["two", "a@x.example"]', 3, False),
            ('["@x.example"]', 9, True),
            ("[]", 1, True),
            ("[]", 2, False),
        ],
    )
    def test_more_approvals_than_there_are_people_are_a_mistake(
        self, rules: Callable[[str], Rules], approve: str, approvals: int, possible: bool
    ) -> None:
        group = '[groups]\ntwo = ["a@x.example", "b@x.example"]\n'
        own = f"[tasks.invoice]\nask = []\napprove = {approve}\napprovals = {approvals}\n"
        above = f"[tasks.invoice]\nask = []\napprove = {approve}\nabove = [{{amount = 1, approvals = {approvals}}}]"
        for text in (own, above):
            if possible:
                rules(group + text)
            else:
                with pytest.raises(PermissionsBroken, match="people have to approve"):
                    rules(group + text)

    def test_a_file_that_is_not_there_or_no_file_is_told(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none.toml", tmp_path):
            with pytest.raises(PermissionsUnread, match="KAKARI_PERMISSIONS"):
                Permissions.load(path, TASKS, QUERIES)

    def test_a_file_as_windows_writes_it_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "permissions.toml"
        file.write_bytes(b"\xef\xbb\xbf" + EVERYDAY.replace("\n", "\r\n").encode())
        assert permission_file.read(file, TASKS, QUERIES).asking(ALICE, "project").yes

    def test_a_file_in_another_encoding_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "permissions.toml"
        file.write_bytes("# 権限".encode("shift_jis"))
        with pytest.raises(PermissionsBroken, match="not TOML"):
            permission_file.read(file, TASKS, QUERIES)


class TestChanging:
    def test_a_change_holds_at_once(self, permissions: Permissions, tmp_path: Path) -> None:
        assert not permissions.may_ask(CHARLIE, "project")
        (tmp_path / "permissions.toml").write_text(EVERYDAY.replace("@fuji", "@outsider"))
        assert permissions.may_ask(CHARLIE, "project")
        assert not permissions.may_ask(ALICE, "project")

    def test_a_file_that_is_put_in_its_place_is_read(
        self, permissions: Permissions, tmp_path: Path
    ) -> None:
        assert permissions.may_ask(ALICE, "project")
        other = tmp_path / "other.toml"
        other.write_text("")
        other.replace(tmp_path / "permissions.toml")
        assert not permissions.may_ask(ALICE, "project")

    @pytest.mark.parametrize("broken", ["[tasks", '[audit]\nsee = ["nobody"]', None])
    def test_while_the_file_is_broken_or_away_the_last_good_rules_hold_and_the_log_says_so_once(
        self, permissions: Permissions, tmp_path: Path, broken: str | None
    ) -> None:
        file = tmp_path / "permissions.toml"
        file.unlink()
        if broken is not None:
            file.write_text(broken)
        with capture_logs() as logs:
            assert permissions.may_ask(ALICE, "project")
            assert not permissions.may_ask(CHARLIE, "project")
        (kept,) = logs
        assert (kept["event"], kept["log_level"]) == ("permissions.kept", "error")
        assert str(file) in kept["why"]
        file.write_text("# nobody any more")
        assert not permissions.may_ask(ALICE, "project")
