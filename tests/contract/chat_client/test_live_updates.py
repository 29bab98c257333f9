"""The page and tests see what happens as it happens, each person only what is theirs."""

import json
import time

import pytest
import requests


@pytest.fixture
def listen(simulator):
    streams = []

    def start(person):
        stream = requests.get(
            f"{simulator.origin}/_sim/chat/stream", {"person": person}, stream=True, timeout=5
        )
        streams.append(stream)
        lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert next(lines) == ": connected"
        return (json.loads(line[6:]) for line in lines if line.startswith("data: "))

    def hang_up():
        for stream in streams:
            stream.close()

    start.hang_up = hang_up
    yield start
    hang_up()


def test_what_is_said_is_heard_by_those_who_are_there(chat, app, listen):
    bob, charlie = listen(chat.bob), listen(chat.charlie)
    chat.say("hello")
    heard = next(bob)
    assert (heard["type"], heard["message"]["text"]) == ("message.created", "hello")
    announce_to_everybody(chat)
    assert next(charlie)["type"] == "space.added"


def test_a_private_answer_is_not_heard_by_others(chat, app, listen):
    bob, alice = listen(chat.bob), listen(chat.alice)
    app.answer = lambda event: {
        "hostAppDataAction": {
            "chatDataAction": {
                "createMessageAction": {
                    "message": {"text": "psst", "privateMessageViewer": {"name": chat.alice}}
                }
            }
        }
    }
    chat.say("/jobs")
    chat.say("bye")
    assert [next(alice)["message"]["text"] for _ in range(3)] == ["/jobs", "psst", "bye"]
    assert [next(bob)["message"]["text"] for _ in range(2)] == ["/jobs", "bye"]


def test_a_listener_that_left_is_forgotten(listen, chat, simulator):
    feed = simulator.world.chat.feed
    wait_for(lambda: not feed._listeners)
    alice = listen(chat.alice)  # who hangs up when nobody holds on to what she hears
    assert len(feed._listeners) == 1
    del alice
    listen.hang_up()
    wait_for(lambda: not feed._listeners)


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def announce_to_everybody(chat):
    """Something all hear, so that a silence before it can be noticed."""
    space = {"name": "spaces/NEW", "display_name": "New", "members": []}
    requests.post(f"{chat.origin}/_sim/spaces", json=space, timeout=5)


def test_nobody_sees_a_space_he_is_not_in(chat, simulator):
    answer = requests.get(
        f"{simulator.origin}/_sim/chat/state", {"person": chat.charlie}, timeout=5
    ).json()
    assert answer["me"]["display_name"] == "Charlie"
    assert answer["spaces"] == []
    refused = requests.get(
        f"{simulator.origin}/_sim/chat/messages",
        {"person": chat.charlie, "space": chat.room},
        timeout=5,
    )
    assert refused.status_code == 400


def test_what_lies_in_drive_can_be_read_but_never_run(simulator):
    drive = simulator.world.drive
    root = drive.root_of("alice@fuji.example")
    for name, kind in (("a.html", "text/html"), ("b.pdf", "application/pdf")):
        content = drive.content(b"<script>alert(1)</script>")
        drive.add(name, kind, root, "alice@fuji.example", file_id=name, **content)
    page = requests.get(f"{simulator.origin}/_sim/drive/file/a.html", timeout=5)
    assert page.headers["Content-Type"].startswith("text/plain")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    pdf = requests.get(f"{simulator.origin}/_sim/drive/file/b.pdf", timeout=5)
    assert pdf.headers["Content-Type"] == "application/pdf"
    missing = requests.get(f"{simulator.origin}/_sim/drive/file/none", timeout=5)
    assert missing.status_code == 404
