import hashlib

import pytest

from effects.base import World
from ledger.plan import Content


class Shelf:
    """Contents by their hash, as the ledger keeps them."""

    def __init__(self):
        self._bytes = {}

    def put(self, content: bytes) -> Content:
        sha256 = hashlib.sha256(content).hexdigest()
        self._bytes[sha256] = content
        return Content(sha256=sha256, size=len(content))

    def read(self, content: Content) -> bytes:
        return self._bytes[content.sha256]


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def world(shelf):
    return World(job="01JOB", contents=shelf)
