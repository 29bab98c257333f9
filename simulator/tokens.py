"""The token endpoint: who is calling, on whose behalf, and what they may ask for.

A service account proves itself with a JWT signed by its key (RFC 7523). Its audience is always
Google's token URL, whatever ``token_uri`` the key file names.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.auth import exceptions, jwt

from simulator.answers import Answer, ApiError, json_answer
from simulator.clock import Clock
from simulator.keys import SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID, Keys

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES = ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"]
LIFETIME = 3600
TOLERANCE = 60
"""Seconds that the clock of whoever asks for a token may be wrong."""


@dataclass(frozen=True)
class Grant:
    """What an access token stands for."""

    subject: str | None
    """The person acted for; None when the service account acts as itself."""
    scopes: frozenset[str]
    expires_at: float

    @property
    def user(self) -> str:
        """The e-mail address of the effective user."""
        return self.subject or SERVICE_ACCOUNT


class Tokens:
    def __init__(self, keys: Keys, is_person: Callable[[str], bool], clock: Clock) -> None:
        self._keys = keys
        self._is_person = is_person
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}

    def exchange(self, form: dict[str, str], origin: str) -> Answer:
        """Give an access token, or an ID token if the assertion names a target audience."""
        try:
            claims = self._claims(form, origin)
            if audience := claims.get("target_audience"):
                return json_answer({"id_token": self._id_token(audience)})
            return json_answer(self._access_token(claims))
        except _Refused as refusal:
            return json_answer(
                {"error": refusal.error, "error_description": refusal.description}, status=400
            )

    def grant(self, authorization: str | None) -> Grant:
        """Whom the Authorization header speaks for; a 401 if for nobody."""
        scheme, _, token = (authorization or "").partition(" ")
        with self._lock:
            grant = self._grants.get(token.strip()) if scheme.lower() == "bearer" else None
        if grant is None or grant.expires_at < time.time():
            raise invalid_credentials()
        return grant

    def _claims(self, form: dict[str, str], origin: str) -> dict[str, Any]:
        if form.get("grant_type") != GRANT_TYPE:
            raise _Refused(
                "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}"
            )
        try:
            claims: dict[str, Any] = jwt.decode(
                form.get("assertion", ""),
                certs=self._keys.service_account.certificates(),
                audience=[*AUDIENCES, f"{origin}/token"],
                clock_skew_in_seconds=TOLERANCE,
            )
        except (ValueError, exceptions.GoogleAuthError) as error:
            raise _Refused("invalid_grant", f"Invalid JWT: {error}") from error
        if not claims["iat"] - TOLERANCE <= self._clock.time() <= claims["exp"] + TOLERANCE:
            raise _Refused(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )
        if claims.get("iss") != SERVICE_ACCOUNT:
            raise _Refused("invalid_grant", "Invalid grant: account not found")
        return claims

    def _access_token(self, claims: dict[str, Any]) -> dict[str, Any]:
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise _Refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        subject = claims.get("sub")
        subject = None if subject == SERVICE_ACCOUNT else subject
        if subject and not self._is_person(subject):
            raise _Refused("invalid_grant", "Invalid email or User ID")
        token = "ya29.sim-" + secrets.token_urlsafe(40)
        now = time.time()
        with self._lock:
            self._grants = {t: grant for t, grant in self._grants.items() if grant.expires_at > now}
            self._grants[token] = Grant(subject, scopes, now + LIFETIME)
        return {"access_token": token, "expires_in": LIFETIME - 1, "token_type": "Bearer"}

    def _id_token(self, audience: str) -> str:
        now = int(time.time())
        return self._keys.google.sign(
            {
                "iss": "https://accounts.google.com",
                "aud": audience,
                "azp": SERVICE_ACCOUNT,
                "sub": SERVICE_ACCOUNT_ID,
                "email": SERVICE_ACCOUNT,
                "email_verified": True,
                "iat": now,
                "exp": now + LIFETIME,
            }
        )


class _Refused(Exception):
    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def invalid_credentials() -> ApiError:
    return ApiError(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        location="Authorization",
        location_type="header",
        headers=[
            ("WWW-Authenticate", 'Bearer realm="https://accounts.google.com/", error=invalid_token')
        ],
        from_front_end=True,
    )


def insufficient_scopes(service: str, method_id: str) -> ApiError:
    return ApiError(
        403,
        "Request had insufficient authentication scopes.",
        reason="insufficientPermissions",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": f"{service}.googleapis.com", "method": method_id},
            }
        ],
        from_front_end=True,
    )
