"""Whatever Google signs, the front desk answers: with something Chat can show, never with a 5xx."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kakari.bootstrap import desk_app
from kakari.demo.stack import Stack
from ledger.database import Ledger
from ledger.models import Job
from simulator.client import addon, classic, display
from tests.scenario.google import CLASSIC, Google
from tests.unit.bot import events
from tests.unit.bot.test_parse_anything import JSON, REAL, places

DOMAIN = events.ALICE["email"].partition("@")[2]
PERMISSIONS = f"""
[tasks."*"]
ask = ["@{DOMAIN}"]
approve = ["@{DOMAIN}"]
"""
SPACE = events.OFFICE["name"]
ACTIONS = (
    *("ask", "form", "edit", "apply", "discard", "show", "cancel", "retry", "undo", "again"),
    *("happened", "did_not", "audit", "", "no such"),
)
FIRST_PAGE = {"template": "memo", "name": "Suzuki"}
LONG = ("x" * 40_000, "あ" * 300, f"{SPACE}/threads/{'t' * 199}", f"users/{'1' * 199}")
SPOILT = ("", "..", "/", "a/../b", "\0", "null", "[", "{}", "[[]]", "9" * 5000, "￿", *LONG)
PAGES = st.sampled_from(
    [
        *SPOILT,
        "[{}]",
        '[{"template": "no such", "name": "Suzuki"}]',
        '[{"template": "memo", "name": "a/../b"}]',
        '[{"template": "memo", "name": "\\ud800"}]',
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
        "task": st.sampled_from(["project", "remind", *SPOILT]),
        "form": st.sampled_from(["form1", *SPOILT]),
        "pages": PAGES,
        "job": st.sampled_from(["j1", *SPOILT]),
        "plan": st.sampled_from(["p1", *SPOILT]),
        "what": st.sampled_from(["retry", "undo", *SPOILT]),
        "effect": st.sampled_from(["/", *SPOILT]),
        "page": st.sampled_from(["0", "1", "-1", "٣", "99999", *SPOILT]),
        "thread": st.sampled_from([f"{SPACE}/threads/m1", "spaces/other/threads/x", *SPOILT]),
        "text": st.sampled_from(["2 tea", "9:00", *SPOILT]),
    },
)
INPUTS = st.dictionaries(
    st.sampled_from(["template", "name", "customer", "pages", "site_name", "x"]),
    st.lists(st.sampled_from(["memo", "web-agency", "Suzuki", "10", *SPOILT]), max_size=2).map(
        lambda values: {"stringInputs": {"value": values}}
    ),
)
STEPS = st.sampled_from(["REQUEST_DIALOG", "SUBMIT_DIALOG", "CANCEL_DIALOG", ""])
ANY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Desk:
    """The front desk in this process, with a ledger of its own, called as Google calls it."""

    def __init__(self, client: FlaskClient, google: Google) -> None:
        self.client = client
        self.tokens = {"addon": google.token(), "classic": google.token(CLASSIC)}
        self.times = 0

    def answer(self, body: Any) -> None:
        """Deliver the body, and read the answer as Chat does."""
        wire = addon if isinstance(body, dict) and "chat" in body else classic
        token = self.tokens["addon" if wire is addon else "classic"]
        data = json.dumps(body).encode()
        answer = self.client.post("/chat", data=data, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        reply = wire.reply(answer.get_json())
        if reply.dialog:
            assert display.accepted_card(reply.dialog) == reply.dialog, "Chat shows all of it"
        for message in (reply.create, reply.update):
            if message:
                display.accepted_message(message)

    def moment(self) -> str:
        """Return another time each time: what is done twice is not delivered twice."""
        self.times += 1
        return f"2026-11-22T00:30:00.{self.times:06}Z"


@pytest.fixture
def desk(stack: Stack, google: Google, ledger: Ledger, tmp_path: Path) -> Desk:
    permissions = tmp_path / "permissions.toml"
    permissions.write_text(PERMISSIONS)
    change = {"permissions": permissions}
    app = desk_app(stack.settings.model_copy(update=change), ledger)
    app.testing = True  # what would be a 500 is raised here
    return Desk(app.test_client(), google)


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
        kept = list(tx.scalars(select(Job)))
    assert len(kept) == (0 if field == "name" else 1)


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
