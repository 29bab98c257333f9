"""Google's public keys, which tell whether Google signed."""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import ClassVar, Final

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from errors import KakariError

FETCH_TIMEOUT: Final = (3.0, 3.0)
"""Seconds to connect and between bytes: Chat gives up on the whole answer after 30."""
FETCH_SECONDS: Final = 8.0
"""How long all of the keys may take to come, and how long a request waits for them."""
CERTS_CAP: Final = 65_536
MIN_AGE, MAX_AGE = 60.0, 86_400.0
KEEP_SECONDS: Final = 86_400.0
"""How long keys past their age are still good while Google cannot be asked for newer ones."""
RETRY_SECONDS: Final = 5.0

Fetch = Callable[[str], tuple[Mapping[str, str], float]]
"""From a URL: PEM certificates by key id, and the seconds they may be kept.

Raises OSError or ValueError where there are none to be had.
"""


class KeysUnavailable(KakariError):
    """Google’s keys cannot be fetched just now, so nothing can be said of this request."""

    ja: ClassVar[str] = "Google の公開鍵を取得できないため、リクエストを確認できません。"
    permanent = False


class UnknownKey(LookupError):
    """None of Google's keys has this id."""


class Fetching(Exception):
    """Keys are on their way, and the one that is asked for may be among them."""

    def __init__(self, future: "Future[None]") -> None:
        self.future = future


class Keys:
    """The public keys behind one URL, fetched by a thread of their own and seldom.

    google-auth fetches them anew for every token and waits two minutes for them, so they are kept
    here, as long as Google says. Stale ones stay in use while newer ones are fetched, or while
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
        self._fetching: Future[None] | None = None
        self._fresh_until = self._kept_until = self._next_look = clock()

    def with_key(self, key_id: str) -> Mapping[str, bytes]:
        """Return the keys, this one among them; never waits.

        Raises Fetching for whoever has to wait or has begun a fetch, so that the first to come
        after a long silence is not believed on old keys; UnknownKey and KeysUnavailable.
        """
        with self._lock:
            now = self._clock()
            known = key_id in self._keys and now < self._kept_until
            due = now >= self._fresh_until or (not known and now >= self._next_look)
            if self._fetching is None and due:
                raise Fetching(self._begin())
            if known:
                return self._keys
            if self._fetching is not None:
                raise Fetching(self._fetching)
            if self._failed:
                raise KeysUnavailable
            raise UnknownKey

    def _begin(self) -> "Future[None]":
        self._fetching = fetching = Future[None]()
        early = self._clock() < self._fresh_until
        threading.Thread(
            target=self._refresh, args=(fetching, early), name="keys", daemon=True
        ).start()
        return fetching

    def _refresh(self, fetching: "Future[None]", early: bool) -> None:
        keys: Mapping[str, bytes] = {}
        max_age = 0.0
        try:
            with suppress(OSError, ValueError):
                certs, max_age = self._fetch(self._url)
                keys = _public_keys(certs)
        finally:
            with self._lock:
                self._settle(keys, max_age, early=early)
                self._fetching = None
            fetching.set_result(None)

    def _settle(self, keys: Mapping[str, bytes], max_age: float, *, early: bool) -> None:
        now = self._clock()
        self._failed = not keys
        if self._failed:
            self._fresh_until = now + RETRY_SECONDS
            self._next_look = max(self._next_look, self._fresh_until)
            return
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
    until = time.monotonic() + FETCH_SECONDS
    with requests.get(url, timeout=FETCH_TIMEOUT, stream=True, allow_redirects=False) as response:
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(f"status {response.status_code}", response=response)
        # Byte by byte: a larger part is waited for, however slowly it trickles in.
        for byte in response.iter_content(1):
            body += byte
            if len(body) > CERTS_CAP:
                raise ValueError("more certificates than Google has")
            if time.monotonic() > until:
                raise TimeoutError
        max_age = re.search(r"max-age=(\d{1,9})", response.headers.get("Cache-Control", ""))
    certs = json.loads(body)
    if not isinstance(certs, dict) or not all(isinstance(pem, str) for pem in certs.values()):
        raise ValueError("not a map of certificates")
    return certs, float(max_age[1]) if max_age else MIN_AGE
