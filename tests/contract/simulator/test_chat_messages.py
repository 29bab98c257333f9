"""Messages: posted once, into the right thread, and edited by nobody else."""

import pytest
from googleapiclient.errors import HttpError

from simulator.chat.state import Space
from simulator.office import ALICE, ALICE_DIRECT, BOB, CHARLIE, PROJECTS_SPACE

REPLY = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
REPLY_OR_FAIL = "REPLY_MESSAGE_OR_FAIL"
CARD = {"sections": [{"widgets": [{"textParagraph": {"text": "7 / 73"}}]}]}


@pytest.fixture
def post(messages):
    def post(text="hello", space=PROJECTS_SPACE.name, thread=None, **parameters):
        body = {"text": text} | ({"thread": thread} if thread else {})
        return messages.create(parent=space, body=body, **parameters).execute()

    return post


@pytest.fixture
def of_alice(simulator):
    """Post as a person of the space."""
    return simulator.world.chat.post(PROJECTS_SPACE.name, {"text": "/project"}, ALICE.user())


def status(caught) -> tuple[int, str]:
    return caught.value.status_code, caught.value.reason


def test_a_message_has_a_name_a_thread_and_the_app_as_sender(post):
    message = post("できました")
    space, _, rest = message["name"].partition("/messages/")
    root, dot, tail = rest.partition(".")
    assert (space, dot) == (PROJECTS_SPACE.name, ".")
    assert root == tail
    assert message["thread"] == {"name": f"{space}/threads/{root}"}
    assert message["sender"]["type"] == "BOT"
    assert message["space"]["displayName"] == "案件"
    assert "threadReply" not in message


def test_the_same_request_id_returns_the_first_message_unchanged(post, simulator):
    first = post("one", requestId="r1")
    assert post("two", requestId="r1") == first
    assert len(simulator.world.chat.messages(PROJECTS_SPACE.name)) == 1


def test_a_request_id_of_somebody_else_is_refused(post, service):
    post(requestId="r1")
    theirs = service("chat", subject=ALICE.email).spaces().messages()
    with pytest.raises(HttpError) as caught:
        theirs.create(parent=PROJECTS_SPACE.name, body={"text": "x"}, requestId="r1").execute()
    assert caught.value.status_code == 409


def test_a_message_answers_to_the_id_the_app_gave_it(post, messages):
    made = post(messageId="client-job-1")
    alias = f"{PROJECTS_SPACE.name}/messages/client-job-1"
    assert made["clientAssignedMessageId"] == "client-job-1"
    assert made["name"] != alias
    assert messages.get(name=alias).execute() == made
    edited = messages.patch(name=alias, updateMask="text", body={"text": "new"}).execute()
    assert (edited["name"], edited["text"]) == (made["name"], "new")
    messages.delete(name=alias).execute()
    with pytest.raises(HttpError) as caught:
        messages.get(name=made["name"]).execute()
    assert caught.value.status_code == 404


def test_a_used_message_id_answers_409_and_posts_nothing(post, simulator):
    post(messageId="client-job-1")
    with pytest.raises(HttpError) as caught:
        post(messageId="client-job-1")
    assert caught.value.status_code == 409
    assert b"ALREADY_EXISTS" in caught.value.content
    assert len(simulator.world.chat.messages(PROJECTS_SPACE.name)) == 1


def test_a_message_id_is_unique_in_its_space_only(post):
    post(messageId="client-job-1")
    post(messageId="client-job-1", space=ALICE_DIRECT.name)


@pytest.mark.parametrize(
    "message_id", ["job-1", "client-Job", "client-a_b", "client-", "client-" + "a" * 57]
)
def test_a_malformed_message_id_is_refused(post, message_id):
    with pytest.raises(HttpError) as caught:
        post(messageId=message_id)
    assert caught.value.status_code == 400


def test_a_message_id_may_have_63_characters(post):
    assert post(messageId="client-" + "a" * 56)


@pytest.mark.parametrize("option", [REPLY, REPLY_OR_FAIL])
def test_a_reply_goes_into_the_thread_it_names(post, of_alice, option):
    reply = post(thread={"name": of_alice["thread"]["name"]}, messageReplyOption=option)
    assert reply["thread"] == of_alice["thread"]
    assert reply["threadReply"] is True


def test_without_the_option_the_thread_is_ignored(post, of_alice):
    message = post(thread={"name": of_alice["thread"]["name"]})
    assert message["thread"] != of_alice["thread"]


def test_a_reply_to_an_unknown_thread_starts_a_new_one_or_fails_as_asked(post):
    unknown = {"name": f"{PROJECTS_SPACE.name}/threads/unknown"}
    assert post(thread=unknown, messageReplyOption=REPLY)["thread"]["name"] != unknown["name"]
    with pytest.raises(HttpError) as caught:
        post(thread=unknown, messageReplyOption=REPLY_OR_FAIL)
    assert caught.value.status_code == 404


