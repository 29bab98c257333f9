"""One simulator for the whole run, emptied before each test, and Google's own clients for it."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from typing import Any

import pytest
import requests
from google.oauth2 import service_account
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.http import build_http

from simulator import office
from simulator.discovery import Method
from simulator.server import SimulatorServer
from simulator.sheets.state import SPREADSHEET
from simulator.validation import Reading, reader
from simulator.world import World

CHAT_BOT = "https://www.googleapis.com/auth/chat.bot"
CHAT_MESSAGES = "https://www.googleapis.com/auth/chat.messages"
DRIVE = "https://www.googleapis.com/auth/drive"
EVERYTHING = (
    CHAT_BOT,
    CHAT_MESSAGES,
    DRIVE,
    "https://www.googleapis.com/auth/spreadsheets",
    "https://mail.google.com/",
    "https://www.googleapis.com/auth/calendar",
)
VERSIONS = {"chat": "v1", "drive": "v3", "sheets": "v4", "gmail": "v1", "calendar": "v3"}


class Credentials(service_account.Credentials):
    """Google's, without the look-up it starts in the background against a real Google host."""

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class WrongAnswers(list):
    """What the simulator answered against its own schemas."""

    def hold_against_schema(self, method: Method, answer: Any) -> None:
        reading = Reading(refuse_unknown=True)
        reader(method.api, method.response_schema)(answer, (), reading)
        self += [(method.id, text) for _, text in reading.violations]


@pytest.fixture(scope="session")
def server() -> Iterator[SimulatorServer]:
    server = SimulatorServer()
    server.start()
    without_trouble(server.world)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def untouched(server: SimulatorServer) -> str:
    """Keep the office as it was when it opened."""
    return json.dumps(server.world.snapshot())


@pytest.fixture
def simulator(server: SimulatorServer, untouched: str) -> Iterator[SimulatorServer]:
    """The simulator as it opened."""
    server.world.restore(json.loads(untouched))
    wrong = WrongAnswers()
    server.gateway.on_answer = wrong.hold_against_schema
    yield server
    without_trouble(server.world)
    assert not wrong


def without_trouble(world: World) -> None:
    """Take back what tests switch on; a client built at its first use comes before any of them."""
    world.calls.clear()
    world.chat_writes.set(None)
    world.drive_writes.set(None)
    for what in ("Read", "Write"):
        world.sheets_calls.set(what, None)
    world.faults.set([])
    world.faults.delay = 0.0
    world.clock.ahead = 0.0


@pytest.fixture(scope="session")
def credentials(server: SimulatorServer, tmp_path_factory) -> Callable[..., Credentials]:
    """Of the service account whose key file the simulator wrote, for some scopes and a person."""
    key = tmp_path_factory.mktemp("key") / "key.json"
    server.world.keys.write_service_account_key(key, server.origin)
    account = Credentials.from_service_account_file(key)

    def make(scopes: Iterable[str] = EVERYTHING, subject: str | None = None) -> Credentials:
        return account.with_scopes(scopes).with_subject(subject)

    return make


@pytest.fixture(scope="session")
def clients(server: SimulatorServer, credentials) -> Iterator[Callable[..., Any]]:
    """Google's clients, pointed here by nothing but their documented discovery URL.

    Each is built once: describing the methods of Chat alone takes Google's client a while.
    """
    url = server.origin + "/discovery/v1/apis/{api}/{apiVersion}/rest"
    with ExitStack() as stack:

        @cache
        def client(name: str, scopes: tuple[str, ...], subject: str | None) -> Any:
            http = AuthorizedHttp(credentials(scopes, subject), http=build_http())
            service = build(
                name, VERSIONS[name], http=http, discoveryServiceUrl=url, cache_discovery=False
            )
            return stack.enter_context(closing(service))

        yield client


@pytest.fixture
def service(simulator: SimulatorServer, clients) -> Callable[..., Any]:
    def client(name: str, *scopes: str, subject: str | None = None) -> Any:
        return clients(name, scopes or EVERYTHING, subject)

    return client


@pytest.fixture
def drive(service) -> Any:
    return service("drive")


@pytest.fixture(scope="session")
def all_spreadsheets(clients) -> Any:
    return clients("sheets", EVERYTHING, None).spreadsheets()


@pytest.fixture
def sheets(simulator: SimulatorServer, all_spreadsheets) -> Any:
    return all_spreadsheets


@pytest.fixture
def make_spreadsheet(drive) -> Callable[..., str]:
    def make(name: str = "工程表", parent: str = office.PROJECTS_FOLDER_ID) -> str:
        body = {"name": name, "parents": [parent], "mimeType": SPREADSHEET}
        return drive.files().create(body=body, supportsAllDrives=True).execute()["id"]

    return make


@pytest.fixture
def book(sheets, make_spreadsheet) -> "Book":
    """An empty spreadsheet in the office's shared drive."""
    return Book(sheets, make_spreadsheet())


class Book:
    """One spreadsheet by Google's own client, in as few words as a test needs."""

    def __init__(self, sheets: Any, book_id: str) -> None:
        self.sheets = sheets
        self.id = book_id

    def put(self, where: str, values: Any, option: str = "USER_ENTERED", **more: Any) -> Any:
        body = {"values": values}
        call = self.sheets.values().update(
            spreadsheetId=self.id, range=where, valueInputOption=option, body=body, **more
        )
        return call.execute()

    def values(self, where: str, **more: Any) -> Any:
        call = self.sheets.values().get(spreadsheetId=self.id, range=where, **more)
        return call.execute().get("values", [])

    def raw(self, where: str) -> Any:
        return self.values(where, valueRenderOption="UNFORMATTED_VALUE")

    def formulas(self, where: str) -> Any:
        return self.values(where, valueRenderOption="FORMULA")

    def batch(self, *requests: Any, **more: Any) -> Any:
        body = {"requests": list(requests), **more}
        return self.sheets.batchUpdate(spreadsheetId=self.id, body=body).execute()

    def get(self, **more: Any) -> Any:
        return self.sheets.get(spreadsheetId=self.id, **more).execute()

    def cells(self, where: str, field: str) -> list[list[Any]]:
        """One field of each cell."""
        mask = f"sheets.data.rowData.values.{field}"
        (sheet,) = self.get(ranges=where, fields=mask)["sheets"]
        rows = sheet["data"][0].get("rowData", [])
        return [[cell.get(field) for cell in row.get("values", [])] for row in rows]


@pytest.fixture
def chat(service) -> Any:
    return service("chat", CHAT_BOT)


@pytest.fixture(scope="session")
def all_messages(clients) -> Any:
    return clients("chat", (CHAT_BOT,), None).spaces().messages()


@pytest.fixture
def messages(simulator: SimulatorServer, all_messages) -> Any:
    """Chat's messages, as the app itself reaches them."""
    return all_messages


@pytest.fixture
def session(credentials, simulator: SimulatorServer) -> Iterator[requests.Session]:
    """Plain HTTP with a token for everything, for what Google's client would not send."""
    from google.auth.transport.requests import Request

    token = credentials()
    with requests.Session() as session:
        with requests.Session() as for_token:
            token.refresh(Request(session=for_token))
        session.headers["Authorization"] = f"Bearer {token.token}"
        yield session


@pytest.fixture
def make_folder(drive) -> Callable[..., str]:
    def make(name: str = "folder", parent: str = office.PROJECTS_FOLDER_ID, **body: Any) -> str:
        body |= {
            "name": name,
            "parents": [parent],
            "mimeType": "application/vnd.google-apps.folder",
        }
        return drive.files().create(body=body, supportsAllDrives=True).execute()["id"]

    return make
