"""Whether a request comes from Google Chat, and from our own app in it.

Google signs each request with a token in the ``Authorization`` header:
https://developers.google.com/workspace/chat/verify-requests-from-chat
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from errors import KakariError

CHAT: Final = "chat@system.gserviceaccount.com"

HEADER_CAP: Final = 8_192
"""Characters of an ``Authorization`` header. Google's have about 1,200."""
SKEW_SECONDS: Final = 10
FETCH_TIMEOUT: Final = (3.0, 3.0)
"""Seconds to connect and between bytes: Chat gives up on the whole answer after 30."""
CERTS_CAP: Final = 65_536
MIN_AGE, MAX_AGE = 60.0, 86_400.0
KEEP_SECONDS: Final = 86_400.0
"""How long keys past their age are still good while Google cannot be asked for newer ones."""
RETRY_SECONDS: Final = 5.0
REASONS = ("Token expired", "Token used too early", "Could not verify token signature")
"""How what google-auth says of a token begins, where it tells an operator something."""

Fetch = Callable[[str], tuple[Mapping[str, str], float]]
"""From a URL: PEM certificates by key id, and the seconds they may be kept.

Raises OSError or ValueError where there are none to be had.
"""


class SignatureRefused(KakariError):
    """This request does not come from this app’s Google Chat: {reason}."""

    ja: ClassVar[str] = (
        "このリクエストは、このアプリの Google Chat からのものではありません（{reason}）。"
    )


class KeysUnavailable(KakariError):
    """Google’s keys cannot be fetched just now, so nothing can be said of this request."""

    ja: ClassVar[str] = "Google の公開鍵を取得できないため、リクエストを確認できません。"
    permanent = False


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
            url: _Keys(url, fetch or fetch_certs, clock, rotation_interval)
            for url in {policy.certs_url for policy in policies}
        }

    def check(self, authorization: str | None) -> Claims:
        """Return what the header's token says, if it can be believed.

        Raises SignatureRefused, whose reason is for the log alone and holds nothing of the token,
        or KeysUnavailable.
        """
        token = _bearer(authorization)
        try:
            return self._believed(token)
        except (GoogleAuthError, ValueError, TypeError, RecursionError) as error:
            # google-auth's own errors and, for a token that is no token, whatever its parts cause.
            raise SignatureRefused(reason=_reason(error)) from error

    def _believed(self, token: str) -> Claims:
        header = jwt.decode_header(token)
        key_id = header.get("kid")
        # The algorithm is ours to choose, not the sender's ("none", or HS256 with our public key).
        if header.get("alg") != "RS256" or not isinstance(key_id, str):
            raise SignatureRefused(reason="not RS256 with a key id")
        # Nothing is believed yet: what the token says only finds the policy, and so the keys,
        # that it must then stand up to. A stranger's token is turned away without a fetch.
        policy = self._policy_for(jwt.decode(token, verify=False))
        claims = jwt.decode(
            token,
            certs=self._keys[policy.certs_url].with_key(key_id),
            audience=list(policy.audiences),
            clock_skew_in_seconds=SKEW_SECONDS,
        )
        return Claims(claims["iss"], claims["aud"], claims.get("email"))

    def _policy_for(self, claims: Mapping[str, Any]) -> Policy:
        issuer, audience, email = claims.get("iss"), claims.get("aud"), claims.get("email")
        issued = [policy for policy in self._policies if issuer in policy.issuers]
        if not issued:
            raise SignatureRefused(reason="issuer")
        addressed = [policy for policy in issued if audience in policy.audiences]
        if not addressed:
            raise SignatureRefused(reason="audience")
        # Absent is fine, Google has sent tokens without it.
        if claims.get("email_verified") is False:
            raise SignatureRefused(reason="e-mail not verified")
        for policy in addressed:
            if policy.emails is None or email in policy.emails:
                return policy
        raise SignatureRefused(reason="e-mail")


