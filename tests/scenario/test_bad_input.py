"""What must not get in does not, and whoever typed it is told what to do."""

import json
import secrets
from collections.abc import Callable, Iterator

import pytest
import requests
from sqlalchemy import func, select

from errors.asking import AskingError, JobUnknown, NotAllowed, StalePlan
from kakari.demo.person import Json, text_of
from kakari.demo.stack import Stack
from ledger.models import Approval, Job, JobState, SeenEvent
from simulator.app_config import AppConfig
from simulator.keys import Keys
from tasks.form import FILL_IN, NUMBER
from tests.scenario.google import ADDON, CLASSIC, Google
from tests.scenario.room import FAILED, WAITING, Room, Visitor, job_of, opened

MIB = 1024 * 1024


def kept(stack: Stack) -> tuple[int, ...]:
    """Return how much the ledger holds of what people do."""
    with opened(stack) as ledger, ledger.read() as tx:
        counts = (
            tx.scalar(select(func.count()).select_from(t)) for t in (Job, SeenEvent, Approval)
        )
        return tuple(count or 0 for count in counts)


class TestAtTheDoor:
    @pytest.fixture
    def body(self, room: Room, google: Google) -> Json:
        """A request for a project as Google would send it, at another time."""
        outcome = room.ask(room.alice, {"template": "memo", "name": "Suzuki"})
        event = google.event(outcome["event"])
        event["chat"]["eventTime"] = "2026-11-22T01:02:03.456Z"
        event["commonEventObject"]["parameters"]["form"] = secrets.token_hex(8)
        return event

    def test_what_google_signed_gets_in(self, google: Google, room: Room, body: Json) -> None:
        assert google.deliver(body).status_code == 200
        assert len(room.jobs()) == 2

    def test_a_request_without_googles_signature_for_us_is_refused_and_leaves_nothing(
        self, google: Google, stack: Stack, body: Json
    ) -> None:
        stranger = Keys().sign_event_token({"aud": stack.endpoint, "exp": 2**31, "iat": 0})
        tokens = {
            "nothing": None,
            "no token": "x",
            "not signed": google.token().rpartition(".")[0] + ".",
            "signed by a stranger": stranger,
            "for another address": google.token(url="https://example.com/chat"),
            "for any chat app that names our address": google.token(
                AppConfig(wire="classic", audience="url")
            ),
        }
        before = kept(stack)
        answers = {
            why: google.send(json.dumps(body), token).status_code for why, token in tokens.items()
        }
        assert answers == dict.fromkeys(tokens, 401)
        assert kept(stack) == before

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"not json",
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"type": "NEW_KIND"}',
        ],
    )
    def test_what_is_no_event_that_we_know_is_answered_with_nothing(
        self, google: Google, stack: Stack, data: bytes
    ) -> None:
        before = kept(stack)
        for app in (ADDON, CLASSIC):
            answer = google.send(data, google.token(app))
            assert (answer.status_code, answer.json()) == (200, {})
        assert kept(stack) == before

    def test_a_body_over_one_mib_is_not_taken(self, google: Google) -> None:
        assert google.send(b"x" * (MIB + 1), google.token()).status_code == 413
        assert google.send(in_pieces(b"x" * (MIB + 1)), google.token()).status_code == 413
        assert google.send(b"x" * (MIB - 1), google.token()).status_code == 200

    def test_a_body_whose_length_is_not_said_beforehand_is_read(
        self, google: Google, room: Room, body: Json
    ) -> None:
        answer = google.send(in_pieces(json.dumps(body).encode()), google.token())
        assert answer.json()["action"]["notification"]["text"].startswith("受け付けました")
        assert len(room.jobs()) == 2

    def test_the_address_takes_posts_only_and_there_is_no_other(self, google: Google) -> None:
        assert google.send(None, None, verb="GET").status_code == 405
        assert requests.get(google.url + "/x", timeout=10).status_code == 404
        assert requests.get(google.url.replace("/chat", "/"), timeout=10).status_code == 404


