import hashlib

import pytest

from effects.base import World
from effects.disk import DiskFile, DiskFileData, DiskFolder, DiskFolderData
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


@pytest.fixture
def place(tmp_path):
    place = tmp_path / "projects"
    place.mkdir()
    return place


@pytest.fixture
def make(place, world):
    def make(*paths, fresh=False, world=world):
        datas = [DiskFolderData(root=str(place), path=path, fresh=fresh) for path in paths]
        return DiskFolder().apply([("k", data) for data in datas], world)

    return make


@pytest.fixture
def write(place, world, shelf):
    def write(path, content=b"a quote", world=world):
        data = DiskFileData(root=str(place), path=path, content=shelf.put(content))
        (outcome,) = DiskFile().apply([("k", data)], world)
        return outcome

    return write


@pytest.fixture
def probe(place, world, shelf):
    def probe(path, content=b"a quote"):
        data = DiskFileData(root=str(place), path=path, content=shelf.put(content))
        (outcome,) = DiskFile().probe([("k", data)], world)
        return outcome

    return probe


@pytest.fixture
def another_job(shelf):
    return World(job="02JOB", contents=shelf)
