"""What Chat remembers: people, spaces, threads and messages.

A stored message is never changed in place, it is replaced. So a snapshot is a shallow copy taken
under the lock, and only what is handed out is copied deeply.
"""

import copy
import secrets
import threading
from typing import Any

from simulator.chat.people import APP_USER, Person, Space
from simulator.clock import now
from simulator.feed import Feed

__all__ = ["APP_USER", "ChatState", "Feed", "Message", "Person", "Space"]

Message = dict[str, Any]


class ChatState:
    def __init__(
        self, lock: "threading.RLock | None" = None, touched: threading.Event | None = None
    ) -> None:
        self.lock = lock or threading.RLock()
        self.feed = Feed()
        self._touched = touched or threading.Event()
        self._people: dict[str, Person] = {}
        self._spaces: dict[str, Space] = {}
        self.forget_messages()

    def forget_messages(self) -> None:
        """Empty every space; people and spaces stay."""
        with self.lock:
            self._messages: dict[str, dict[str, Message]] = {}
            self._threads: set[str] = set()
            self._thread_keys: dict[str, str] = {}
            self._client_names: dict[str, str] = {}
            self._requests: dict[str, dict[str, str]] = {}
            self._touched.set()

    # People and spaces

    def people(self) -> list[Person]:
        with self.lock:
            return list(self._people.values())

    def person(self, name: str) -> Person:
        with self.lock:
            return self._people[name]

    def person_by_email(self, email: str) -> Person | None:
        return next((person for person in self.people() if person.email == email), None)

    def add_person(self, person: Person) -> None:
        with self.lock:
            self._people[person.name] = person
            self._touched.set()

    def spaces(self) -> list[Space]:
        with self.lock:
            return list(self._spaces.values())

    def space(self, name: str) -> Space:
        """Return the space of that name; KeyError if there is none."""
        with self.lock:
            return self._spaces[name]

    def add_space(self, space: Space) -> None:
        with self.lock:
            self._spaces[space.name] = space
            self._touched.set()
            self.feed.publish({"type": "space.added", "space": space.name})

    # Messages

    def messages(self, space_name: str) -> list[Message]:
        """Every message of a space, oldest first."""
        with self.lock:
            return copy.deepcopy(list(self._messages.get(space_name, {}).values()))

    def message(self, name: str) -> Message:
        """Return the message of that name, Google's or the app's own; KeyError if there is none."""
        with self.lock:
            return copy.deepcopy(self._stored(name))

    def post(
        self,
        space_name: str,
        body: Message,
        sender: dict[str, Any],
        *,
        thread_name: str | None = None,
        thread_key: str | None = None,
        message_id: str | None = None,
    ) -> Message:
        """Put a message into a space, in the thread named or keyed, otherwise in a new one.

        KeyError if the space or the named thread does not exist. A key belongs to its sender
        and makes its thread on first use.
        """
        with self.lock:
            space = self.space(space_name)
            thread_id, is_reply = self._thread_for(space_name, sender, thread_name, thread_key)
            thread = {"name": f"{space_name}/threads/{thread_id}"}
            if thread_key:
                thread["threadKey"] = thread_key
            name = f"{space_name}/messages/{thread_id}.{_new_id() if is_reply else thread_id}"
            message = copy.deepcopy(body) | {
                "name": name,
                "sender": copy.deepcopy(sender),
                "createTime": now(),
                "thread": thread,
                "space": {
                    key: value
                    for key, value in space.resource().items()
                    if key in {"name", "type", "spaceType", "displayName", "singleUserBotDm"}
                },
            }
            if is_reply:
                message["threadReply"] = True
            if message_id:
                message["clientAssignedMessageId"] = message_id
                self._client_names[f"{space_name}/messages/{message_id}"] = name
            self._messages.setdefault(space_name, {})[name] = message
            return self._published("message.created", message)

    def edit(self, name: str, fields: Message) -> Message:
        """Replace fields of a message; an empty value takes the field away."""
        with self.lock:
            stored = self._stored(name)
            kept = {key: value for key, value in stored.items() if key not in fields}
            new = {key: copy.deepcopy(value) for key, value in fields.items() if value}
            message = kept | new | {"lastUpdateTime": now()}
            self._messages[stored["space"]["name"]][stored["name"]] = message
            return self._published("message.updated", message)

    def delete(self, name: str) -> None:
        """Take a message away. Its client-assigned id stays used, as ids do."""
        with self.lock:
            message = self._stored(name)
            del self._messages[message["space"]["name"]][message["name"]]
            self._published("message.deleted", message)

    def has_thread(self, thread_name: str) -> bool:
        with self.lock:
            return thread_name in self._threads

    def is_used(self, space_name: str, message_id: str) -> bool:
        """Whether a client-assigned id was ever used in the space."""
        with self.lock:
            return f"{space_name}/messages/{message_id}" in self._client_names

    def remember_request(self, request_id: str, sender_name: str, message_name: str) -> None:
        with self.lock:
            self._requests[request_id] = {"sender": sender_name, "message": message_name}
            self._touched.set()

    def request(self, request_id: str) -> dict[str, str] | None:
        """Who sent a ``requestId`` before, and the message it made."""
        with self.lock:
            return self._requests.get(request_id)

    # Snapshots

    def snapshot(self) -> dict[str, Any]:
        with self.lock:
            return {
                "people": [person.to_json() for person in self._people.values()],
                "spaces": [space.to_json() for space in self._spaces.values()],
                "messages": {space: dict(kept) for space, kept in self._messages.items()},
                "threads": sorted(self._threads),
                "thread_keys": dict(self._thread_keys),
                "client_names": dict(self._client_names),
                "requests": dict(self._requests),
            }

    def restore(self, data: dict[str, Any]) -> None:
        with self.lock:
            self._people = {p["name"]: Person.from_json(p) for p in data["people"]}
            self._spaces = {s["name"]: Space.from_json(s) for s in data["spaces"]}
            self._messages = data["messages"]
            self._threads = set(data["threads"])
            self._thread_keys = data["thread_keys"]
            self._client_names = data["client_names"]
            self._requests = data["requests"]

    # Inside

    def _stored(self, name: str) -> Message:
        name = self._client_names.get(name, name)
        return self._messages.get(name.partition("/messages/")[0], {})[name]

    def _thread_for(
        self, space_name: str, sender: dict[str, Any], name: str | None, key: str | None
    ) -> tuple[str, bool]:
        """Return the id of the thread a message goes to, and whether it was there before."""
        if name:
            if name not in self._threads:
                raise KeyError(name)
            return name.rpartition("/")[2], True
        owned_key = f"{space_name} {sender['name']} {key}"
        if key and owned_key in self._thread_keys:
            return self._thread_keys[owned_key].rpartition("/")[2], True
        thread_id = _new_id()
        self._threads.add(f"{space_name}/threads/{thread_id}")
        if key:
            self._thread_keys[owned_key] = f"{space_name}/threads/{thread_id}"
        return thread_id, False

    def _published(self, kind: str, message: Message) -> Message:
        """Tell the listeners, and hand the caller a copy of its own."""
        self._touched.set()
        self.feed.publish(
            {"type": kind, "space": message["space"]["name"], "message": copy.deepcopy(message)}
        )
        return copy.deepcopy(message)


def _new_id() -> str:
    return secrets.token_urlsafe(8)
