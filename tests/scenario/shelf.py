"""What lies in the simulated Drive, and what a colleague does there by hand."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import requests
from googleapiclient.http import MediaInMemoryUpload

from kakari.bootstrap import origins_of
from kakari.demo.person import Json
from kakari.demo.stack import Stack
from workspace.clients import GoogleClients

CREATE = "drive.files.create"


class Shelf:
    """The shared drive as people see it, who work in it too."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def project(self, number: str) -> list[str]:
        """Return the names of a project's folder and of all that lies in it; none if it is gone."""
        root = next((node for node in self._nodes() if node["name"].startswith(number)), None)
        return sorted(node["name"] for node in _below(root)) if root else []

    def rename(self, file_id: str, name: str) -> None:
        self._update(file_id, body={"name": name})

    def edit(self, file_id: str) -> None:
        self._update(file_id, media_body=MediaInMemoryUpload(b"other", "text/markdown"))

    def add(self, folder: str, name: str) -> None:
        body = {"name": name, "parents": [folder]}
        media = MediaInMemoryUpload(b"notes", "text/plain")
        with closing(self._clients()) as clients, clients.transport() as http:
            clients.drive_files.create(body=body, media_body=media, supportsAllDrives=True).execute(
                http=http
            )

    def created(self) -> Counter[int]:
        """Return how often Drive was asked to create something since ``forget``, by its answer."""
        calls = requests.get(f"{self.stack.page}/_sim/calls", timeout=10).json()
        return Counter(call["status"] for call in calls if call["method"] == CREATE)

    def forget(self) -> None:
        requests.delete(f"{self.stack.page}/_sim/calls", timeout=10).raise_for_status()

    def refuse(self, *, method: str = CREATE) -> None:
        """Let Kakari have lost its role in the shared drive, until ``allow``."""
        fault = {"method": method, "kind": "no-permission"}
        self.stack.control("faults", {"faults": [fault]})

    def allow(self) -> None:
        self.stack.control("faults", {"faults": []})

    def _update(self, file_id: str, **request: Any) -> None:
        with closing(self._clients()) as clients, clients.transport() as http:
            clients.drive_files.update(fileId=file_id, supportsAllDrives=True, **request).execute(
                http=http
            )

    def _clients(self) -> GoogleClients:
        settings = self.stack.settings
        return GoogleClients(origins_of(settings), settings.google_key_file)

    def _nodes(self) -> Iterator[Json]:
        tree = requests.get(f"{self.stack.page}/_sim/drive/tree", timeout=10).json()
        return (node for root in tree for node in _below(root))


def _below(node: Json) -> Iterator[Json]:
    yield node
    for child in node.get("children", []):
        yield from _below(child)