class TestNames:
    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("鈴木/../x", "「/」は使えません"),
            ("..", "先頭にピリオドは使えません"),
            ("C:\\temp", "「:」を使えません"),
            ("NUL", "Windows が予約している名前です"),
            ("Su\0zuki", "見えない文字が含まれています"),
            ("あ" * 300, "120 文字を超えています"),
            ("  \u3000 ", FILL_IN.ja),
            ("鈴木\u202egpj.exe", "見えない文字が含まれています"),
            ("鈴木\ue000number\ue001", "見えない文字が含まれています"),
            ("\U0001f600" * 60, "長すぎ|およそ 66 文字を超えて"),
        ],
    )
    def test_a_name_that_cannot_be_a_folders_is_asked_for_again(
        self, room: Room, name: str, sentence: str
    ) -> None:
        outcome = room.ask(room.alice, {"template": "memo", "name": name, "customer": "田中"})
        said = said_at(outcome, "name")
        assert any(part in said for part in sentence.split("|")), said
        assert "田中" in text_of(outcome["dialog"]), "what was right stays"
        assert room.jobs() == []
        # The form that is shown again goes on as any other.
        again = room.alice.send(outcome["dialog"], {"name": "Suzuki"})
        assert again["closed"]
        room.card("Suzuki", WAITING)

    def test_an_answer_that_becomes_a_path_is_asked_for_again(self, room: Room) -> None:
        first = {"template": "die-design", "name": "Suzuki"}
        outcome = room.ask(room.bob, first, {"part_name": "鈴木/../x", "cavities": "999"})
        assert "it holds “/”" in said_at(outcome, "part_name")
        assert "1 to 256" in said_at(outcome, "cavities")
        assert room.jobs() == []

    def test_a_number_may_be_typed_in_full_width_but_not_as_a_word(
        self, room: Room, google: Google
    ) -> None:
        first = {"template": "die-design", "name": "Suzuki"}
        page = room.ask(room.bob, first)["dialog"]
        outcome = room.bob.send(page, {"part_name": "Grille", "cavities": "２"})
        assert outcome["closed"], text_of(outcome)
        (job,) = room.jobs()
        assert job.request["answers"][0]["cavities"] == 2
        # Chat itself refuses words in such a field, but not every one of its clients does.
        event = google.event(outcome["event"])
        event["commonEventObject"]["formInputs"]["cavities"] = {"stringInputs": {"value": ["two"]}}
        assert NUMBER.en in google.deliver(event).text
        assert len(room.jobs()) == 1


class TestTampering:
    @pytest.mark.parametrize(
        "parameters",
        [
            {"pages": "{"},
            {"pages": "[[]]"},
            {"pages": '["x"]'},
            {"pages": "9" * 5000},
            {"pages": "[" * 10_000},
            {"pages": json.dumps([{"template": "memo", "name": "x" * 16_000}])},
            {"pages": json.dumps([{"template": "memo", "name": "a/../b"}])},
            {"pages": json.dumps([{"template": "../memo", "name": "Suzuki"}])},
            {"pages": json.dumps([{"template": "memo", "name": "Suzuki"}] * 2)},
            {"task": "no-such-task"},
            {"task": ""},
            {"form": ""},
            {"action": "no-such-action"},
            {"action": "apply"},
            {"action": "show", "page": "-1"},
            {"job": "no-such-job"},
        ],
        ids=lambda parameters: str(parameters)[:40],
    )
    def test_a_form_that_was_tampered_with_gets_a_sentence_and_makes_nothing(
        self, room: Room, parameters: dict[str, str]
    ) -> None:
        dialog = room.bob.say("/project")["dialog"]
        answers = {"template": "memo", "name": "Suzuki"}
        outcome = room.bob.send_unchecked(dialog, answers, **parameters)
        said = {AskingError().say("en"), JobUnknown().say("en")}
        assert room.heard(room.bob, outcome) in said
        assert room.jobs() == []

    def test_a_job_of_another_space_is_out_of_reach(self, room: Room, stack: Stack) -> None:
        card = room.memo(room.alice, "Suzuki")
        (job,) = room.jobs()
        elsewhere = Room(stack, f"{room.space}x")
        members = [elsewhere.bob.name]
        stack.control("spaces", {"name": elsewhere.space, "display_name": "他", "members": members})
        own = elsewhere.memo(elsewhere.bob, "Tanaka")
        theirs = {"job": job_of(card), "plan": job.plan_hash or ""}
        for action in ("apply", "discard", "show", "edit"):
            outcome = elsewhere.bob.click(own, action=action, **theirs)
            heard = elsewhere.heard(elsewhere.bob, outcome)
            assert heard.endswith(JobUnknown().say("en")), action
        dialog = elsewhere.bob.say("/project")["dialog"]
        answers = {"template": "memo", "name": "Sato"}
        outcome = elsewhere.bob.send_unchecked(dialog, answers, job=job_of(card))
        assert "Suzuki" not in text_of(outcome)
        (untouched,) = room.jobs()
        assert (untouched.state, untouched.subject) == (JobState.WAITING, "Suzuki")

    def test_a_thread_of_another_space_is_not_written_into(self, room: Room) -> None:
        dialog = room.bob.say("/project")["dialog"]
        answers = {"template": "memo", "name": "Suzuki"}
        room.bob.send_unchecked(dialog, answers, thread="spaces/other/threads/x")
        assert room.card("Suzuki", WAITING)["thread"]["name"].startswith(room.space)


