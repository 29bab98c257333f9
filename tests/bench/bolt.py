"""What the front desk is held against: Slack's own framework, whose handler only enqueues.

Bolt at its best: one workspace, the token looked up beforehand, and the listener run within the
request (its default, a thread and a wait in steps of 10 ms, takes longer). It checks the
signature, parses, enqueues one RQ job with what was filled in, and answers. Nothing is durable
beyond what Redis does, and a second delivery is a second job.
"""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import redis
from flask import Flask, Response, request
from rq import Queue
from rq.serializers import JSONSerializer
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from tests.bench.asker import Json, Request

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-000000000000-000000000000-000000000000000000000000"
QUEUE = "bolt"
PATH = "/slack/events"
HELP = [
    {"type": "section", "text": {"type": "mrkdwn", "text": f"*/{name}*\n{about}"}}
    for name, about in (
        ("project", "案件のフォルダと書類をひな形から作ります"),
        ("jobs", "最近の依頼と進み具合"),
        ("status", "稼働状況"),
        ("help", "できることの一覧"),
    )
]


class OneTeam(WebClient):
    """Slack's client where the one question at start-up is answered from here."""

    def auth_test(self, **_: Any) -> SlackResponse:
        data = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1", "url": "", "team": ""}
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url="auth.test",
            req_args={},
            data=data,
            headers={},
            status_code=200,
        )


def app() -> Flask:
    queue = Queue(
        QUEUE,
        connection=redis.Redis.from_url(os.environ["KAKARI_REDIS_URL"]),
        serializer=JSONSerializer,
    )
    bolt = App(client=OneTeam(TOKEN), signing_secret=SECRET, process_before_response=True)

    @bolt.view("project")
    def submitted(ack: Callable[..., None], view: Json, body: Json) -> None:
        values = view["state"]["values"]
        filled = {name: next(iter(each.values()))["value"] for name, each in values.items()}
        queue.enqueue(
            "worker.make_project",
            filled=filled,
            earlier=json.loads(view["private_metadata"]),
            user=body["user"]["id"],
        )
        ack(response_action="clear")

    @bolt.command("/help")
    def asked(ack: Callable[..., None]) -> None:
        ack(blocks=HELP, text="できること")

    handler = SlackRequestHandler(bolt)
    flask = Flask(__name__, static_folder=None)

    @flask.post(PATH)
    def events() -> Response:
        return handler.handle(request)

    @flask.get("/healthz")
    def healthz() -> str:
        return "ok"

    return flask


def submission(event: Json, number: int) -> Request:
    """Return the signed ``view_submission`` that says what the Chat event says."""
    common = event["commonEventObject"]
    inputs = {
        name: values["stringInputs"]["value"][0]
        for name, values in common.get("formInputs", {}).items()
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": {"type": "plain_text", "text": name, "emoji": True},
            "optional": False,
            "dispatch_action": False,
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
        for name in inputs
    ]
    state = {
        name: {"value": {"type": "plain_text_input", "value": v}} for name, v in inputs.items()
    }
    payload = {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "fuji-kanagata"},
        "user": {"id": "U2", "username": "alice", "name": "alice", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "verification-token-that-nobody-uses",
        "trigger_id": f"12466734323.1395872398.{number:024x}",
        "view": {
            "id": f"V{number:024x}",
            "team_id": "T1",
            "type": "modal",
            "blocks": blocks,
            "private_metadata": common["parameters"]["pages"],
            "callback_id": "project",
            "state": {"values": state},
            "hash": f"1760000000.{number:08x}",
            "title": {"type": "plain_text", "text": "プロジェクト", "emoji": True},
            "submit": {"type": "plain_text", "text": "送信", "emoji": True},
            "app_id": "A1",
            "bot_id": "B1",
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }
    return _signed(urlencode({"payload": json.dumps(payload)}))


def command(number: int) -> Request:
    """Return the signed slash command ``/help``."""
    return _signed(
        urlencode(
            {
                "token": "verification-token-that-nobody-uses",
                "team_id": "T1",
                "team_domain": "fuji-kanagata",
                "channel_id": "C1",
                "channel_name": "案件",
                "user_id": "U2",
                "user_name": "alice",
                "command": "/help",
                "text": "",
                "api_app_id": "A1",
                "is_enterprise_install": "false",
                "response_url": "https://hooks.slack.invalid/commands/T1/1/abc",
                "trigger_id": f"12466734323.1395872398.{number:024x}",
            }
        )
    )


def _signed(body: str) -> Request:
    at = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }
    return Request(headers, body.encode())
