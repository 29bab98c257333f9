"""Event delivery: signed requests to the app, and the last ones kept so that they can come again."""

import itertools
import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import requests

from simulator.app_config import AppConfig
from simulator.client import addon, classic, signature
from simulator.client.interaction import Interaction
from simulator.keys import Keys

_KEPT = 200
# Chat gives up after 30 s; so does this.
_LIMIT_S = 30.0
_RETRY_AFTER_S = 1.0


@dataclass(frozen=True)
class Event:
    """One request as it may be sent again: no token and no credential is in the body."""

    id: str
    url: str
    body: dict[str, Any]
    interaction: Interaction


@dataclass(frozen=True)
class Answer:
    """What came back: a JSON object, or the reason why there is none."""

    ms: int
    status: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None


class Delivery:
    """Sends events to the app.

    ``retries`` is how often a request that timed out or got no 2xx is sent once more; Chat "might
    retry a few times", so nothing may rely on it and it is off until someone switches it on.
    """

    def __init__(self, keys: Keys, limit_s: float = _LIMIT_S) -> None:
        self.retries = 0
        self._keys = keys
        self._limit_s = limit_s
        self._events: OrderedDict[str, Event] = OrderedDict()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def keep(self, interaction: Interaction, url: str, body: dict[str, Any]) -> Event:
        with self._lock:
            event = Event(f"event-{next(self._ids)}", url, body, interaction)
            self._events[event.id] = event
            while len(self._events) > _KEPT:
                self._events.popitem(last=False)
        return event

    def kept(self, event_id: str) -> Event | None:
        with self._lock:
            return self._events.get(event_id)

    def send(self, event: Event, app: AppConfig) -> Answer:
        answer = self._send_once(event, app)
        for _ in range(self.retries):
            # An answer that Chat cannot read is not asked for again, only one that failed.
            if answer.status is not None and 200 <= answer.status < 300:
                break
            time.sleep(_RETRY_AFTER_S)
            answer = self._send_once(event, app)
        return answer

    def _send_once(self, event: Event, app: AppConfig) -> Answer:
        token = signature.token(self._keys, app, event.url)
        if app.wire == "classic":
            data = json.dumps(classic.with_credentials(event.body, token), ensure_ascii=False)
            agent = classic.USER_AGENT
        else:
            data = addon.printed(addon.with_credentials(event.body, token))
            agent = addon.USER_AGENT
        started = time.monotonic()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": agent,
        }
        try:
            response = self._post(event.url, data.encode(), headers)
        except requests.Timeout:
            why = f"no answer from {event.url} within {self._limit_s:g} s"
            return Answer(_ms_since(started), failure=why)
        except requests.RequestException as error:
            return Answer(_ms_since(started), failure=f"{event.url} cannot be reached: {error}")
        return _answer(response, _ms_since(started))

    def _post(self, url: str, data: bytes, headers: dict[str, str]) -> requests.Response:
        with requests.Session() as session:
            # The app is near by; a proxy that the environment names is not for it.
            session.trust_env = False
            return session.post(
                url, data=data, headers=headers, timeout=self._limit_s, allow_redirects=False
            )


def _answer(response: requests.Response, ms: int) -> Answer:
    status = response.status_code
    if not 200 <= status < 300:
        return Answer(ms, status, failure=f"the app answered {status}: {response.text[:500]}")
    try:
        body = response.json()
    except ValueError:
        return Answer(ms, status, failure=f"the answer is not JSON: {response.text[:500]!r}")
    if not isinstance(body, dict):
        return Answer(ms, status, failure="the answer is not a JSON object")
    return Answer(ms, status, body)


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