@pytest.mark.parametrize("option", [REPLY, REPLY_OR_FAIL])
def test_a_thread_key_makes_its_thread_once(post, option):
    key = {"threadKey": "job-1"}
    first = post(thread=key, messageReplyOption=option)
    second = post(thread=key, messageReplyOption=option)
    assert first["thread"] == second["thread"]
    assert second["threadReply"] is True
    other = post(thread={"threadKey": "job-2"}, messageReplyOption=option)
    assert other["thread"] != first["thread"]


def test_a_thread_key_is_private_to_its_sender(post, service):
    ours = post(thread={"threadKey": "k"}, messageReplyOption=REPLY)
    theirs = (
        service("chat", subject=ALICE.email)
        .spaces()
        .messages()
        .create(
            parent=PROJECTS_SPACE.name,
            body={"text": "x", "thread": {"threadKey": "k"}},
            messageReplyOption=REPLY,
        )
        .execute()
    )
    assert theirs["thread"]["name"] != ours["thread"]["name"]


@pytest.mark.parametrize("name", ["spaces/X/messages/1.1", "threads/1", "spaces/X/threads/1"])
def test_a_malformed_thread_name_is_refused(post, name):
    with pytest.raises(HttpError, match="Invalid thread resource name") as caught:
        post(thread={"name": name}, messageReplyOption=REPLY)
    assert caught.value.status_code == 400


def test_an_edit_changes_only_what_the_mask_names(messages):
    made = messages.create(
        parent=PROJECTS_SPACE.name, body={"text": "old", "cardsV2": [{"cardId": "c", "card": CARD}]}
    ).execute()
    body = {"text": "new", "cardsV2": []}
    edited = messages.patch(name=made["name"], updateMask="text", body=body).execute()
    assert edited["text"] == "new"
    assert edited["cardsV2"] == made["cardsV2"]
    assert edited["lastUpdateTime"] > made["createTime"]
    edited = messages.patch(name=made["name"], updateMask="text,cardsV2", body=body).execute()
    assert "cardsV2" not in edited


@pytest.mark.parametrize("mask", ["cards_v2", "cardsV2", "*"])
def test_update_and_snake_case_masks_work_as_well(messages, post, mask):
    body = {"text": "t", "cardsV2": [{"cardId": "c", "card": CARD}]}
    edited = messages.update(name=post()["name"], updateMask=mask, body=body).execute()
    assert edited["cardsV2"] == body["cardsV2"]


@pytest.mark.parametrize("mask", [None, "", "sender", "text,thread"])
def test_an_edit_without_a_valid_mask_is_refused(messages, post, mask):
    parameters = {} if mask is None else {"updateMask": mask}
    with pytest.raises(HttpError) as caught:
        messages.patch(name=post()["name"], body={"text": "x"}, **parameters).execute()
    assert caught.value.status_code == 400


def test_only_ones_own_messages_can_be_changed(messages, of_alice):
    with pytest.raises(HttpError) as caught:
        messages.patch(name=of_alice["name"], updateMask="text", body={"text": "x"}).execute()
    assert caught.value.status_code == 403
    with pytest.raises(HttpError) as caught:
        messages.delete(name=of_alice["name"]).execute()
    assert caught.value.status_code == 403


def test_a_missing_message_is_made_by_an_edit_that_allows_it(messages):
    name = f"{PROJECTS_SPACE.name}/messages/client-new"
    edit = {"name": name, "updateMask": "text", "body": {"text": "x"}}
    with pytest.raises(HttpError) as caught:
        messages.patch(**edit).execute()
    assert caught.value.status_code == 404
    made = messages.patch(allowMissing=True, **edit).execute()
    assert made["clientAssignedMessageId"] == "client-new"


def test_a_message_of_32000_bytes_is_the_largest(post):
    overhead = len('{"text":""}')
    post("x" * (32_000 - overhead))
    with pytest.raises(HttpError, match="32000"):
        post("x" * (32_001 - overhead))
    with pytest.raises(HttpError, match="32000"):
        post("あ" * 11_000)


def test_an_empty_message_is_refused(messages, post):
    with pytest.raises(HttpError, match="cannot be empty"):
        messages.create(parent=PROJECTS_SPACE.name, body={}).execute()
    with pytest.raises(HttpError, match="cannot be empty"):
        messages.patch(name=post()["name"], updateMask="text", body={}).execute()


def test_several_cards_need_ids_of_their_own(messages):
    body = {"cardsV2": [{"card": CARD}, {"cardId": "b", "card": CARD}]}
    with pytest.raises(HttpError, match="card ID"):
        messages.create(parent=PROJECTS_SPACE.name, body=body).execute()


