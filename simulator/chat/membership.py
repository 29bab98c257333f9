"""Who a call to the Chat API speaks for, and which spaces that lets it into."""

from typing import Any

from simulator.answers import ApiError
from simulator.call import Call
from simulator.chat.message_names import not_found
from simulator.chat.state import APP_USER, ChatState, Space


class Membership:
    def __init__(self, chat: ChatState) -> None:
        self._chat = chat

    def caller(self, call: Call) -> dict[str, Any]:
        """Return the user a call acts as: the app itself, or the person delegated."""
        person = self._chat.person_by_email(call.grant.subject) if call.grant.subject else None
        return person.user() if person else dict(APP_USER)

    def space(self, call: Call, name: str) -> Space:
        """Return the space, if the caller is in it; 404 if there is none, 403 if not a member."""
        try:
            space = self._chat.space(name)
        except KeyError:
            raise not_found("Space") from None
        if not self.is_member(call, space):
            raise ApiError(403, "This Chat app is not a member of this space.")
        return space

    def is_member(self, call: Call, space: Space) -> bool:
        caller = self.caller(call)
        if caller["type"] == "BOT":
            return space.app_is_member
        return caller["name"] in space.members
