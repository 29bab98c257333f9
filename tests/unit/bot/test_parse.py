from typing import Any

import pytest

from bot.event import Dialog, Event, EventKind, Space, Wire
from bot.wire import parse
from tests.unit.bot import events
from tests.unit.bot.events import ALICE, ALICES_DM, BOB, KAKARI, Body, addon, classic, dialog

Pair = tuple[Body, Body]


def understood(body: Body) -> Event:
    event = parse(body)
    assert event is not None
    return event


def both(pair: Pair) -> tuple[Event, Event]:
    return understood(pair[0]), understood(pair[1])


def test_a_mention_says_who_said_what_and_where_in_both_formats() -> None:
    for event, wire in zip(both(events.mention("  schedule today ")), Wire, strict=True):
        assert event.wire is wire
        assert event.kind is EventKind.MESSAGE
        assert event.user.name == "users/1001"
        assert (event.user.display_name, event.user.email) == ("Alice", "alice@example.com")
        assert event.user.locale == "ja"
        assert event.space == Space("spaces/AAAAoffice", False, "Office")
        assert event.thread == "spaces/AAAAoffice/threads/m1"
        assert event.message == "spaces/AAAAoffice/messages/m1.m1"
        assert event.text == "schedule today"
        assert event.time == events.MORNING
        assert event.dialog is None


def test_a_bare_mention_is_an_empty_text() -> None:
    assert [event.text for event in both(events.mention())] == ["", ""]


def test_a_direct_message_is_told_from_a_space() -> None:
    for event in both(events.mention("help", space=ALICES_DM)):
        assert event.space == Space("spaces/AAAAalice", True, "")


def test_the_message_s_space_counts_where_the_event_names_none() -> None:
    body = classic("MESSAGE", message=events.message(), space=None)
    assert understood(body).space == Space("spaces/AAAAoffice", False, "Office")


def test_a_slash_command_is_a_command_in_both_formats() -> None:
    for event in both(events.slash_command(3, "Aoi clinic")):
        assert event.kind is EventKind.COMMAND
        assert event.command_id == 3
        assert event.text == "Aoi clinic"


@pytest.mark.parametrize("spelling", [1, 1.0, "1", "1.0"])
def test_a_command_id_may_be_spelled_in_any_way(spelling: object) -> None:
    metadata = {"appCommandId": spelling, "appCommandType": "QUICK_COMMAND"}
    assert understood(addon("appCommandPayload", appCommandMetadata=metadata)).command_id == 1
    assert understood(classic("APP_COMMAND", appCommandMetadata=metadata)).command_id == 1


@pytest.mark.parametrize("spelling", [None, "", "one", 1.5, True, 0, -1, 1001, [1], "9" * 500])
def test_a_command_without_a_possible_id_is_not_ours(spelling: object) -> None:
    metadata = {"appCommandId": spelling, "appCommandType": "QUICK_COMMAND"}
    assert parse(addon("appCommandPayload", appCommandMetadata=metadata)) is None
    assert parse(classic("APP_COMMAND", appCommandMetadata=metadata)) is None


def test_a_message_action_points_at_someone_elses_words_and_takes_none_of_them() -> None:
    metadata = {"appCommandId": 7, "appCommandType": "MESSAGE_ACTION"}
    pointed_at = events.message(sender=KAKARI, argumentText="not Alice's words")
    for event in both(
        (
            addon("appCommandPayload", appCommandMetadata=metadata, message=pointed_at),
            classic("APP_COMMAND", appCommandMetadata=metadata, message=pointed_at),
        )
    ):
        assert (event.command_id, event.text) == (7, "")
        assert event.message == pointed_at["name"]


def test_a_click_names_the_button_its_parameters_and_the_clicked_message() -> None:
    for event in both(events.click({"action": "apply", "job": "j1"})):
        assert event.kind is EventKind.CLICK
        assert event.action == "apply"
        assert event.parameters == {"action": "apply", "job": "j1"}
        assert event.message == "spaces/AAAAoffice/messages/card.card"
        assert event.thread == "spaces/AAAAoffice/threads/card"


def test_a_button_without_an_action_has_an_empty_one() -> None:
    assert [event.action for event in both(events.click({"job": "j1"}))] == ["", ""]


def test_the_older_place_of_a_click_s_parameters_is_read_too() -> None:
    body = classic(
        "CARD_CLICKED",
        action={
            "actionMethodName": "https://kakari.example.com/chat",
            "parameters": [{"key": "action", "value": "discard"}, {"key": 1}, "junk"],
        },
    )
    assert understood(body).action == "discard"


@pytest.mark.parametrize("flag", [True, "true"])
@pytest.mark.parametrize("step", Dialog)
def test_every_step_of_a_dialog_is_told(flag: object, step: Dialog) -> None:
    flags = {"isDialogEvent": flag, "dialogEventType": step.value}
    assert [event.dialog for event in both(events.click(**flags))] == [step, step]


