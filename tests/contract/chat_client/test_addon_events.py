"""What people do arrives in the add-on format, as captures from the live service show it."""

import json
import re


def test_a_slash_command_is_a_message_of_the_person_and_an_app_command_event(chat, app):
    said = chat.say("/jobs of today")
    assert said["message"]["text"] == "/jobs of today"
    assert chat.messages(chat.bob)[0]["text"] == "/jobs of today"
    payload = app.events[0]["chat"]["appCommandPayload"]
    assert payload["appCommandMetadata"] == {"appCommandId": 1, "appCommandType": "SLASH_COMMAND"}
    assert payload["message"]["name"] == said["message"]["name"]
    assert payload["message"]["argumentText"] == " of today"
    assert payload["message"]["slashCommand"] == {"commandId": 1}
    assert payload["message"]["thread"]["name"].startswith("spaces/ROOM/threads/")
    assert "isDialogEvent" not in payload
    assert app.events[0]["chat"]["user"]["email"] == "alice@fuji.example"
    assert app.headers[0]["User-Agent"] == "Google-gsuiteaddons"


def test_a_command_ticked_to_open_a_dialog_says_so(chat, app):
    chat.say("/project")
    payload = app.events[0]["chat"]["appCommandPayload"]
    assert payload["isDialogEvent"] is True
    assert payload["dialogEventType"] == "REQUEST_DIALOG"
    assert "argumentText" not in payload["message"]


def test_every_number_is_printed_as_a_float(chat, app):
    chat.say("/jobs", person=chat.bob)
    assert '"appCommandId":1.0' in app.raw[0]
    assert '"commandId":1.0' in app.raw[0]
    assert '"offset":3.24E7' in app.raw[0]
    assert '"startIndex":0.0' in app.raw[0]
    assert not re.search(r'":-?\d+[,}]', app.raw[0])


def test_a_mention_is_a_message_event_with_the_rest_as_its_argument(chat, app):
    chat.say("@Kakari  how are you?")
    message = app.events[0]["chat"]["messagePayload"]["message"]
    assert message["argumentText"] == "  how are you?"
    mention = message["annotations"][0]
    assert (mention["startIndex"], mention["length"]) == (0, 7)
    assert mention["userMention"]["type"] == "MENTION"


def test_a_japanese_mention_needs_no_space_behind_it(chat, app):
    chat.say("@Kakariさん、お願いします")
    message = app.events[0]["chat"]["messagePayload"]["message"]
    assert message["argumentText"] == "さん、お願いします"


def test_what_is_not_meant_for_the_app_does_not_reach_it(chat, app):
    said = chat.say("lunch?")
    assert said["outcome"]["event"] is None
    chat.say("@Kakarikko is someone else, @Bob")
    assert app.events == []
    assert [message["text"][:6] for message in chat.messages(chat.bob)] == ["lunch?", "@Kakar"]


def test_in_a_direct_message_everything_is_meant_for_the_app(chat, app):
    chat.say("who are you?", space=chat.direct)
    payload = app.events[0]["chat"]["messagePayload"]
    assert payload["space"]["singleUserBotDm"] is True
    assert payload["message"]["argumentText"] == "who are you?"


def test_a_mention_that_adds_the_app_is_two_requests(chat, app):
    chat.say("@Kakari", space=chat.quiet_room)
    first, second = (event["chat"] for event in app.events)
    assert first["addedToSpacePayload"]["interactionAdd"] is True
    message = second["messagePayload"]["message"]
    assert message["annotations"][0]["userMention"]["type"] == "ADD"
    assert "argumentText" not in message
    chat.say("@Kakari again", space=chat.quiet_room)
    assert len(app.events) == 3


def test_the_token_is_googles_for_the_add_on_and_repeated_in_the_body(chat, app, simulator):
    chat.say("/jobs")
    assert app.claims["email"] == (
        "service-123456789012@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
    )
    assert app.claims["aud"] == simulator.world.app.endpoint_url
    assert app.claims["iss"] == "https://accounts.google.com"
    token = app.headers[0]["Authorization"].removeprefix("Bearer ")
    assert app.events[0]["authorizationEventObject"]["systemIdToken"] == token


def test_no_credential_is_kept_with_the_event(chat, app, simulator):
    import requests

    event = chat.say("/jobs")["outcome"]["event"]
    kept = requests.get(f"{simulator.origin}/_sim/chat/events/{event}", timeout=5).text
    assert "/jobs" in kept
    sent = json.dumps(app.events[0])
    for word in ("systemIdToken", "userOAuthToken", "configCompleteRedirectUri"):
        assert word in sent
        assert word not in kept


def test_a_click_goes_to_the_url_of_its_button_with_a_token_for_that_url(chat, app):
    app.answer = lambda event: _with_card() if "appCommandPayload" in event["chat"] else {}
    message = chat.say("/jobs")["outcome"]["messages"][0]
    other = app.url.replace("/chat", "/other")
    action = {"function": other, "parameters": [{"key": "do", "value": "apply"}]}
    assert chat.click(message, action)["error"] is None
    assert app.claims["aud"] == other
    event = app.events[-1]
    assert event["commonEventObject"]["parameters"] == {"do": "apply"}
    payload = event["chat"]["buttonClickedPayload"]
    assert payload["message"]["cardsV2"] == message["cardsV2"]
    assert payload["message"]["sender"]["type"] == "BOT"
    assert "isDialogEvent" not in payload
    assert "invokedFunction" not in json.dumps(event)


def test_a_click_whose_function_is_no_url_dies_as_in_chat(chat, app):
    app.answer = lambda event: _with_card()
    message = chat.say("/jobs")["outcome"]["messages"][0]
    error = chat.click(message, {"function": "apply"})["error"]
    assert error["shown"] == "Kakari is unable to process your request"
    assert "full URL" in error["why"]
    assert len(app.events) == 1


def _with_card():
    card = {"header": {"title": "Jobs"}, "sections": [{"widgets": [{"divider": {}}]}]}
    message = {"cardsV2": [{"cardId": "jobs", "card": card}]}
    return {"hostAppDataAction": {"chatDataAction": {"createMessageAction": {"message": message}}}}
