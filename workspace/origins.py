"""Where Google is. Nothing else in the code knows a Google URL."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from errors.settings import SettingsError

# A service of the same compose file is named without a dot, and never like a number.
COMPOSE_SERVICE = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True)
class Origins:
    """The addresses of one Google: the real one or a simulator's."""

    token_url: str
    """Where a service account's key is exchanged for an access token."""
    oidc_certs_url: str
    """Certificates of tokens whose audience is a URL, as a map of key id to x509."""
    chat_certs_url: str
    """Certificates of tokens whose audience is a project number, in the same form."""
    sheets_url: str
    """Where the Sheets API's spreadsheets are; the other APIs' clients know their own address."""
    drive_file_url: str
    """Where people find a file in Drive, with ``{file}``."""
    discovery_url: str | None = None
    """Where the API descriptions are, with ``{api}`` and ``{apiVersion}``; None: in the client."""

    @classmethod
    def google(cls) -> "Origins":
        return cls(
            token_url="https://oauth2.googleapis.com/token",  # noqa: S106  # an address
            oidc_certs_url="https://www.googleapis.com/oauth2/v1/certs",
            chat_certs_url="https://www.googleapis.com/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
            sheets_url="https://sheets.googleapis.com/v4/spreadsheets",
            drive_file_url="https://drive.google.com/file/d/{file}/view",
        )

    @classmethod
    def simulator(cls, origin: str) -> "Origins":
        """Return the addresses of a simulator at ``origin``, such as ``http://127.0.0.1:8085``.

        Whoever says where Google is says whose signatures count. So a simulator is believed only
        on this machine or inside one compose network. Raises SettingsError for any other place.
        """
        _must_be_near(origin)
        origin = origin.rstrip("/")
        return cls(
            token_url=f"{origin}/token",
            oidc_certs_url=f"{origin}/oauth2/v1/certs",
            chat_certs_url=f"{origin}/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
            sheets_url=f"{origin}/v4/spreadsheets",
            drive_file_url=f"{origin}/#drive/{{file}}",
            discovery_url=f"{origin}/discovery/v1/apis/{{api}}/{{apiVersion}}/rest",
        )

    @property
    def simulated(self) -> bool:
        return self.discovery_url is not None


def _must_be_near(origin: str) -> None:
    try:
        url = urlsplit(origin)
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise SettingsError(problem=f"{origin} is not an address") from None
    plain = f"{url.scheme}://{url.netloc}" == origin.rstrip("/") and "@" not in url.netloc
    if not (
        plain and url.scheme == "http" and (_is_loopback(host) or COMPOSE_SERVICE.fullmatch(host))
    ):
        raise SettingsError(
            problem=f"a simulator is reached at http://127.0.0.1:<port> or by its name in the compose file, not at {origin}"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
