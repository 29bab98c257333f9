"""gspread over Kakari's own transports.

gspread knows the API's addresses and bodies. What it sends goes the way of every other request of
Kakari's: with a deadline, with a second try only where that is harmless, and in the log.
"""

import json as json_
from dataclasses import dataclass
from typing import Any

from googleapiclient.http import HttpRequest
from googleapiclient.model import JsonModel
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEETS_API_V4_BASE_URL
from requests import Request

from workspace.calls import Calls, Sort
from workspace.sheets import SECONDS


@dataclass(frozen=True)
class Answer:
    """What gspread asks of a response."""

    body: Any

    def json(self) -> Any:
        return self.body


class SheetsHTTP(HTTPClient):
    """Sends gspread's requests; what fails is raised as a GoogleError."""

    def __init__(self, calls: Calls, address: str) -> None:
        # Past gspread's own __init__, which would make a session that knows no deadline.
        self._calls = calls
        self._address = address

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> Any:
        """Send one request as gspread does. A GET may be sent again; whatever writes is sent once."""
        return self.send(
            method, endpoint, Sort.READ if method == "get" else Sort.ONCE, params, json
        )

    def send(
        self, method: str, endpoint: str, sort: Sort, params: Any = None, json: Any = None
    ) -> Answer:
        """Send one request, of which ``sort`` says what a second send would do."""
        url = endpoint.replace(SPREADSHEETS_API_V4_BASE_URL, self._address)
        request = HttpRequest(
            None,
            JsonModel().response,
            str(Request(method.upper(), url, params=params).prepare().url),
            method=method.upper(),
            body=None if json is None else json_.dumps(json),
            headers={"content-type": "application/json", "accept": "application/json"},
            methodId=f"sheets.{method}{_name(endpoint)}",
        )
        return Answer(self._calls.send(request, sort, seconds=SECONDS))


def _name(endpoint: str) -> str:
    """Return what the log calls the request: without the spreadsheet's id and the range."""
    path = endpoint.removeprefix(SPREADSHEETS_API_V4_BASE_URL)
    verb = path.rpartition(":")[2] if ":" in path.rpartition("/")[2] else ""
    part = next((each for each in ("values", "developerMetadata") if f"/{each}" in path), "")
    return f".{part}:{verb}" if part else f":{verb}"