def test_a_flag_without_its_type_asks_for_a_dialog_on_a_command_and_submits_on_a_click() -> None:
    for event in both(events.slash_command(isDialogEvent="true")):
        assert event.dialog is Dialog.REQUEST
    for event in both(events.click(isDialogEvent=True)):
        assert event.dialog is Dialog.SUBMIT


def test_a_form_s_values_are_texts_whatever_the_widget() -> None:
    inputs = {
        "name": {"stringInputs": {"value": ["Aoi clinic"]}},
        "empty": {"stringInputs": {"value": [""]}},
        "none chosen": {"stringInputs": {}},
        "parts": {"stringInputs": {"value": ["a", "b"]}},
        "due": {"dateInput": {"msSinceEpoch": 1.7959968e12}},
        "due as text": {"dateInput": {"msSinceEpoch": "1795996800000"}},
        "at": {"timeInput": {"hours": 9.0, "minutes": 5}},
        "midnight": {"timeInput": {}},
        "meeting": {"dateTimeInput": {"hasDate": True, "hasTime": True, "msSinceEpoch": 0}},
        "day of it": {"dateTimeInput": {"hasDate": True, "msSinceEpoch": 1795996800000}},
        "hour of it": {"dateTimeInput": {"hasTime": True, "msSinceEpoch": 1795998600000}},
    }
    for event in both(events.click(inputs=inputs, **dialog("SUBMIT_DIALOG"))):
        assert event.inputs == {
            "name": ["Aoi clinic"],
            "empty": [""],
            "none chosen": [],
            "parts": ["a", "b"],
            "due": ["2026-11-30"],
            "due as text": ["2026-11-30"],
            "at": ["09:05"],
            "midnight": ["00:00"],
            "meeting": ["1970-01-01T00:00:00+00:00"],
            "day of it": ["2026-11-30"],
            "hour of it": ["00:30"],
        }


@pytest.mark.parametrize(
    "value",
    [
        {"dateInput": {}},
        {"dateInput": {"msSinceEpoch": "soon"}},
        {"dateInput": {"msSinceEpoch": 9e15}},
        {"dateTimeInput": {"msSinceEpoch": float("nan")}},
        {"timeInput": {"hours": 24}},
        {"timeInput": {"minutes": 2**40}},
        {"colourInput": {"red": 1}},
        "text",
        None,
    ],
)
def test_an_input_that_cannot_be_read_counts_as_left_alone(value: object) -> None:
    assert understood(events.click(inputs={"due": value})[0]).inputs == {}


def test_added_from_the_member_list_and_removed() -> None:
    for kind, pair in {
        EventKind.ADDED: (addon("addedToSpacePayload"), classic("ADDED_TO_SPACE")),
        EventKind.REMOVED: (addon("removedFromSpacePayload"), classic("REMOVED_FROM_SPACE")),
    }.items():
        for event in both(pair):
            assert (event.kind, event.interaction_add) == (kind, False)


def test_an_add_on_that_is_added_by_a_mention_hears_of_it_twice() -> None:
    first = understood(addon("addedToSpacePayload", interactionAdd=True))
    assert (first.kind, first.interaction_add) == (EventKind.ADDED, True)
    second = understood(events.mention()[0])
    assert (second.kind, second.interaction_add) == (EventKind.MESSAGE, False)


def test_a_classic_app_that_is_added_by_a_mention_hears_it_as_the_mention() -> None:
    said = events.message(argumentText=" schedule")
    event = understood(classic("ADDED_TO_SPACE", message=said))
    assert (event.kind, event.text, event.interaction_add) == (EventKind.MESSAGE, "schedule", True)


def test_a_classic_app_that_is_added_by_a_command_hears_it_as_the_command() -> None:
    said = events.message(slashCommand={"commandId": "3"})
    event = understood(classic("ADDED_TO_SPACE", message=said))
    assert (event.kind, event.command_id, event.interaction_add) == (EventKind.COMMAND, 3, True)


def test_the_home_tab_is_told_by_having_no_payload_or_by_its_type() -> None:
    common = {"userLocale": "ja", "parameters": {"action": "apply"}}
    chat = {"user": ALICE, "eventTime": events.MORNING}
    for body, wire, kind in [
        (addon(None), Wire.ADDON, EventKind.HOME),
        ({"commonEventObject": common, "chat": chat | {"type": "APP_HOME"}}, Wire.CLASSIC, "home"),
        (
            {"commonEventObject": common, "chat": chat | {"type": "SUBMIT_FORM"}},
            Wire.CLASSIC,
            "form",
        ),
        ({"type": "SUBMIT_FORM", "commonEventObject": common, "chat": chat}, Wire.CLASSIC, "form"),
        (classic("APP_HOME"), Wire.CLASSIC, EventKind.HOME),
    ]:
        event = understood(body)
        assert (event.wire, event.kind, event.user.name) == (wire, kind, "users/1001")


