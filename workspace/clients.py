"""The one factory of Google clients.

Descriptions and collections are built once and shared by all threads: building ``drive.files()``
costs more than a call. Transports are never shared (httplib2 mixes up the answers): a call borrows
one and gives it back. So the threads of the next job find the connections of the last one open.
"""

import contextlib
import json
import time
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.errors import HttpError

from errors.google import TryLater
from workspace.credentials import service_account_from
from workspace.origins import Origins
from workspace.refusals import understand
from workspace.transport import Transport

IDLE_SECONDS = 100.0
"""After this a connection is not used again: Google closes idle ones after some minutes, and a
request sent into one that is being closed has an unknown outcome."""


class GoogleClients:
    """Google's APIs for one service account. One instance for each process, made after any fork.

    Raises KeyRefused if the key file cannot be used.
    """

    def __init__(self, origins: Origins, key_file: Path) -> None:
        self.origins = origins
        self._credentials = service_account_from(key_file, origins)
        self._idle: deque[tuple[Any, float]] = deque()

    @property
    def account(self) -> str:
        """The service account's e-mail address."""
        email: str = self._credentials.service_account_email
        return email

    @cached_property
    def drive(self) -> Any:
        return self._build("drive", "v3")

    @cached_property
    def drive_files(self) -> Any:
        return self.drive.files()

    @cached_property
    def chat_spaces(self) -> Any:
        return self._build("chat", "v1").spaces()

    @cached_property
    def chat_messages(self) -> Any:
        return self.chat_spaces.messages()

    def preload(self) -> None:
        """Do before the first job what would make it slow: build the clients, fetch a token.

        Raises KeyRefused if Google refuses the key; that Google is away is no reason not to start.
        """
        _ = self.drive_files, self.chat_messages
        with contextlib.suppress(TryLater):
            self.fetch_token()

    def fetch_token(self) -> None:
        """Exchange the key for a token. Raises KeyRefused, or TryLater if Google is away."""
        try:
            self._credentials.refresh(None)
        except Exception as error:
            raise understand(error, wrote=False) from error

    @contextlib.contextmanager
    def transport(self) -> Iterator[Any]:
        """Lend the transport used last. One on which no answer came is not lent again."""
        authorized = self._borrow()
        whole = False
        try:
            yield authorized
            whole = True
        except HttpError:
            whole = True
            raise
        finally:
            if whole:
                self._idle.append((authorized, time.monotonic()))
            else:
                authorized.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    def _borrow(self) -> Any:
        while True:
            try:
                authorized, since = self._idle.pop()
            except IndexError:
                return AuthorizedHttp(
                    self._credentials, http=Transport(proxies=not self.origins.simulated)
                )
            if time.monotonic() - since < IDLE_SECONDS:
                return authorized
            authorized.close()

    def _build(self, api: str, version: str) -> Any:
        from googleapiclient.discovery import build_from_document

        transport = Transport(proxies=not self.origins.simulated)
        try:
            document = self._document(transport, api, version)
            # Schemas serve docstrings, which take longer to write than all the rest, and the
            # methods for a next page, of which none is called.
            document["schemas"] = {
                name: {"id": name, "type": "object"} for name in document["schemas"]
            }
            return build_from_document(document, http=transport)
        except Exception as error:
            raise understand(error, wrote=False) from error
        finally:
            transport.close()

    def _document(self, transport: Transport, api: str, version: str) -> dict[str, Any]:
        """Return the API's description: the one that came with the client, or the simulator's."""
        if self.origins.discovery_url is None:
            from googleapiclient.discovery_cache import get_static_doc

            content = get_static_doc(api, version)
        else:
            url = self.origins.discovery_url.format(api=api, apiVersion=version)
            response, content = transport.request(url)
            if response.status >= 400:
                raise HttpError(response, content, uri=url)
        document: dict[str, Any] = json.loads(content)
        return document
