"""The tokens Google's event delivery signs its requests with."""

import time
from typing import Any

from simulator.app_config import AppConfig
from simulator.keys import Keys

_CHAT = "chat@system.gserviceaccount.com"


def token(keys: Keys, app: AppConfig, url: str) -> str:
    """Sign for one request to ``url``."""
    now = int(time.time())
    return keys.sign_event_token({**_identity(app, url), "iat": now, "exp": now + 3600})


def _identity(app: AppConfig, url: str) -> dict[str, Any]:
    if app.wire == "classic" and app.audience == "project-number":
        return {"iss": _CHAT, "aud": app.project_number}
    email = (
        _CHAT
        if app.wire == "classic"
        else f"service-{app.project_number}@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
    )
    return {
        "iss": "https://accounts.google.com",
        "aud": url,
        "sub": "100000000000000000099",
        "azp": "100000000000000000099",
        "email": email,
        "email_verified": True,
    }
