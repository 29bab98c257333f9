"""Adding the app to a space by hand and taking it out again, and menus that ask the app."""

import pytest
import requests


@pytest.fixture
def post(simulator):
    def send(path, **body):
        return requests.post(f"{simulator.origin}/_sim/chat/{path}", json=body, timeout=5).json()

    return send


def test_adding_the_app_by_hand_is_one_event_it_may_answer(chat, app, post, simulator):
    message = {"text": "hello all"}
    app.answer = lambda event: {
        "hostAppDataAction": {"chatDataAction": {"createMessageAction": {"message": message}}}
    }
    outcome = post("membership", person=chat.alice, space=chat.quiet_room, member=True)
    assert outcome["messages"][0]["text"] == "hello all"
    (event,) = app.events
    assert "interactionAdd" not in event["chat"]["addedToSpacePayload"]
    assert simulator.world.chat.space(chat.quiet_room).app_is_member


def test_removing_the_app_is_told_and_cannot_be_answered(chat, app, post):
    app.answer = lambda event: {"text": "but why"}
    outcome = post("membership", person=chat.alice, space=chat.room, member=False)
    assert outcome["error"] is None
    assert "removedFromSpacePayload" in app.events[0]["chat"]
    # Its commands went with it.
    assert chat.say("/jobs")["outcome"]["event"] is None


def test_a_menu_asks_the_app_at_the_url_it_names(chat, app, post):
    items = [{"text": "Contact 1", "value": "1"}]
    update = {"selectionInputWidgetSuggestions": {"suggestions": items}}
    app.answer = lambda event: {"action": {"modifyOperations": [{"updateWidget": update}]}}
    action = {"function": app.url, "parameters": [{"key": "menu", "value": "contacts"}]}
    outcome = post("suggest", person=chat.alice, space=chat.room, action=action, query="Co")
    assert outcome["suggestions"] == items
    event = app.events[0]
    assert "widgetUpdatedPayload" in event["chat"]
    parameters = {"menu": "contacts", "autocomplete_widget_query": "Co"}
    assert event["commonEventObject"]["parameters"] == parameters
