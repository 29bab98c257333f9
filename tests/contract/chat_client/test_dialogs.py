"""A dialog belongs to the person who opened it and is driven by the app's answers."""

import pytest

FORM = {
    "header": {"title": "New project"},
    "sections": [
        {
            "widgets": [
                {"textInput": {"name": "title", "label": "Title", "value": "Untitled"}},
                {"textInput": {"name": "note", "label": "Note"}},
                {
                    "selectionInput": {
                        "name": "kind",
                        "label": "Kind",
                        "type": "DROPDOWN",
                        "items": [
                            {"text": "Die", "value": "die"},
                            {"text": "Jig", "value": "jig", "selected": True},
                        ],
                    }
                },
                {"dateTimePicker": {"name": "due", "label": "Due", "type": "DATE_ONLY"}},
                {
                    "decoratedText": {
                        "text": "Tell me",
                        "switchControl": {"name": "tell", "value": "yes", "selected": True},
                    }
                },
            ]
        }
    ],
}


def close(text):
    end = {"endNavigation": {"action": "CLOSE_DIALOG"}}
    return {"action": {"navigations": [end], "notification": {"text": text}}}


def show(card, how="pushCard"):
    return {"action": {"navigations": [{how: card}]}}


@pytest.fixture
def opened(chat, app):
    app.answer = lambda event: show(FORM)
    said = chat.say("/project")
    return said["outcome"]["dialog"]


def test_a_click_carries_entries_over_untouched_values(chat, app, opened):
    app.answer = lambda event: close("Kakari is on it")
    action = {"function": app.url, "parameters": [{"key": "form", "value": "project"}]}
    entries = {"title": ["富士工業"], "due": {"date": "2026-11-30"}}
    outcome = chat.submit(opened["id"], action, inputs=entries)
    assert outcome["closed"] is True
    assert outcome["notice"] == "Kakari is on it"
    event = app.events[-1]
    assert event["commonEventObject"]["formInputs"] == {
        "title": {"stringInputs": {"value": ["富士工業"]}},
        "note": {"stringInputs": {"value": [""]}},
        "kind": {"stringInputs": {"value": ["jig"]}},
        "due": {"dateInput": {"msSinceEpoch": 1795996800000}},
        "tell": {"stringInputs": {"value": ["yes"]}},
    }
    payload = event["chat"]["buttonClickedPayload"]
    assert payload["dialogEventType"] == "SUBMIT_DIALOG"
    assert "message" not in payload


def test_the_next_card_replaces_the_one_before(chat, app, opened):
    second = {"sections": [{"widgets": [{"textInput": {"name": "why", "label": "Why"}}]}]}
    app.answer = lambda event: show(second, "updateCard")
    outcome = chat.submit(opened["id"], {"function": app.url})
    assert outcome["dialog"]["id"] == opened["id"]
    assert outcome["dialog"]["card"] == second
    refused = chat.submit(opened["id"], {"function": app.url}, inputs={"title": ["x"]})
    assert refused["error"]["message"] == "the card has no input named title"


def test_nobody_else_can_click_in_it(chat, app, opened):
    refused = chat.submit(opened["id"], {"function": app.url}, person=chat.bob)
    assert "has no open dialog" in refused["error"]["message"]


def test_the_x_tells_the_app_and_escape_does_not(chat, app, opened):
    app.answer = lambda event: {"nonsense": True}
    outcome = chat.close(opened["id"])
    assert (outcome["closed"], outcome["error"]) == (True, None)
    payload = app.events[-1]["chat"]["buttonClickedPayload"]
    assert payload["dialogEventType"] == "CANCEL_DIALOG"
    app.answer = lambda event: show(FORM)
    again = chat.say("/project")["outcome"]["dialog"]
    heard = len(app.events)
    assert chat.close(again["id"], by="escape")["closed"] is True
    assert len(app.events) == heard


def test_a_card_button_opens_one_and_an_answer_lands_in_the_thread(chat, app):
    app.answer = lambda event: post({"text": "Press the button"})
    said = chat.say("/jobs")
    message = said["outcome"]["messages"][0]
    app.answer = lambda event: show(FORM)
    action = {"function": app.url, "interaction": "OPEN_DIALOG"}
    dialog = chat.click(message, action)["dialog"]
    assert app.events[-1]["chat"]["buttonClickedPayload"]["dialogEventType"] == "REQUEST_DIALOG"
    app.answer = lambda event: post({"text": "Done"})
    outcome = chat.submit(dialog["id"], {"function": app.url})
    assert app.events[-1]["chat"]["buttonClickedPayload"]["message"]["name"] == message["name"]
    assert outcome["closed"] is True
    assert outcome["messages"][0]["thread"]["name"] == said["message"]["thread"]["name"]


def test_a_required_field_left_empty_sends_nothing(chat, app, opened):
    heard = len(app.events)
    action = {"function": app.url, "requiredWidgets": ["note", "due", "title"]}
    error = chat.submit(opened["id"], action)["error"]
    assert error["fields"] == ["note", "due"]
    assert len(app.events) == heard


def test_all_widgets_may_be_required(chat, app, opened):
    action = {"function": app.url, "allWidgetsAreRequired": True}
    error = chat.submit(opened["id"], action, inputs={"tell": [""]})["error"]
    assert error["fields"] == ["note", "due", "tell"]


def test_a_dialog_asked_for_and_not_answered_cannot_be_loaded(chat, app):
    for answer in ({}, post({"text": "no dialog"}), close_as_text()):
        app.answer = lambda event, answer=answer: answer
        outcome = chat.say("/project")["outcome"]
        assert outcome["error"]["shown"].startswith("Could not load dialog.")
        assert outcome["dialog"] is None


def test_a_dialog_nobody_asked_for_is_not_shown(chat, app):
    app.answer = lambda event: show(FORM)
    outcome = chat.say("/jobs")["outcome"]
    assert outcome["dialog"] is None
    assert "Open a dialog" in outcome["error"]["why"]


def test_changing_an_input_with_an_on_change_action_is_a_click(chat, app, opened):
    app.answer = lambda event: show(FORM, "updateCard")
    outcome = chat.submit(opened["id"], {"function": app.url}, inputs={"kind": ["die"]})
    assert outcome["dialog"]["id"] == opened["id"]
    inputs = app.events[-1]["commonEventObject"]["formInputs"]
    assert inputs["kind"] == {"stringInputs": {"value": ["die"]}}


def post(message):
    return {"hostAppDataAction": {"chatDataAction": {"createMessageAction": {"message": message}}}}


def close_as_text():
    return {"action": {"navigations": [{"endNavigation": "CLOSE_DIALOG"}]}}