def test_typing_into_a_menu_is_told_with_what_was_typed() -> None:
    common = {"parameters": {"autocomplete_widget_query": "Aoi"}}
    for event in (
        understood(addon("widgetUpdatedPayload", common=common)),
        understood(classic("WIDGET_UPDATED", common=common)),
        understood(classic("WIDGET_UPDATE", common=common)),
    ):
        assert event.kind is EventKind.WIDGET_UPDATED
        assert event.parameters["autocomplete_widget_query"] == "Aoi"


def test_another_apps_messages_and_clicks_are_no_events() -> None:
    robot = KAKARI | {"name": "users/9"}
    for body in (
        *events.mention("again", sender=robot),
        addon("messagePayload", user=robot, message=events.message()),
        classic("CARD_CLICKED", user=robot, message=events.card_message()),
    ):
        assert parse(body) is None


def test_an_app_that_removes_us_is_heard_and_marked() -> None:
    removed = understood(addon("removedFromSpacePayload", user=KAKARI | {"name": "users/9"}))
    assert removed.user.is_bot


@pytest.mark.parametrize(
    "body",
    [
        addon("streamCancelledPayload"),
        addon("messagePayload", message=events.message())
        | {"chat": {"user": ALICE, "messagePayload": {}, "buttonClickedPayload": {}}},
        classic("SOMETHING_NEW"),
        {"commonEventObject": {"hostApp": "GMAIL"}, "gmail": {"messageId": "1"}},
        {},
        [],
        "MESSAGE",
        None,
        addon("messagePayload"),
        addon("messagePayload", user={}, message=events.message()),
        addon("messagePayload", user={"name": "users/../spaces/x"}, message=events.message()),
    ],
)
def test_what_is_not_for_us_is_no_event(body: Any) -> None:
    assert parse(body) is None


def test_names_that_are_no_resource_names_are_not_taken_over() -> None:
    event = understood(
        addon(
            "buttonClickedPayload",
            space={"name": "spaces/../../users"},
            message={"name": "spaces/A/messages/..", "thread": {"name": "spaces/A/messages/m1"}},
        )
    )
    assert (event.space, event.message, event.thread) == (None, None, None)


def test_a_long_or_unstorable_text_is_cut_to_what_can_be_kept() -> None:
    event = understood(events.mention("a\0b\ud800c" + "x" * 50_000)[0])
    assert event.text.startswith("a␀b?c")
    assert len(event.text) < 32_001


@pytest.mark.parametrize("locale", [None, "", 7, "ja\n{", "x" * 300])
def test_a_locale_that_is_none_reads_as_english(locale: object) -> None:
    body = addon("messagePayload", common={"userLocale": locale}, message=events.message())
    assert understood(body).user.locale == "en"


def test_an_event_holds_no_credential_and_no_capability_url() -> None:
    for event in both(events.click(inputs={"name": {"stringInputs": {"value": ["x"]}}})):
        assert not any(secret in repr(event) for secret in events.SECRETS)


class TestKey:
    def test_a_redelivered_event_has_the_same_key(self) -> None:
        for make in (events.mention, events.slash_command, events.quick_command, events.click):
            assert [e.key for e in both(make())] == [e.key for e in both(make())]

    def test_a_message_is_known_by_its_name_alone(self) -> None:
        first = classic("MESSAGE", message=events.message())
        later = classic("MESSAGE", message=events.message(), time="2026-11-22T00:31:00Z")
        assert understood(first).key == understood(later).key
        other = classic("MESSAGE", message=events.message(uid="m2"))
        assert understood(first).key != understood(other).key

    def test_being_added_and_the_mention_that_did_it_are_two(self) -> None:
        added = addon("addedToSpacePayload", interactionAdd=True)
        assert understood(added).key != understood(events.mention()[0]).key

    @pytest.mark.parametrize(
        "second_tap",
        [
            {"time": "2026-11-22T00:30:01Z"},
            {"user": BOB},
            {"parameters": {"action": "discard", "job": "j1"}},
            {"inputs": {"name": {"stringInputs": {"value": ["x"]}}}},
            {"clicked": events.card_message() | {"lastUpdateTime": "2026-11-22T00:30:01Z"}},
            {"clicked": events.card_message() | {"name": "spaces/AAAAoffice/messages/other"}},
            dialog("SUBMIT_DIALOG"),
        ],
    )
    def test_two_deliberate_taps_stay_two(self, second_tap: dict[str, Any]) -> None:
        for one, two in zip(both(events.click()), both(events.click(**second_tap)), strict=True):
            assert one.key != two.key

    def test_two_quick_commands_stay_two(self) -> None:
        one, two = events.quick_command()[0], events.quick_command(time="2026-11-22T00:31:00Z")[0]
        assert understood(one).key != understood(two).key

    def test_two_message_actions_on_one_message_stay_two(self) -> None:
        metadata = {"appCommandId": 7, "appCommandType": "MESSAGE_ACTION"}
        one, two = (
            understood(
                addon(
                    "appCommandPayload",
                    time=time,
                    appCommandMetadata=metadata,
                    message=events.message(),
                )
            )
            for time in ("2026-11-22T00:30:00Z", "2026-11-22T00:31:00Z")
        )
        assert one.key != two.key
