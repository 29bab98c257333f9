"""A person's events as the simulator words and signs them, made without sending them."""

import http.client
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlsplit

from kakari.demo.stack import Stack, commands
from simulator.app_config import AppConfig
from simulator.client import addon, forms, signature
from simulator.client.interaction import Action, DialogEventType, Interaction, Kind, time_zone
from simulator.clock import moment
from simulator.keys import Keys
from simulator.office import ALICE, PROJECTS_SPACE

Json = dict[str, Any]

TOKENS = 16
PEOPLE = [f"users/{number}".encode() for number in range(10**20, 10**20 + 1000)]


@dataclass(frozen=True)
class Request:
    """A POST as it goes over the wire, less its host."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Original:
    """An event to be copied; each copy has texts of its own in the place of the marks."""

    event: Json
    marks: tuple[str, ...]

    def marked(self, body: bytes) -> bytes:
        own = secrets.token_hex(12).encode()
        for mark in self.marks:
            body = body.replace(mark.encode(), own)
        return body


class Asker:
    """Alice, whose events go straight to the bot of a stack."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.endpoint
        self.app = AppConfig(
            endpoint_url=stack.endpoint,
            project_number=stack.settings.project_number,
            commands=commands(),
        )
        self.keys = Keys(stack.folder / "simulator")
        where = urlsplit(stack.endpoint)
        self.path = where.path
        self._http = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)

    def help(self) -> Original:
        """Type ``/help``."""
        event = self._command("/help")
        name = event["chat"]["appCommandPayload"]["message"]["name"]
        return Original(event, (name.rpartition(".")[2],))

    def last_page(self, pages: Sequence[dict[str, str]], own: str) -> Original:
        """Fill in a project's dialog; return the event that sends its last page, not yet sent.

        Each copy of it is a form of its own and has a text of its own in the field ``own``, so
        the front desk has seen the pages before it, as always, and the last one never.
        """
        mark = secrets.token_hex(12)
        card = self._dialog(self._command("/project"))
        for page in pages[:-1]:
            card = self._dialog(self._submit(card, page))
        event = self._submit(card, {**pages[-1], own: mark})
        return Original(event, (event["commonEventObject"]["parameters"]["form"], mark))

    def signed(self, event: Json) -> Request:
        token = signature.token(self.keys, self.app, self.url)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": addon.USER_AGENT,
        }
        return Request(headers, addon.printed(addon.with_credentials(event, token)).encode())

    def copies(self, original: Original, count: int) -> list[Request]:
        """Return so many signed requests, none of which is a second delivery of another.

        A few tokens go round: to check one costs the same each time. So do many people, as nobody
        has thousands of requests open.
        """
        signed = [self.signed(original.event) for _ in range(min(count, TOKENS))]
        return [
            Request(each.headers, original.marked(each.body).replace(ALICE.name.encode(), person))
            for each, person in zip(islice(cycle(signed), count), cycle(PEOPLE))
        ]

    def post(self, request: Request) -> Json:
        """Send a request over the connection that stays open, and return the answer."""
        self._http.request("POST", self.path, request.body, request.headers)
        answer = self._http.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body)
        found: Json = json.loads(body)
        return found

    def _dialog(self, event: Json) -> Json:
        card = addon.reply(self.post(self.signed(event))).dialog
        assert card is not None
        return card

    def _command(self, name: str) -> Json:
        command = next(each for each in self.app.commands if each.name == name)
        opens = DialogEventType.REQUEST if command.opens_dialog else None
        asked = Interaction(
            Kind.COMMAND,
            ALICE,
            PROJECTS_SPACE,
            moment(),
            message=_typed(name),
            command=command,
            dialog_event=opens,
        )
        return self._worded(asked)

    def _submit(self, card: Json, page: dict[str, str]) -> Json:
        entries: dict[str, forms.Entry] = {name: [value] for name, value in page.items()}
        inputs = forms.filled(forms.inputs([card]), entries, time_zone(ALICE))
        action = card["sections"][-1]["widgets"][-1]["buttonList"]["buttons"][-1]["onClick"][
            "action"
        ]
        parameters = {each["key"]: each["value"] for each in action["parameters"]}
        return self._worded(
            Interaction(
                Kind.CLICK,
                ALICE,
                PROJECTS_SPACE,
                moment(),
                action=Action(action["function"], parameters),
                form_inputs=inputs,
                dialog_event=DialogEventType.SUBMIT,
            )
        )

    def _worded(self, interaction: Interaction) -> Json:
        (event,) = addon.events(interaction, self.app)
        return event


def _typed(text: str) -> Json:
    mark = secrets.token_hex(12)
    return {
        "name": f"{PROJECTS_SPACE.name}/messages/{mark}.{mark}",
        "text": text,
        "sender": ALICE.user(),
        "createTime": datetime.now(UTC).isoformat(),
        "thread": {"name": f"{PROJECTS_SPACE.name}/threads/{mark}"},
    }
