"""Whether a request comes from Google Chat, and from our own app in it.

Google signs each request with a token in the ``Authorization`` header:
https://developers.google.com/workspace/chat/verify-requests-from-chat
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError, InvalidValue, MalformedError

from bot.keys import FETCH_SECONDS, Fetch, Fetching, Keys, KeysUnavailable, UnknownKey, fetch_certs
from errors import KakariError

CHAT: Final = "chat@system.gserviceaccount.com"

HEADER_CAP: Final = 8_192
"""Characters of an ``Authorization`` header. Google's have about 1,200."""
SKEW_SECONDS: Final = 10


class Reason(StrEnum):
    """Why a token is not believed. Anybody may send one, so a log gets no word of it but these."""

    MISSING = "no_token"
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EMAIL = "email"
    KEY = "key_id"
    SIGNATURE = "signature"
    TIME = "time"


class SignatureRefused(KakariError):
    """This request does not come from this app’s Google Chat: {reason}."""

    ja: ClassVar[str] = (
        "このリクエストは、このアプリの Google Chat からのものではありません（{reason}）。"
    )

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose tokens are believed, for which audience. Everything is compared to the letter.

    A classic app may also have its tokens made out to its URL instead of its project number. Such
    a token does not say which project sends: any Chat app that is pointed at our URL gets one. So
    there is no short way to that policy; who wants it writes it out, with ``CHAT`` as the e-mail.
    """

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    emails: tuple[str, ...] | None
    """None where the issuer alone says who it is."""
    certs_url: str

    @classmethod
    def addon(cls, endpoint_urls: Sequence[str], project_number: str, certs_url: str) -> "Policy":
        """Believe the add-on framework where it speaks for this project.

        The audience is the URL that was called, as it was typed into the configuration or stands
        in a button's ``function``: behind a proxy the request's own URL does not tell it.
        """
        return cls(
            issuers=("https://accounts.google.com", "accounts.google.com"),
            audiences=tuple(endpoint_urls),
            # Any add-on of any customer is gcp-sa-gsuiteaddons; only the number makes it ours.
            emails=(f"service-{project_number}@gcp-sa-gsuiteaddons.iam.gserviceaccount.com",),
            certs_url=certs_url,
        )

    @classmethod
    def classic(cls, project_number: str, certs_url: str) -> "Policy":
        """Believe Chat itself where it addresses this project by its number."""
        return cls(issuers=(CHAT,), audiences=(project_number,), emails=None, certs_url=certs_url)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a checked token says, as far as anyone asks."""

    issuer: str
    audience: str
    email: str | None


class Signature:
    """Checks requests against the policies. Threads may share one; each set of keys is too."""

    def __init__(
        self,
        policies: Sequence[Policy],
        fetch: Fetch | None = None,
        clock: Callable[[], float] = time.monotonic,
        rotation_interval: float = 300.0,
    ) -> None:
        self._policies = tuple(policies)
        self._keys = {
            url: Keys(url, fetch or fetch_certs, clock, rotation_interval)
            for url in {policy.certs_url for policy in policies}
        }

    def check(self, authorization: str | None) -> Claims:
        """Return what the header's token says, if it can be believed.

        Waits where keys have to be fetched. Raises SignatureRefused or KeysUnavailable.
        """
        token = _bearer(authorization)
        patience = time.monotonic() + FETCH_SECONDS
        while True:
            try:
                return self._claims(token)
            except Fetching as fetching:
                wait([fetching.future], _remaining(patience))

    async def check_soon(self, authorization: str | None) -> Claims:
        """Do as ``check`` does, and let other tasks run while keys are fetched."""
        token = _bearer(authorization)
        patience = time.monotonic() + FETCH_SECONDS
        while True:
            try:
                return self._claims(token)
            except Fetching as fetching:
                future = asyncio.wrap_future(fetching.future)
                await asyncio.wait([future], timeout=_remaining(patience))

    def _claims(self, token: str) -> Claims:
        try:
            return self._believed(token)
        except InvalidValue:  # the signature stands, the audience is the policy's
            raise SignatureRefused(reason=Reason.TIME) from None
        except (GoogleAuthError, ValueError, TypeError, RecursionError):
            # google-auth's own errors and, for a token that is no token, whatever its parts cause.
            raise SignatureRefused(reason=Reason.MALFORMED) from None

    def _believed(self, token: str) -> Claims:
        header = jwt.decode_header(token)
        key_id = header.get("kid")
        # The algorithm is ours to choose, not the sender's ("none", or HS256 with our public key).
        if header.get("alg") != "RS256" or not isinstance(key_id, str):
            raise SignatureRefused(reason=Reason.ALGORITHM)
        # Nothing is believed yet: what the token says only finds the policy, and so the keys,
        # that it must then stand up to. A stranger's token is turned away without a fetch.
        said = jwt.decode(token, verify=False)
        policy = self._policy_for(said)
        if not all(isinstance(said.get(name), int | float) for name in ("iat", "exp")):
            raise SignatureRefused(reason=Reason.TIME)
        try:
            keys = self._keys[policy.certs_url].with_key(key_id)
            claims = jwt.decode(
                token,
                certs=keys,
                audience=list(policy.audiences),
                clock_skew_in_seconds=SKEW_SECONDS,
            )
        except UnknownKey:
            raise SignatureRefused(reason=Reason.KEY) from None
        except MalformedError:  # all else that it calls so has been looked at above
            raise SignatureRefused(reason=Reason.SIGNATURE) from None
        return Claims(claims["iss"], claims["aud"], claims.get("email"))

    def _policy_for(self, claims: Mapping[str, Any]) -> Policy:
        issuer, audience, email = claims.get("iss"), claims.get("aud"), claims.get("email")
        issued = [policy for policy in self._policies if issuer in policy.issuers]
        if not issued:
            raise SignatureRefused(reason=Reason.ISSUER)
        addressed = [policy for policy in issued if audience in policy.audiences]
        if not addressed:
            raise SignatureRefused(reason=Reason.AUDIENCE)
        # Absent is fine, Google has sent tokens without it.
        if claims.get("email_verified") is False:
            raise SignatureRefused(reason=Reason.EMAIL)
        for policy in addressed:
            if policy.emails is None or email in policy.emails:
                return policy
        raise SignatureRefused(reason=Reason.EMAIL)


def _bearer(authorization: str | None) -> str:
    if authorization is None:
        raise SignatureRefused(reason=Reason.MISSING)
    if len(authorization) > HEADER_CAP:
        raise SignatureRefused(reason=Reason.MALFORMED)
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignatureRefused(reason=Reason.MISSING)
    return token.strip()


def _remaining(until: float) -> float:
    """Return the seconds left; raises KeysUnavailable where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise KeysUnavailable
    return left
