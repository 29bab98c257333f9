"""The service account: the key file, and the access token that stands for it for an hour.

Each process fetches a token of its own. Sharing one through Redis would save a worker one request
an hour, at the price of a bearer secret for the whole Drive lying in the queue's server.
"""

import json
import threading
from pathlib import Path
from typing import Any

from google.auth.exceptions import TransportError
from google.oauth2 import service_account
from google_auth_httplib2 import Request

from errors.google import KeyElsewhere, KeyUnreadable, KeyUnusable
from errors.settings import SecretUnreadable
from files import plain
from workspace.origins import Origins
from workspace.transport import Transport

SCOPES = (
    "https://www.googleapis.com/auth/chat.bot",
    "https://www.googleapis.com/auth/drive",
)


MOST_BYTES = 64 * 1024
"""Of a key file; Google's have less than three thousand."""


class ServiceAccount(service_account.Credentials):  # type: ignore[misc]  # untyped
    """Credentials that fetch one token, however many threads find the old one stale."""

    proxies = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._one_at_a_time = threading.Lock()

    def refresh(self, _request: Any) -> None:
        """Fetch a token over a connection of its own: google-auth's may have no time limit."""
        stale = self.token
        with self._one_at_a_time:
            if self.token is not stale:
                return  # another thread was quicker
            transport = Transport(proxies=self.proxies)
            try:
                super().refresh(Request(transport))
            except OSError as error:
                raise TransportError(error) from error  # what google-auth says of the others
            finally:
                transport.close()


class SimulatedServiceAccount(ServiceAccount):
    """Credentials that know no host but the simulator.

    google-auth asks a host of Google's, hard-coded, where the account may be used from; a demo on
    a connected machine would show that host a made-up account and token. The hook is private: a
    contract test counts the look-ups.
    """

    proxies = False

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


def service_account_from(key_file: Path, origins: Origins) -> ServiceAccount:
    """Read the key file.

    Raises SecretUnreadable if it is another user's, FileRefused if it is no plain file, and
    KeyRefused if it is not there or is not a key for ``origins``.
    """
    kind = SimulatedServiceAccount if origins.simulated else ServiceAccount
    try:
        info = json.loads(plain.read_named(key_file, MOST_BYTES))
        account: ServiceAccount = kind.from_service_account_info(info, scopes=SCOPES)
    except PermissionError as error:
        raise SecretUnreadable.of(key_file) from error
    except OSError as error:
        raise KeyUnreadable(file=key_file, reason=error.strerror) from error
    except (ValueError, AttributeError, RecursionError) as error:  # JSON, but no object
        raise KeyUnusable(file=key_file) from error
    # The file says where its key is shown. A demo key must not go to Google, and no key elsewhere.
    if info["token_uri"] != origins.token_url:
        raise KeyElsewhere(file=key_file, found=info["token_uri"], wanted=origins.token_url)
    return account
