"""Who is in Chat: people, spaces, and the app itself, as the Chat API names them."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

#: The sender of the app's own messages.
APP_USER = {"name": "users/200000000000000000001", "displayName": "Kakari", "type": "BOT"}


@dataclass
class Person:
    name: str
    """The Chat user name, such as ``users/100000000000000000001``."""
    display_name: str
    email: str
    locale: str = "ja"

    def user(self) -> dict[str, Any]:
        """Show the person as a Chat API ``User``."""
        return {"name": self.name, "displayName": self.display_name, "type": "HUMAN"}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


@dataclass
class Space:
    name: str
    """The Chat space name, such as ``spaces/AAQA1``."""
    display_name: str
    space_type: str = "SPACE"
    """``SPACE`` or ``DIRECT_MESSAGE``."""
    members: list[str] = field(default_factory=list)
    """User names of the people in it."""
    app_is_member: bool = True
    threaded: bool = True

    def resource(self) -> dict[str, Any]:
        """Show the space as a Chat API ``Space``; direct messages have no display name."""
        direct = self.space_type == "DIRECT_MESSAGE"
        resource: dict[str, Any] = {
            "name": self.name,
            "type": "DM" if direct else "ROOM",
            "spaceType": self.space_type,
            "spaceThreadingState": "THREADED_MESSAGES" if self.threaded else "UNTHREADED_MESSAGES",
            "spaceHistoryState": "HISTORY_ON",
            "membershipCount": {"joinedDirectHumanUserCount": len(self.members)},
        }
        if direct:
            resource["singleUserBotDm"] = self.app_is_member and len(self.members) == 1
        else:
            resource["displayName"] = self.display_name
        return resource

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)
