"""Files whose content Drive does not hold: those of the editors."""

from collections.abc import Mapping
from typing import Protocol

from simulator.answers import Media
from simulator.drive.state import File


class Editor(Protocol):
    """What Drive asks of the editor of a Google file."""

    def copy(self, source_id: str, target_id: str) -> None:
        """Let one file hold what the other holds."""

    def reads(self, mime_type: str) -> bool:
        """Say whether an upload of this format can become such a file."""

    def read(self, file: File, user: str, upload: Media) -> None:
        """Fill a new file with an upload."""

    def export(self, file_id: str, mime_type: str) -> Media | None:
        """Return the file in another format; None for a format it does not know."""


Editors = Mapping[str, Editor]
"""By MIME type."""
