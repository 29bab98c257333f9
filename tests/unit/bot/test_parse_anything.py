"""Whatever arrives, reading it ends in an event or in “not for us”, never in an error."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.event import Event
from bot.wire import parse
from tests.unit.bot import events

KEYS = st.sampled_from(
    [
        "type",
        "chat",
        "user",
        "space",
        "message",
        "name",
        "thread",
        "common",
        "commonEventObject",
        "formInputs",
        "parameters",
        "messagePayload",
        "buttonClickedPayload",
        "appCommandMetadata",
        "appCommandId",
        "slashCommand",
        "stringInputs",
        "dateTimeInput",
        "timeInput",
        "msSinceEpoch",
        "hours",
        "value",
    ]
)
WORDS = st.sampled_from(["MESSAGE", "CARD_CLICKED", "users/1", "spaces/A/messages/m", "true", "1"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**400)
    | st.floats()
    | WORDS
    | st.text(st.characters(), max_size=8)  # half surrogate pairs included
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(), inner, max_size=5)
    ),
    max_leaves=20,
)
REAL = [
    *events.mention("hello"),
    *events.slash_command(),
    *events.quick_command(),
    *events.click(
        inputs={
            "name": {"stringInputs": {"value": ["x"]}},
            "due": {"dateInput": {"msSinceEpoch": 1.0}},
            "at": {"timeInput": {"hours": 9.0, "minutes": 5.0}},
            "meeting": {"dateTimeInput": {"hasDate": True, "msSinceEpoch": "1"}},
        },
        **events.dialog("SUBMIT_DIALOG"),
    ),
    events.classic("ADDED_TO_SPACE", message=events.message()),
    events.addon(None),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything in a body."""
    inside: list[Any] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


def storable(event: Event) -> None:
    """Check that what the ledger keeps of an event can be kept by any database."""
    assert len(event.key) == 64
    kept = json.dumps([event.text, dict(event.parameters), dict(event.inputs)], ensure_ascii=False)
    assert "\0" not in kept.encode().decode()


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_without_an_error(body: object) -> None:
    event = parse(body)
    assert event is None or isinstance(event, Event)


@given(st.sampled_from(REAL), st.data())
@settings(max_examples=400, deadline=None)
def test_a_real_event_with_anything_in_one_of_its_places_is_read_without_an_error(
    real: events.Body, data: st.DataObject
) -> None:
    body = copy.deepcopy(real)
    *way, last = data.draw(st.sampled_from(places(body)[1:]))
    parent: Any = body
    for key in way:
        parent = parent[key]
    if data.draw(st.booleans()):
        parent[last] = data.draw(JSON)
    else:
        del parent[last]
    event = parse(body)
    if event is not None:
        storable(event)


def test_a_body_as_deep_as_json_allows_is_read_without_an_error() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = {"user": [deep]}
    body = events.click()[0]
    body["chat"]["buttonClickedPayload"]["message"] = deep
    body["commonEventObject"]["formInputs"] = {"name": deep}
    assert parse(body) is not None
    while isinstance(deep, dict):  # taken apart by hand: freeing it at once would recurse
        deep = deep.pop("user").pop()
