"""Whatever Google signs, the front desk answers: with something Chat can show, never with a 5xx."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.queries import QUERIES
from kakari.bootstrap import desk_app
from kakari.demo.stack import Stack
from ledger.database import Ledger
from ledger.models import Job
from tasks.document.pages import LinePage
from tasks.registry import all_tasks
from tests.scenario.front_desk import DOMAIN, JOBS, PERMISSIONS, QUESTIONS, SPACE, TWO_FOLDERS, Desk
from tests.scenario.google import Google
from tests.unit.bot import events
from tests.unit.bot.test_parse_anything import JSON, REAL, places

ACTIONS = (
    *("ask", "form", "edit", "apply", "discard", "show", "cancel", "retry", "undo", "again"),
    *("happened", "did_not", "answer", "questions", "schedule", "find", "audit", "", "no such"),
)
FIRST_PAGE = {"template": "memo", "name": "Suzuki"}


class Long(str):
    """A text that is told in short where a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{self[:20]!r}… ({len(self)})"


LONG = tuple(
    Long(part * (length // len(part)))
    for part, length in {
        "x": 40_000,
        "あ": 300,
        "𠮷": 20_000,
        "a ": 32_000,
        "\u0301\u0316": 16_000,
        "9,": 20_000,
        f"{SPACE}/threads/{'t' * 199}": 230,
        f"users/{'1' * 199}": 210,
    }.items()
)
NUMBERS = (
    *("9223372036854775808", "-9223372036854775809", "0000-01", "9999-12-31", "10000-01", "1e999"),
    *("0e999999999", "NaN", "¥9223372036854775808〜", "9" * 19, "9" * 150, "1.5", "12/31", "〜"),
)
SPOILT = (
    *("", "..", "/", "a/../b", "\0", "\ud800", "\x1b[2J", "\x85", "null", "[", "{}", "[[]]", "%s"),
    *(Long("9" * 5000), "￿", *NUMBERS, *LONG),
)
WORDS = tuple(word for each in (all_tasks(), QUERIES) for word in each)
COMMANDS = tuple(each.command_id for of in (all_tasks(), QUERIES) for each in of.values())
FIELDS = sorted(
    {name for task in all_tasks().values() for name in (*task.Request.model_fields, "undo_reason")}
    | {"site_name", "pages", *LinePage.model_fields}
)
LINE = {"text": "名刺", "quantity": "1", "price": "9" * 11, "category": "standard"}
PAGES = st.sampled_from(
    [
        *SPOILT,
        "[{}]",
        '[{"template": "no such", "name": "Suzuki"}]',
        '[{"template": "memo", "name": "a/../b"}]',
        '[{"template": "memo", "name": "\\ud800"}]',
        '[{"template": "memo", "name": "\\u0000"}]',
        '[{"party": "A\\u0000B"}, {"text": "\\u0000", "quantity": 1e999, "price": "0e999999999"}]',
        '[{"party": "A", "issued": "9999-12-31"}, {"text": "x", "quantity": NaN, "price": -1}]',
        json.dumps([{"party": "𠮷" * 200, "subject": "𠮷" * 100, "notes": "𠮷" * 500}]),
        json.dumps([{"party": "A", "subject": "\x07"}, *[LINE | {"more": "true"}] * 9]),
        '[{"template": ["memo"], "name": {"a": 1}}]',
        '[{"template": "web-agency", "name": "Suzuki"}, {"pages": 1e999}]',
        '[{"template": "web-agency", "name": "Suzuki"}, {"pages": 5, "more": "fields"}]',
        json.dumps([FIRST_PAGE]),
        json.dumps([FIRST_PAGE] * 50),
        "[" * 4000,
    ]
) | JSON.map(json.dumps)
PARAMETERS = st.fixed_dictionaries(
    {"action": st.sampled_from(ACTIONS)},
    optional={
        "task": st.sampled_from([*all_tasks(), *SPOILT]),
        "form": st.sampled_from(["form1", *SPOILT]),
        "pages": PAGES,
        "job": st.sampled_from([*JOBS, *JOBS, *SPOILT]),
        "plan": st.sampled_from([TWO_FOLDERS.hash, TWO_FOLDERS.hash, "", *SPOILT]),
        "question": st.sampled_from([*QUESTIONS, *SPOILT]),
        "answer": st.sampled_from(["sheet", "ledger", "take", "leave", *SPOILT]),
        "locale": st.sampled_from(["ja", "en", *SPOILT]),
        "what": st.sampled_from(["retry", "undo", *SPOILT]),
        "effect": st.sampled_from(["/", *SPOILT]),
        "page": st.sampled_from(["0", "1", "-1", "٣", "²", "99999", *SPOILT]),
        "thread": st.sampled_from([f"{SPACE}/threads/m1", "spaces/other/threads/x", *SPOILT]),
        "text": st.sampled_from(["2 tea", "9:00", *SPOILT]),
    },
)
INPUTS = st.dictionaries(
    st.sampled_from([*FIELDS, "x"]),
    st.lists(st.sampled_from(["memo", "web-agency", "Suzuki", "10", *SPOILT]), max_size=2).map(
        lambda values: {"stringInputs": {"value": values}}
    ),
)
STEPS = st.sampled_from(["REQUEST_DIALOG", "SUBMIT_DIALOG", "CANCEL_DIALOG", ""])
ANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(JSON)
@ANY
def test_any_json_is_answered(desk: Desk, body: object) -> None:
    desk.answer(body)


@pytest.mark.parametrize("wire", ["addon", "classic"])
@given(data=st.data())
@ANY
def test_a_real_event_with_anything_in_one_of_its_places_is_answered(
    desk: Desk, wire: str, data: st.DataObject
) -> None:
    real = [body for body in REAL if ("chat" in body) == (wire == "addon")]
    body = copy.deepcopy(data.draw(st.sampled_from(real)))
    *way, last = data.draw(st.sampled_from(places(body)[1:]))
    parent: Any = body
    for key in way:
        parent = parent[key]
    parent[last] = data.draw(JSON | st.sampled_from(SPOILT))
    desk.answer(body)


@given(PARAMETERS, INPUTS, STEPS)
@ANY
def test_a_tap_with_anything_in_its_parameters_is_answered(
    desk: Desk, parameters: dict[str, str], inputs: events.Body, step: str
) -> None:
    flags = events.dialog(step) if step else {}
    for body in events.click(parameters, inputs, time=desk.moment(), **flags):
        desk.answer(body)


@given(st.sampled_from(WORDS), st.sampled_from(SPOILT) | st.text(), st.booleans())
@ANY
def test_a_command_with_anything_behind_it_is_answered(
    desk: Desk, word: str, text: str, typed: bool
) -> None:
    at = COMMANDS[WORDS.index(word)]
    for body in events.mention(f"{word} {text}") if typed else events.slash_command(at, text):
        held = (body, *body.get("chat", {}).values())
        for each in held:
            if isinstance(each, dict) and "message" in each:
                each["message"]["name"] = f"{SPACE}/messages/{desk.uid()}"
        desk.answer(body)


@pytest.mark.parametrize("field", ["displayName", "name", "email"])
def test_what_a_request_keeps_of_a_person_fits_every_ledger(
    desk: Desk, ledger: Ledger, field: str
) -> None:
    values = {
        "displayName": "あ" * 5000,
        "name": f"users/{'1' * 199}",
        "email": f"{'a' * 400}@{DOMAIN}",
    }
    parameters = {"action": "form", "task": "project", "form": "f", "pages": "[]"}
    parameters |= {"thread": f"{SPACE}/threads/{'t' * 300}"}
    inputs = {name: {"stringInputs": {"value": [value]}} for name, value in FIRST_PAGE.items()}
    alice = events.ALICE | {field: values[field]}
    common = {"userLocale": "ja-Hira-JP-u-ca-japanese"}
    click, _ = events.click(parameters, inputs, user=alice, **events.dialog("SUBMIT_DIALOG"))
    click["commonEventObject"] |= common
    desk.answer(click)
    with ledger.read() as tx:
        kept = list(tx.scalars(select(Job).where(Job.id.not_in(JOBS))))
    assert len(kept) == (1 if field == "displayName" else 0), "an identity is never cut"


@pytest.mark.parametrize("task", [name for name, task in all_tasks().items() if task.dialog])
def test_what_is_typed_far_too_long_comes_back_in_a_dialog_that_chat_shows(
    desk: Desk, task: str
) -> None:
    template = {"template": {"stringInputs": {"value": ["memo"]}}}
    for typed in LONG:
        inputs = {name: {"stringInputs": {"value": [typed]}} for name in FIELDS} | template
        asked = {"action": "ask", "task": task, "text": typed, **dict.fromkeys(FIELDS, typed)}
        for pages in ("[]", json.dumps([{"party": "A", "source": "typed"}])):
            filled = {"action": "form", "task": task, "form": "f", "pages": pages}
            for parameters, step in ((filled, "SUBMIT_DIALOG"), (asked, "REQUEST_DIALOG")):
                for body in events.click(parameters, inputs, desk.moment(), **events.dialog(step)):
                    desk.answer(body)


def test_a_ledger_that_is_away_asks_chat_to_deliver_once_more(
    stack: Stack, google: Google, tmp_path: Path
) -> None:
    permissions = tmp_path / "permissions.toml"
    permissions.write_text(PERMISSIONS)
    settings_ = stack.settings.model_copy(update={"permissions": permissions})
    app = desk_app(settings_, Ledger(f"sqlite:///{tmp_path}/gone/ledger.db"))
    body, _ = events.mention("memo")
    headers = {"Authorization": f"Bearer {google.token()}"}
    answer = app.test_client().post("/chat", data=json.dumps(body), headers=headers)
    assert answer.status_code == 503
