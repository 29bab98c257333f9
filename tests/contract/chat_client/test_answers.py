"""What the app answers changes Chat, or becomes what people see when an app fails."""

import time

import pytest
from flask import Response

CARD = {"header": {"title": "Jobs"}, "sections": [{"widgets": [{"textParagraph": {"text": "1"}}]}]}


def post(message):
    return {"hostAppDataAction": {"chatDataAction": {"createMessageAction": {"message": message}}}}


def update(message):
    return {"hostAppDataAction": {"chatDataAction": {"updateMessageAction": {"message": message}}}}


def cards(card):
    return {"cardsV2": [{"cardId": "one", "card": card}]}


def test_a_message_lands_in_the_thread_of_the_interaction(chat, app):
    app.answer = lambda event: post({"text": "Nothing to do"})
    said = chat.say("/jobs")
    (answer,) = said["outcome"]["messages"]
    assert answer["thread"]["name"] == said["message"]["thread"]["name"]
    assert answer["sender"]["displayName"] == "Kakari"
    reply = chat.say("/jobs", thread=answer["thread"]["name"])
    assert reply["message"]["threadReply"] is True
    assert len({message["thread"]["name"] for message in chat.messages()}) == 1


def test_a_private_message_is_seen_by_its_viewer_only(chat, app):
    app.answer = lambda event: post({"text": "psst", "privateMessageViewer": {"name": chat.alice}})
    chat.say("/jobs")
    assert [message["text"] for message in chat.messages(chat.alice)] == ["/jobs", "psst"]
    assert [message["text"] for message in chat.messages(chat.bob)] == ["/jobs"]


def test_nothing_is_an_answer_too(chat, app):
    outcome = chat.say("/jobs")["outcome"]
    assert outcome["error"] is None
    assert outcome["messages"] == []


def test_an_update_replaces_text_and_cards_of_the_clicked_message(chat, app):
    app.answer = lambda event: post({"text": "hello", **cards(CARD)})
    message = chat.say("/jobs")["outcome"]["messages"][0]
    app.answer = lambda event: update({"text": "changed"})
    chat.click(message, {"function": app.url})
    shown = chat.messages()[-1]
    assert shown["text"] == "changed"
    assert "cardsV2" not in shown
    assert shown["lastUpdateTime"]


def test_an_update_that_answers_no_click_is_not_understood(chat, app):
    app.answer = lambda event: update({"text": "changed"})
    assert "click" in chat.say("/jobs")["outcome"]["error"]["why"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"text": "classic"}, "add-on event"),
        ({"something": 1}, "unknown fields: something"),
        (post({"text": ""}), "empty"),
        (post({"text": "x" * 32_001}), "limit is 32000"),
        (post(cards({"header": {"titel": "typo"}})), 'Unknown name "titel"'),
        (post(cards({"fixedFooter": {}, "sections": []})), "fixedFooter"),
        (post("text"), "must be an object"),
        (Response("no", 500), "the app answered 500"),
        (Response("<html>", 200), "not JSON"),
        (Response("[]", 200, mimetype="application/json"), "not a JSON object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_answer_is_not_responding_and_says_why(chat, app, answer, why):
    app.answer = lambda event: answer
    error = chat.say("/jobs")["outcome"]["error"]
    assert error["shown"] == "Kakari is not responding"
    assert why in error["why"]


def test_people_read_errors_in_their_own_language(chat, app):
    app.answer = lambda event: Response("no", 503)
    error = chat.say("/jobs", person=chat.bob)["outcome"]["error"]
    assert error["shown"] == "Kakari は応答していません"
    assert error["status"] == 503


def test_an_app_nobody_can_reach_is_not_responding(chat, simulator):
    simulator.world.app.endpoint_url = "http://127.0.0.1:9/"
    assert "cannot be reached" in chat.say("/jobs")["outcome"]["error"]["why"]
    simulator.world.app.endpoint_url = None
    assert "not configured" in chat.say("/jobs")["outcome"]["error"]["why"]


def test_the_section_that_passes_a_hundred_widgets_and_all_after_it_are_not_shown(chat, app):
    def section(count):
        return {"widgets": [{"divider": {}}] * count}

    app.answer = lambda event: post(cards({"sections": [section(60), section(41), section(1)]}))
    outcome = chat.say("/jobs")["outcome"]
    assert outcome["error"] is None
    for message in (outcome["messages"][0], chat.messages()[-1]):
        assert [len(each["widgets"]) for each in message["cardsV2"][0]["card"]["sections"]] == [60]


def test_the_very_same_event_can_come_again(chat, app):
    app.answer = lambda event: post({"text": "once"})
    first = chat.say("/jobs")["outcome"]
    again = chat.redeliver(first["event"])
    assert again["event"] == first["event"]
    one, two = (event["chat"] for event in app.events)
    assert one["eventTime"] == two["eventTime"]
    assert one["appCommandPayload"]["message"] == two["appCommandPayload"]["message"]
    assert len(chat.messages()) == 3
    assert "not among" in chat.redeliver("event-0")["error"]["message"]


def test_a_failed_request_is_retried_only_when_switched_on(chat, app, simulator, monkeypatch):
    import requests

    from simulator.client import delivery

    monkeypatch.setattr(delivery, "_RETRY_AFTER_S", 0.01)
    app.answer = lambda event: Response("busy", 503) if len(app.events) < 3 else {}
    assert chat.say("/jobs")["outcome"]["error"]["status"] == 503
    assert len(app.events) == 1
    url = f"{simulator.origin}/_sim/chat/retries"
    requests.put(url, json={"retries": 3}, timeout=5)
    assert chat.say("/jobs")["outcome"]["error"] is None
    assert len(app.events) == 3
    requests.put(url, json={"retries": 0}, timeout=5)


def test_the_time_the_app_took_is_told(chat, app):
    app.answer = lambda event: time.sleep(0.05) or {}
    assert chat.say("/jobs")["outcome"]["ms"] >= 50
