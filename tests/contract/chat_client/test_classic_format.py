"""The same deeds in the classic format, for apps that were never converted."""

import pytest
import requests


@pytest.fixture(autouse=True)
def classic(app, simulator):
    simulator.world.app.wire = "classic"
    simulator.world.app.audience = "url"


def test_a_slash_command_is_a_message_event_with_a_quoted_id(chat, app):
    chat.say("/jobs now")
    event = app.events[0]
    assert event["type"] == "MESSAGE"
    assert event["message"]["slashCommand"] == {"commandId": "1"}
    assert event["message"]["annotations"][0]["startIndex"] == 0
    assert '"startIndex": 0,' in app.raw[0]
    assert app.headers[0]["User-Agent"] == "Google-Dynamite"
    assert app.claims["email"] == "chat@system.gserviceaccount.com"


def test_the_project_number_may_be_the_audience(chat, app, simulator):
    simulator.world.app.audience = "project-number"
    app.project_number_audience = True
    assert chat.say("/jobs")["outcome"]["error"] is None
    assert app.claims["iss"] == "chat@system.gserviceaccount.com"
    assert app.claims["aud"] == "123456789012"


def test_being_added_by_a_mention_is_one_event_with_the_message(chat, app):
    chat.say("@Kakari hello", space=chat.quiet_room)
    (event,) = app.events
    assert event["type"] == "ADDED_TO_SPACE"
    assert event["message"]["argumentText"] == " hello"


def test_a_message_answers_in_the_thread_and_may_be_private(chat, app):
    app.answer = lambda event: {
        "text": "only for you",
        "privateMessageViewer": {"name": event["user"]["name"]},
    }
    said = chat.say("/jobs")
    (answer,) = said["outcome"]["messages"]
    assert answer["thread"]["name"] == said["message"]["thread"]["name"]
    assert [message["text"] for message in chat.messages(chat.bob)] == ["/jobs"]
    assert chat.messages(chat.alice)[-1]["text"] == "only for you"


def test_a_dialog_opens_goes_on_and_closes_with_a_sentence(chat, app):
    card = {"sections": [{"widgets": [{"textInput": {"name": "title", "label": "Title"}}]}]}

    def answer(event):
        if event["dialogEventType"] == "REQUEST_DIALOG":
            return _dialog({"dialog": {"body": card}})
        status = {"statusCode": "OK", "userFacingMessage": "Done"}
        return _dialog({"actionStatus": status})

    app.answer = answer
    dialog = chat.say("/project")["outcome"]["dialog"]
    done = chat.submit(dialog["id"], {"function": "make"}, inputs={"title": ["Bridge"]})
    assert (done["closed"], done["notice"]) == (True, "Done")
    event = app.events[-1]
    assert (event["type"], event["dialogEventType"]) == ("CARD_CLICKED", "SUBMIT_DIALOG")
    assert event["common"]["invokedFunction"] == event["action"]["actionMethodName"] == "make"
    assert event["common"]["formInputs"] == {"title": {"stringInputs": {"value": ["Bridge"]}}}


def test_a_click_updates_its_message(chat, app):
    def answer(event):
        if event["type"] == "MESSAGE":
            return {"text": "first"}
        return {"actionResponse": {"type": "UPDATE_MESSAGE"}, "text": "second"}

    app.answer = answer
    message = chat.say("/jobs")["outcome"]["messages"][0]
    outcome = chat.click(message, {"function": "next", "parameters": []})
    assert outcome["messages"][0]["name"] == message["name"]
    assert chat.messages()[-1]["text"] == "second"


def test_dates_are_printed_as_protobuf_prints_them(chat, app):
    widgets = [
        {"dateTimePicker": {"name": "due", "label": "Due", "type": "DATE_ONLY"}},
        {"dateTimePicker": {"name": "at", "label": "At", "type": "TIME_ONLY"}},
    ]
    app.answer = lambda event: _dialog({"dialog": {"body": {"sections": [{"widgets": widgets}]}}})
    dialog = chat.say("/project")["outcome"]["dialog"]
    entries = {"due": {"date": "2026-11-30"}, "at": {"time": "09:00"}}
    chat.submit(dialog["id"], {"function": "make"}, inputs=entries)
    assert app.events[-1]["common"]["formInputs"] == {
        "due": {"dateInput": {"msSinceEpoch": "1795996800000"}},
        "at": {"timeInput": {"hours": 9}},
    }


def test_an_add_on_envelope_is_not_understood(chat, app):
    app.answer = lambda event: {"action": {"navigations": []}}
    error = chat.say("/jobs")["outcome"]["error"]
    assert error["shown"] == "Kakari is not responding"
    assert "classic" in error["why"]


def test_suggestions_come_for_what_is_typed_into_a_menu(chat, app, simulator):
    items = [{"text": "Contact 1", "value": "1"}]
    app.answer = lambda event: {
        "actionResponse": {
            "type": "UPDATE_WIDGET",
            "updatedWidget": {"suggestions": {"items": items}},
        }
    }
    body = {"person": chat.alice, "space": chat.room, "action": {"function": "find"}, "query": "Co"}
    answer = requests.post(f"{simulator.origin}/_sim/chat/suggest", json=body, timeout=5).json()
    assert answer["suggestions"] == items
    assert app.events[0]["type"] == "WIDGET_UPDATED"
    assert app.events[0]["common"]["parameters"] == {"autocomplete_widget_query": "Co"}


def _dialog(action):
    return {"actionResponse": {"type": "DIALOG", "dialogAction": action}}