def test_a_misspelt_field_is_refused_with_its_place(messages):
    body = {"cardsV2": [{"cardId": "c", "card": {"sections": [{"widgets": [{"txt": {}}]}]}}]}
    with pytest.raises(HttpError) as caught:
        messages.create(parent=PROJECTS_SPACE.name, body=body).execute()
    place = "message.cards_v2[0].card.sections[0].widgets[0]"
    sentence = f"""Unknown name "txt" at '{place}': Cannot find field."""
    assert status(caught) == (400, f"Invalid JSON payload received. {sentence}")


def test_a_button_does_one_thing(messages):
    button = {"text": "Go", "onClick": {"openLink": {"url": "https://x.example"}, "action": {}}}
    widget = {"buttonList": {"buttons": [button]}}
    body = {"cardsV2": [{"cardId": "c", "card": {"sections": [{"widgets": [widget]}]}}]}
    with pytest.raises(HttpError, match="oneof"):
        messages.create(parent=PROJECTS_SPACE.name, body=body).execute()


def test_sections_beyond_a_hundred_widgets_are_silently_dropped(messages):
    section = {"widgets": [{"textParagraph": {"text": "w"}}] * 60}
    body = {"cardsV2": [{"cardId": "c", "card": {"sections": [section, section]}}]}
    made = messages.create(parent=PROJECTS_SPACE.name, body=body).execute()
    assert made["cardsV2"][0]["card"]["sections"] == [section]


def test_a_private_message_is_seen_by_its_viewer_only(messages, service):
    body = {"text": "psst", "privateMessageViewer": {"name": ALICE.name}}
    made = messages.create(parent=PROJECTS_SPACE.name, body=body).execute()
    assert made["privateMessageViewer"]["name"] == ALICE.name

    def seen_by(person):
        theirs = service("chat", subject=person.email).spaces().messages()
        return theirs.list(parent=PROJECTS_SPACE.name).execute().get("messages", [])

    assert [message["text"] for message in seen_by(ALICE)] == ["psst"]
    assert seen_by(BOB) == []


def test_a_private_message_needs_a_viewer_in_the_space(messages):
    body = {"text": "psst", "privateMessageViewer": {"name": CHARLIE.name}}
    with pytest.raises(HttpError):
        messages.create(parent=PROJECTS_SPACE.name, body=body).execute()


def test_an_app_that_is_no_member_is_refused(post, simulator):
    simulator.world.chat.add_space(Space("spaces/ELSEWHERE", "Elsewhere", app_is_member=False))
    with pytest.raises(HttpError) as caught:
        post(space="spaces/ELSEWHERE")
    assert caught.value.status_code == 403
    with pytest.raises(HttpError) as caught:
        post(space="spaces/NOWHERE")
    assert caught.value.status_code == 404


def test_a_space_takes_one_write_a_second(post, simulator, monkeypatch):
    now = 0.0
    monkeypatch.setattr(simulator.world.chat_writes, "_clock", lambda: now)
    simulator.world.chat_writes.set(1)
    post()
    with pytest.raises(HttpError) as caught:
        post()
    assert caught.value.status_code == 429
    assert b"RESOURCE_EXHAUSTED" in caught.value.content
    post(space=ALICE_DIRECT.name)
    now = 1.0
    post()


def test_history_is_listed_by_time_and_thread(service, post):
    first, second = post("one"), post("two")
    history = service("chat", subject=ALICE.email).spaces().messages()

    def listed(**parameters):
        answer = history.list(parent=PROJECTS_SPACE.name, **parameters).execute()
        return [message["text"] for message in answer.get("messages", [])]

    assert listed() == ["one", "two"]
    assert listed(orderBy="createTime DESC") == ["two", "one"]
    assert listed(filter=f'createTime > "{first["createTime"]}"') == ["two"]
    assert listed(filter=f"thread.name = {second['thread']['name']}") == ["two"]
    assert listed(pageSize=1) == ["one"]
    with pytest.raises(HttpError):
        listed(filter="text = x")


def test_listeners_hear_of_every_change(simulator, post, messages):
    with simulator.world.chat.feed.subscribe() as events:
        name = post()["name"]
        messages.patch(name=name, updateMask="text", body={"text": "new"}).execute()
        messages.delete(name=name).execute()
        heard = [events.get(timeout=1) for _ in range(3)]
    assert [event["type"] for event in heard] == [
        "message.created",
        "message.updated",
        "message.deleted",
    ]
    assert {event["space"] for event in heard} == {PROJECTS_SPACE.name}


def test_a_listener_that_does_not_read_is_told_and_dropped(simulator):
    feed = simulator.world.chat.feed
    with feed.subscribe() as events:
        for _ in range(feed.BACKLOG + 5):
            feed.publish({"type": "noise"})
        assert events.get_nowait() == {"type": "feed.dropped"}
        assert events.empty()
