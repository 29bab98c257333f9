"""Google Chat, as the outbox writes into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors.google import MessageGone, MessageRefused, SpaceRefused
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.quota import Quota, chat_writes
from workspace.refusals import AlreadyThere, NotFound

if TYPE_CHECKING:
    from workspace.clients import GoogleClients

SECONDS = 20.0
ATTEMPTS = 2
"""One, and one at once after it. Later ones are the outbox's, which remembers what it owes."""

EDITED = "text,cardsV2"
"""What an edit replaces: the mask names both, for the one not named would stay as it was."""


@dataclass(frozen=True)
class ChatMessage:
    """A message that is in its space. ``adopted``: an earlier attempt had put it there."""

    name: str
    thread: str | None
    adopted: bool = False


@dataclass(frozen=True)
class ChatSpace:
    """A space that the app is in."""

    name: str
    title: str | None
    """None for a direct message."""


class Chat:
    """The Chat API for one caller, under the app's own authority.

    A space takes one write a second from all apps together, so a writer waits its ``turn`` first:
    what it then writes can be what is true at that moment.
    """

    def __init__(
        self, clients: "GoogleClients", quota: Quota, caller: Caller | None = None
    ) -> None:
        self._clients = clients
        self._quota = quota
        self._caller = caller or Caller()
        self._calls = Calls(
            clients,
            self._caller,
            refused=MessageRefused,
            forbidden=SpaceRefused,
            attempts=ATTEMPTS,
            slow_down=False,
        )

    def create(
        self,
        space: str,
        message: dict[str, Any],
        *,
        message_id: str,
        request_id: str,
        thread_name: str | None = None,
        thread_key: str | None = None,
    ) -> ChatMessage:
        """Post a message into ``space``, into the thread of that name or of our own key, if any.

        ``message_id`` (``client-…``) is the message's identity: where the space has it already,
        the message there is returned. ``request_id`` lets Google recognise the immediate second
        send. Raises SpaceRefused if the space will take nothing, MessageRefused if not this,
        MessageGone if it was there and has been deleted, TooMany, TryLater or OutcomeUnknown.
        """
        body = dict(message)
        options = {}
        thread = {"name": thread_name} if thread_name else {"threadKey": thread_key}
        if thread_name or thread_key:
            body["thread"] = thread
            # Without it Chat ignores the thread; alone it is refused.
            options["messageReplyOption"] = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"
        request = self._clients.chat_messages.create(
            parent=space, body=body, messageId=message_id, requestId=request_id, **options
        )
        try:
            return _message(self._write(request))
        except AlreadyThere as error:
            there = self.get(f"{space}/messages/{message_id}")
            if there is None:
                raise MessageGone(reason=error.values["reason"]) from error
            return ChatMessage(there.name, there.thread, adopted=True)

    def patch(self, name: str, message: dict[str, Any]) -> ChatMessage:
        """Replace text and cards of our message; what ``message`` lacks of them is removed.

        Raises MessageGone where it has been deleted, SpaceRefused, MessageRefused, TooMany,
        TryLater or OutcomeUnknown.
        """
        request = self._clients.chat_messages.patch(
            name=name, body={"text": "", "cardsV2": [], **message}, updateMask=EDITED
        )
        return _message(self._write(request, missing=MessageGone))

    def get(self, name: str) -> ChatMessage | None:
        """Return the message of that name or client id; None if it is not there for us."""
        request = self._clients.chat_messages.get(name=name)
        try:
            return _message(self._calls.send(request, Sort.READ, seconds=SECONDS))
        except NotFound:
            return None

    def direct_message(self, user: str) -> str | None:
        """Return the name of the app's direct-message space with ``users/…``; None without one."""
        request = self._clients.chat_spaces.findDirectMessage(name=user)
        try:
            space: str = self._calls.send(request, Sort.READ, seconds=SECONDS)["name"]
        except NotFound:
            return None
        return space

    def space(self, name: str) -> ChatSpace:
        """Return the space. Raises SpaceRefused if the app is not in it, or there is none."""
        request = self._clients.chat_spaces.get(name=name)
        try:
            return _space(self._calls.send(request, Sort.READ, seconds=SECONDS))
        except NotFound as error:
            raise SpaceRefused(reason=error.values["reason"]) from error

    def spaces(self) -> list[ChatSpace]:
        """Return every space and direct message that the app is in."""
        found: list[ChatSpace] = []
        page: str | None = None
        while True:
            request = self._clients.chat_spaces.list(pageSize=1000, pageToken=page)
            answer = self._calls.send(request, Sort.READ, seconds=SECONDS)
            found += [_space(each) for each in answer.get("spaces", ())]
            page = answer.get("nextPageToken")
            if page is None:
                return found

    def turn(self, space: str) -> None:
        """Wait until the space takes a write.

        Raises Stopping, and TooMany where that would be longer than the caller waits.
        """
        self._quota.take(
            chat_writes(space),
            stop=self._caller.stop,
            on_wait=self._caller.on_wait,
            longest=self._caller.longest_wait,
        )

    def turns_in(self, spaces: Sequence[str]) -> list[float]:
        """Return in how many seconds each space takes a write; negative, since how long it does."""
        return self._quota.due_in([chat_writes(space) for space in spaces])

    def put_off(self, space: str, seconds: float) -> None:
        """Leave a space alone for so long."""
        self._quota.put_off(chat_writes(space), seconds)

    def _write(self, request: Any, missing: type[SpaceRefused] = SpaceRefused) -> Any:
        try:
            return self._calls.send(request, Sort.KNOWN, seconds=SECONDS)
        except NotFound as error:
            raise missing(reason=error.values["reason"]) from error


def _space(answer: dict[str, Any]) -> ChatSpace:
    return ChatSpace(answer["name"], answer.get("displayName"))


def _message(answer: dict[str, Any]) -> ChatMessage:
    return ChatMessage(answer["name"], answer.get("thread", {}).get("name"))
