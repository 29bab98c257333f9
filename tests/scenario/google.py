"""Calls Kakari's endpoint as Google's event delivery does, with whatever body a test wants."""

import copy
import json
from typing import Any

import requests

from kakari.demo.stack import PROJECT_NUMBER, Stack
from simulator.app_config import AppConfig
from simulator.client import addon, signature
from simulator.keys import Keys

ADDON, CLASSIC = AppConfig(), AppConfig(wire="classic", audience="project-number")


class Google:
    """Has the keys of the simulated Google, and so its signature."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.endpoint
        self.page = stack.page
        self.keys = Keys(stack.folder / "simulator")

    def token(self, app: AppConfig = ADDON, url: str | None = None) -> str:
        """Sign for our endpoint, or for another one."""
        assert app.project_number == PROJECT_NUMBER
        return signature.token(self.keys, app, url or self.url)

    def deliver(self, body: Any, token: str | None = None) -> requests.Response:
        """POST the body as JSON, signed unless a token is given."""
        return self.send(json.dumps(body).encode(), token or self.token())

    def send(self, data: Any, token: str | None, verb: str = "POST") -> requests.Response:
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(verb, self.url, data=data, headers=headers, timeout=30)

    def event(self, event: str) -> dict[str, Any]:
        """Return the body of an event that the simulator has delivered, with new credentials."""
        kept = requests.get(f"{self.page}/_sim/chat/events/{event}", timeout=10).json()
        return addon.with_credentials(kept["body"], self.token())

    def once_more(self, event: str, event_time: str) -> dict[str, Any]:
        """Deliver the same deed, done once more at another time; return the reply."""
        body = copy.deepcopy(self.event(event))
        body["chat"]["eventTime"] = event_time
        answer = self.deliver(body)
        answer.raise_for_status()
        reply: dict[str, Any] = answer.json()
        return reply
