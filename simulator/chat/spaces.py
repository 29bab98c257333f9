"""The methods of ``chat.spaces`` and ``chat.spaces.members`` that a Chat app uses to look around."""

from typing import Any

from simulator.answers import bad_request
from simulator.call import Behaviour, Behaviours, Call, Result
from simulator.chat.membership import Membership
from simulator.chat.message_names import not_found
from simulator.chat.state import ChatState, Space

PAGE = 100


class Spaces:
    def __init__(self, chat: ChatState) -> None:
        self._chat = chat
        self._membership = Membership(chat)

    def behaviours(self) -> Behaviours:
        return {
            "chat.spaces.get": Behaviour(self.get),
            "chat.spaces.list": Behaviour(self.list),
            "chat.spaces.findDirectMessage": Behaviour(self.find_direct_message),
            "chat.spaces.members.list": Behaviour(self.members),
        }

    def get(self, call: Call) -> Result:
        return self._membership.space(call, call["name"]).resource()

    def list(self, call: Call) -> Result:
        spaces = [
            space.resource()
            for space in self._chat.spaces()
            if self._membership.is_member(call, space)
        ]
        return _page(call, "spaces", spaces)

    def find_direct_message(self, call: Call) -> Result:
        """Find the caller's direct message with a user, named by id or e-mail address."""
        user = call.get("name", "").removeprefix("users/")
        person = next(
            (
                person
                for person in self._chat.people()
                if user in {person.email, person.name.removeprefix("users/")}
            ),
            None,
        )
        if person is None:
            raise not_found("User")
        for space in self._chat.spaces():
            is_direct = space.space_type == "DIRECT_MESSAGE" and person.name in space.members
            if is_direct and self._membership.is_member(call, space):
                return space.resource()
        raise not_found("Direct message space")

    def members(self, call: Call) -> Result:
        space = self._membership.space(call, call["parent"])
        return _page(call, "memberships", [self._membership_of(space, m) for m in space.members])

    def _membership_of(self, space: Space, user_name: str) -> dict[str, Any]:
        return {
            "name": f"{space.name}/members/{user_name.removeprefix('users/')}",
            "state": "JOINED",
            "role": "ROLE_MEMBER",
            "member": self._chat.person(user_name).user(),
        }


def _page(call: Call, name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    token = call.get("pageToken") or "0"
    if not token.isdecimal():
        raise bad_request("Invalid page token.", "page_token")
    start = int(token)
    end = start + (call.get("pageSize") or PAGE)
    answer: dict[str, Any] = {name: items[start:end]}
    if end < len(items):
        answer["nextPageToken"] = str(end)
    return answer