def _reason(error: Exception) -> str:
    """Return what google-auth says, without what it says of the token."""
    said = (words for words in REASONS if str(error).startswith(words))
    return next(said, type(error).__name__)


def _bearer(authorization: str | None) -> str:
    if authorization is None:
        raise SignatureRefused(reason="no Authorization header")
    if len(authorization) > HEADER_CAP:
        raise SignatureRefused(reason="Authorization header too long")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignatureRefused(reason="no Bearer token")
    return token.strip()


class _Keys:
    """The public keys behind one URL, fetched by one thread at a time and seldom.

    google-auth fetches them anew for every token and waits two minutes for them, so they are kept
    here, as long as Google says. Stale ones stay in use while another thread fetches, or while
    Google cannot be reached. A key id that is not among them may be a new key of Google's, or
    anyone's invention: it is looked up, but only once in a while.
    """

    def __init__(
        self, url: str, fetch: Fetch, clock: Callable[[], float], rotation_interval: float
    ) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._rotation_interval = rotation_interval
        self._lock = threading.Lock()
        self._keys: Mapping[str, bytes] = {}
        self._failed = False
        self._fresh_until = self._kept_until = self._next_look = clock()

    def with_key(self, key_id: str) -> Mapping[str, bytes]:
        """Return the keys, this one among them; raises SignatureRefused, KeysUnavailable."""
        if self._is_due(key_id) and self._lock.acquire(blocking=key_id not in self._keys):
            try:
                if self._is_due(key_id):  # no other thread has been there meanwhile
                    self._refresh()
            finally:
                self._lock.release()
        keys = self._keys
        if key_id in keys:
            return keys
        if self._failed:
            raise KeysUnavailable
        raise SignatureRefused(reason="key id is none of Google's")

    def _is_due(self, key_id: str) -> bool:
        now = self._clock()
        return now >= self._fresh_until or (key_id not in self._keys and now >= self._next_look)

    def _refresh(self) -> None:
        early = self._clock() < self._fresh_until
        try:
            certs, max_age = self._fetch(self._url)
            keys = _public_keys(certs)
        except (OSError, ValueError):
            self._failed = True
            self._fresh_until = self._clock() + RETRY_SECONDS
            self._next_look = max(self._next_look, self._fresh_until)
            if self._clock() >= self._kept_until:
                self._keys = {}
            return
        now = self._clock()
        self._failed = False
        self._keys = keys
        self._fresh_until = now + min(max(max_age, MIN_AGE), MAX_AGE)
        self._kept_until = self._fresh_until + KEEP_SECONDS
        if early:
            self._next_look = now + self._rotation_interval


def _public_keys(certs: Mapping[str, str]) -> dict[str, bytes]:
    """Take the RSA keys out of the certificates, once, so that no check has to parse those."""
    keys = {key_id: load_pem_x509_certificate(pem.encode()) for key_id, pem in certs.items()}
    public = {key_id: certificate.public_key() for key_id, certificate in keys.items()}
    found = {
        key_id: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for key_id, key in public.items()
        if isinstance(key, RSAPublicKey)
    }
    if not found:
        raise ValueError("no RSA certificate")
    return found


def fetch_certs(url: str) -> tuple[Mapping[str, str], float]:
    """Fetch certificates by HTTP, as a ``Fetch`` does."""
    body = bytearray()
    with requests.get(url, timeout=FETCH_TIMEOUT, stream=True, allow_redirects=False) as response:
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(f"status {response.status_code}", response=response)
        for part in response.iter_content(8_192):
            body += part
            if len(body) > CERTS_CAP:
                raise ValueError("more certificates than Google has")
        max_age = re.search(r"max-age=(\d{1,9})", response.headers.get("Cache-Control", ""))
    certs = json.loads(body)
    if not isinstance(certs, dict) or not all(isinstance(pem, str) for pem in certs.values()):
        raise ValueError("not a map of certificates")
    return certs, float(max_age[1]) if max_age else MIN_AGE
