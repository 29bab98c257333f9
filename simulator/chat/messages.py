"""The methods of ``chat.spaces.messages``.

https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages
"""

from typing import Any

from simulator.answers import ApiError, bad_request
from simulator.call import Behaviour, Behaviours, Call, Result
from simulator.chat.content import check, edited_content, new_content
from simulator.chat.history import History
from simulator.chat.membership import Membership
from simulator.chat.message_names import (
    check_message_id,
    check_thread_key,
    check_thread_name,
    is_client_name,
    not_found,
)
from simulator.chat.state import ChatState, Message, Space
from simulator.quota import Quota


class Messages:
    def __init__(self, chat: ChatState, writes: Quota) -> None:
        self._chat = chat
        self._writes = writes
        self._membership = Membership(chat)
        self._history = History(chat, self._membership)

    def behaviours(self) -> Behaviours:
        return {
            "chat.spaces.messages.create": Behaviour(self.create),
            "chat.spaces.messages.get": Behaviour(self.get),
            "chat.spaces.messages.list": Behaviour(self._history.list),
            "chat.spaces.messages.patch": Behaviour(self.edit),
            "chat.spaces.messages.update": Behaviour(self.edit),
            "chat.spaces.messages.delete": Behaviour(self.delete),
        }

    def create(self, call: Call) -> Result:
        with self._chat.lock:
            space = self._membership.space(call, call["parent"])
            self._count_write(space.name)
            sender = self._membership.caller(call)
            if earlier := self._earlier(call, sender):
                return earlier
            message_id = call.get("messageId")
            if message_id and self._chat.is_used(space.name, check_message_id(message_id)):
                raise ApiError(409, f"Message {message_id} already exists in this space.")
            message = self._post(call, space, sender, message_id, self._thread(call, space))
            if request_id := call.get("requestId"):
                self._chat.remember_request(request_id, sender["name"], message["name"])
            return message

    def get(self, call: Call) -> Result:
        with self._chat.lock:
            return self._message(call)

    def edit(self, call: Call) -> Result:
        """``patch`` and ``update`` differ in their verb only."""
        content = edited_content(call.body, call.get("updateMask", ""))
        with self._chat.lock:
            name = call["name"]
            space = self._membership.space(call, _space_of(name))
            self._count_write(space.name)
            sender = self._membership.caller(call)
            try:
                message = self._chat.message(name)
            except KeyError:
                return self._put_missing(call, space, sender)
            self._refuse_others(message, sender)
            check(message | content)
            return self._chat.edit(name, content)

    def delete(self, call: Call) -> Result:
        with self._chat.lock:
            message = self._message(call)
            self._count_write(_space_of(message["name"]))
            self._refuse_others(message, self._membership.caller(call))
            self._chat.delete(message["name"])
            return {}

    def _post(
        self,
        call: Call,
        space: Space,
        sender: dict[str, Any],
        message_id: str | None,
        thread: dict[str, str],
    ) -> Message:
        content = new_content(call.body)
        viewer = content.get("privateMessageViewer", {}).get("name")
        if viewer and viewer not in space.members:
            raise bad_request(
                "The private message viewer is not a member of this space.",
                "message.private_message_viewer",
            )
        return self._chat.post(
            space.name,
            content,
            sender,
            thread_name=thread.get("name"),
            thread_key=thread.get("key"),
            message_id=message_id,
        )

    def _put_missing(self, call: Call, space: Space, sender: dict[str, Any]) -> Message:
        """``allowMissing`` makes the message, but only under an id the app chose itself."""
        message_id = call["name"].rpartition("/")[2]
        is_used = self._chat.is_used(space.name, message_id)
        if not call.get("allowMissing") or not is_client_name(call["name"]) or is_used:
            raise not_found("Message")
        return self._post(call, space, sender, check_message_id(message_id), {})

    def _earlier(self, call: Call, sender: dict[str, Any]) -> Message | None:
        """Find what an earlier call with the same ``requestId`` made, whatever this one says."""
        request = self._chat.request(call.get("requestId") or "")
        if request is None:
            return None
        if request["sender"] != sender["name"]:
            raise ApiError(409, "The request ID was used by somebody else.")
        try:
            return self._chat.message(request["message"])
        except KeyError:
            raise not_found("Message") from None

    def _thread(self, call: Call, space: Space) -> dict[str, str]:
        """Which thread ``messageReplyOption`` makes of the thread the body names.

        Without the option the thread is ignored; an unknown name fails or starts a new thread;
        an unknown key always starts one, under that key.
        """
        given = call.body.get("thread", {})
        option = call.get("messageReplyOption", "MESSAGE_REPLY_OPTION_UNSPECIFIED")
        key = given.get("threadKey") or call.get("threadKey")
        if key:
            check_thread_key(key)
        name = given.get("name")
        if name:
            check_thread_name(name, space.name)
        if option == "MESSAGE_REPLY_OPTION_UNSPECIFIED" or not space.threaded:
            return {}
        if name and self._chat.has_thread(name):
            return {"name": name}
        if name and option == "REPLY_MESSAGE_OR_FAIL":
            raise not_found("Thread")
        return {"key": key} if key and not name else {}

    def _message(self, call: Call) -> Message:
        self._membership.space(call, _space_of(call["name"]))
        try:
            return self._chat.message(call["name"])
        except KeyError:
            raise not_found("Message") from None

    @staticmethod
    def _refuse_others(message: Message, sender: dict[str, Any]) -> None:
        if message["sender"]["name"] != sender["name"]:
            raise ApiError(403, "The caller can change only messages it sent itself.")

    def _count_write(self, space_name: str) -> None:
        if not self._writes.take(space_name):
            raise ApiError(429, "Resource has been exhausted (e.g. check quota).")


def _space_of(message_name: str) -> str:
    return message_name.partition("/messages/")[0]