class TestStrangers:
    def test_a_person_from_outside_is_refused_whatever_they_do(
        self, room: Room, stack: Stack
    ) -> None:
        card = room.memo(room.bob, "Suzuki")
        (offer,) = room.bob.say("@Kakari project")["messages"]
        said = [
            room.charlie.say(text)
            for text in ("/project", "/jobs", "/status", "/help", "@Kakari", "@Kakari project x")
        ]
        tapped = [room.charlie.tap(card, label) for label in ("Apply", "Discard", "Edit")]
        for outcome in (*said, *tapped):
            assert room.heard(room.charlie, outcome).endswith(NotAllowed().say("en")), outcome
        (job,) = room.jobs()
        assert (job.state, job.asker) == (JobState.WAITING, room.bob.name)
        assert offer not in room.charlie.messages()

    def test_a_person_whose_address_chat_does_not_tell_is_refused(
        self, room: Room, stack: Stack
    ) -> None:
        person = {"name": f"users/{secrets.randbelow(10**20)}", "display_name": "誰か", "email": ""}
        stack.control("people", person)
        members = [room.bob.name, person["name"]]
        stack.control("spaces", {"name": room.space, "display_name": "案件", "members": members})
        nobody = Visitor(stack.page, person["name"], room.space)
        assert NotAllowed().say("ja") in room.heard(nobody, nobody.say("/project"))
        assert room.jobs() == []


class TestTemplates:
    def test_a_template_that_cannot_be_rendered_is_told_with_file_and_line(
        self, room: Room, passing_template: Callable[..., str]
    ) -> None:
        template = passing_template(
            {"図面/計算.md.jinja": "割り当て\n{{ 12 // parts }}\n", "メモ.md": "x"},
            "parts:\n  type: int\n  default: 3\n",
        )
        room.ask(room.bob, {"template": template, "name": "Suzuki"}, {"parts": "0"})
        card = room.card("Suzuki", FAILED)
        sentence = f"The template “{template}” has a mistake in 図面/計算.md.jinja, line 2: "
        assert sentence in text_of(card)
        assert "Nothing was made." in text_of(card)
        assert sentence in text_of(room.result(card))
        tree = requests.get(f"{room.stack.page}/_sim/drive/tree", timeout=10).text
        assert template not in tree
        assert len(room.jobs()) == 1

    def test_a_template_whose_questions_are_broken_is_told_when_it_is_chosen(
        self, room: Room, passing_template: Callable[..., str]
    ) -> None:
        template = passing_template({"メモ.md": "x"}, "parts:\n  type: int\n  default: three\n")
        outcome = room.ask(room.alice, {"template": template, "name": "Suzuki"})
        heard = room.heard(room.alice, outcome)
        assert f"テンプレート「{template}」の copier.yml 4 行目に誤りがあります" in heard
        assert room.jobs() == []

    def test_a_file_that_the_answers_give_an_unusable_name_is_told(
        self, room: Room, passing_template: Callable[..., str]
    ) -> None:
        template = passing_template({"{{ project_name }} {{ project_name }}.md": "x"})
        name = "Grille " * 10 + "Suzuki"
        room.ask(room.bob, {"template": template, "name": name})
        card = room.card(name, FAILED)
        assert "it is longer than 120 characters" in text_of(card)

    def test_a_template_that_changes_after_the_plan_was_shown_is_planned_again(
        self, room: Room, passing_template: Callable[..., str], templates: object
    ) -> None:
        template = passing_template({"メモ.md": "before"})
        room.ask(room.bob, {"template": template, "name": "Suzuki"})
        card = room.card("Suzuki", WAITING)
        (before,) = room.jobs()
        (templates / "projects" / template / "メモ.md").write_text("after")
        room.apply(room.bob, card)
        room.bob.await_message(
            lambda _: room.jobs()[0].plan_hash not in (before.plan_hash, None), patience=20
        )
        again = room.card("Suzuki", WAITING)
        stale = room.heard(room.bob, room.apply(room.bob, card))
        assert StalePlan().say("en") in stale
        room.apply(room.bob, again)
        room.result(again)


def in_pieces(data: bytes) -> Iterator[bytes]:
    """Yield the data as HTTP sends it chunked, as some proxies do."""
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]


def said_at(outcome: Json, field: str) -> str:
    """Return the sentence that stands above a field of the form."""
    above = ""
    for widget in outcome["dialog"]["card"]["sections"][0]["widgets"]:
        if next(iter(widget.values())).get("name") == field:
            return above
        above = widget.get("textParagraph", {}).get("text", "")
    raise AssertionError(f"the form has no field {field}")
