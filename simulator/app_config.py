"""How the Chat app is configured: what an operator types into Google's console."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass
class AppCommand:
    id: int
    name: str
    """With its slash, such as ``/project``."""
    description: str = ""
    opens_dialog: bool = False
    kind: str = "SLASH_COMMAND"


@dataclass
class AppConfig:
    endpoint_url: str | None = None
    """Where events go; None while nobody configured the app."""
    project_number: str = "123456789012"
    wire: str = "addon"
    """The form of the events: ``addon`` or ``classic``."""
    audience: str | None = None
    """For classic events: ``url`` or ``project-number``."""
    commands: list[AppCommand] = field(default_factory=list)
    display_name: str = "Kakari"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raise TypeError for a name that is none of the settings."""
        commands = [AppCommand(**command) for command in data.get("commands", [])]
        return cls(**data | {"commands": commands})
