import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth import crypt, jwt

from bot.keys import KeysUnavailable, fetch_certs
from bot.signature import CHAT, Policy, Reason, Signature, SignatureRefused
from tests.event_loop import play

URL = "https://kakari.example.com/chat"
PROJECT = "123456789012"
ADDON_EMAIL = f"service-{PROJECT}@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
GOOGLE = "https://accounts.google.com"


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Google, in a test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return signed.public_bytes(Encoding.PEM).decode()


class Pair:
    """One of Google's key pairs, with the tokens it signs."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = certificate(key)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.signer = crypt.RSASigner.from_string(pem, key_id)

    def token(self, **claims: Any) -> str:
        """Return a header with an add-on's token; claims given as None are left out."""
        now = int(time.time())
        said = {
            "iss": GOOGLE,
            "aud": URL,
            "email": ADDON_EMAIL,
            "email_verified": True,
            "iat": now - 5,
            "exp": now + 3600,
        }
        said = {key: value for key, value in (said | claims).items() if value is not None}
        return f"Bearer {jwt.encode(self.signer, said).decode()}"


OLD, NEW, STRANGER = Pair("old"), Pair("new"), Pair("old")


class CertsServer:
    """Google's page of certificates, which a test may change, break and count visits to."""

    def __init__(self) -> None:
        self.certs: Mapping[str, Any] = {"old": OLD.certificate}
        self.status = 200
        self.headers = {"Cache-Control": "public, max-age=3600"}
        self.visits = 0
        self.pause = 0.0
        """Seconds between its bytes."""
        outer = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.visits += 1
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                body = json.dumps(outer.certs).encode()
                if not outer.pause:
                    self.wfile.write(body)
                    return
                with suppress(ConnectionError):  # whoever asked went away
                    for byte in body:
                        self.wfile.write(bytes([byte]))
                        time.sleep(outer.pause)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self._server.server_port}/certs"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def google(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[CertsServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = CertsServer()
    yield server
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signature(google: CertsServer, clock: Clock) -> Signature:
    policies = [
        Policy.addon([URL, f"{URL}/added"], PROJECT, google.url),
        Policy.classic(PROJECT, google.url),
    ]
    return Signature(policies, clock=clock)


def refused(signature: Signature, header: str | None) -> str:
    with pytest.raises(SignatureRefused) as error:
        signature.check(header)
    return str(error.value)


class TestAddon:
    def test_our_own_project_s_token_is_believed(self, signature: Signature) -> None:
        claims = signature.check(OLD.token())
        assert (claims.issuer, claims.audience, claims.email) == (GOOGLE, URL, ADDON_EMAIL)

    def test_each_of_our_urls_is_an_audience(self, signature: Signature) -> None:
        assert signature.check(OLD.token(aud=f"{URL}/added")).audience == f"{URL}/added"

    def test_the_issuer_may_be_written_without_https(self, signature: Signature) -> None:
        assert signature.check(OLD.token(iss="accounts.google.com"))

    def test_a_token_that_does_not_say_whether_its_e_mail_is_verified_is_believed(
        self, signature: Signature
    ) -> None:
        assert signature.check(OLD.token(email_verified=None))

    @pytest.mark.parametrize(
        ("claims", "reason"),
        [
            ({"aud": f"{URL}/"}, "audience"),
            ({"aud": "http://kakari.example.com/chat"}, "audience"),
            ({"aud": PROJECT}, "audience"),
            ({"aud": [URL]}, "audience"),
            ({"aud": None}, "audience"),
            ({"email": ADDON_EMAIL.replace("123", "999")}, "email"),
            ({"email": CHAT}, "email"),
            ({"email": ADDON_EMAIL.upper()}, "email"),
            ({"email": [ADDON_EMAIL]}, "email"),
            ({"email": None}, "email"),
            ({"email_verified": False}, "email"),
            ({"iss": "https://accounts.example.com"}, "issuer"),
            ({"iss": None}, "issuer"),
            ({"iss": {}}, "issuer"),
        ],
    )
    def test_anybody_else_s_token_is_refused(
        self, signature: Signature, claims: dict[str, Any], reason: str
    ) -> None:
        assert reason in refused(signature, OLD.token(**claims))


class TestClassic:
    def test_a_token_for_our_project_number_is_believed(self, signature: Signature) -> None:
        token = OLD.token(iss=CHAT, aud=PROJECT, email=None, email_verified=None)
        assert signature.check(token).issuer == CHAT

    def test_a_token_for_another_project_is_refused(self, signature: Signature) -> None:
        assert "audience" in refused(signature, OLD.token(iss=CHAT, aud="1", email=None))

    def test_a_token_for_our_url_is_refused_because_any_project_can_have_one(
        self, signature: Signature
    ) -> None:
        assert "email" in refused(signature, OLD.token(email=CHAT))

    def test_a_token_for_our_url_is_believed_where_a_policy_says_so(
        self, google: CertsServer
    ) -> None:
        by_url = Policy((GOOGLE,), (URL,), (CHAT,), google.url)
        signature = Signature([Policy.addon([URL], PROJECT, google.url), by_url])
        assert signature.check(OLD.token(email=CHAT)).email == CHAT
        assert signature.check(OLD.token()).email == ADDON_EMAIL


class TestTime:
    @pytest.mark.parametrize(
        ("issued", "expires"), [(-3600, -8), (8, 3600)], ids=["just over", "just about to begin"]
    )
    def test_clocks_may_differ_by_ten_seconds(
        self, signature: Signature, issued: int, expires: int
    ) -> None:
        now = int(time.time())
        assert signature.check(OLD.token(iat=now + issued, exp=now + expires))

    @pytest.mark.parametrize(
        ("issued", "expires"), [(-3600, -30), (30, 3600)], ids=["expired", "not yet valid"]
    )
    def test_a_token_is_believed_only_while_it_lasts(
        self, signature: Signature, issued: int, expires: int
    ) -> None:
        now = int(time.time())
        assert "time" in refused(signature, OLD.token(iat=now + issued, exp=now + expires))

    @pytest.mark.parametrize("claims", [{"exp": None}, {"iat": None}, {"exp": "later"}])
    def test_a_token_without_its_times_is_refused(
        self, signature: Signature, claims: dict[str, Any]
    ) -> None:
        refused(signature, OLD.token(**claims))


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def forged(header: object) -> str:
    now = int(time.time())
    claims = {"iss": GOOGLE, "aud": URL, "email": ADDON_EMAIL, "iat": now, "exp": now + 60}
    return f"Bearer {segment(header)}.{segment(claims)}.{segment('signature')}"


MARK = "c2VjcmV0LXRva2Vu"


class TestForgery:
    def test_a_signature_by_another_key_is_refused(self, signature: Signature) -> None:
        assert "signature" in refused(signature, STRANGER.token())

    def test_claims_changed_after_signing_are_refused(self, signature: Signature) -> None:
        genuine = OLD.token(exp=int(time.time()) - 60).split(".")
        longer = jwt.decode(OLD.token().removeprefix("Bearer "), verify=False)
        assert "signature" in refused(signature, f"{genuine[0]}.{segment(longer)}.{genuine[2]}")

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "none", "kid": "old"},
            {"alg": "HS256", "kid": "old"},
            {"alg": "ES256", "kid": "old"},
            {"alg": "RS256"},
            {"alg": "RS256", "kid": ["old"]},
            {"alg": ["RS256"], "kid": "old"},
            [],
            7,
        ],
    )
    def test_only_rs256_with_a_key_id_is_looked_at(
        self, signature: Signature, header: object
    ) -> None:
        refused(signature, forged(header))

    @pytest.mark.parametrize(
        "header",
        [
            None,
            "",
            "Bearer",
            "Bearer ",
            "Basic YWxpY2U6cGFzcw==",
            "Bearer not-a-token",
            "Bearer a.b.c",
            "Bearer ...",
            "Bearer ä.ö.ü",
            "Bearer \ud800.a.b",
            f"Bearer {'a' * 9_000}",
            f"Bearer {base64.b64encode(b'[' * 5_000).decode()}.e30.AA",
            f"Bearer {segment({'alg': 'RS256', 'kid': 'old'})}.{segment([])}.AA",
        ],
    )
    def test_garbage_is_refused_without_asking_for_keys(
        self, signature: Signature, google: CertsServer, header: str | None
    ) -> None:
        refused(signature, header)
        assert google.visits == 0

    @pytest.mark.parametrize(
        "token",
        [
            f"{MARK}.{MARK}.{MARK}",
            MARK,
            forged({"alg": MARK, "kid": MARK})[7:],
            OLD.token(iss=MARK)[7:],
            OLD.token(aud=MARK)[7:],
            OLD.token(email=MARK)[7:],
            OLD.token(exp=MARK)[7:],
            f"{segment({'alg': 'RS256', 'kid': MARK})}.{OLD.token()[7:].partition('.')[2]}",
            f"{OLD.token()[7:].rpartition('.')[0]}.{MARK}",
            f"e30.{base64.b64encode(MARK.encode()).decode()}.AA",
        ],
    )
    def test_a_refusal_tells_nothing_that_a_stranger_wrote(
        self, signature: Signature, token: str
    ) -> None:
        with pytest.raises(SignatureRefused) as error:
            signature.check(f"Bearer {token}")
        assert error.value.reason in Reason
        assert MARK not in str(error.value)
        assert error.value.__cause__ is None

    def test_a_token_for_somebody_else_does_not_make_us_ask_for_keys(
        self, signature: Signature, google: CertsServer
    ) -> None:
        refused(signature, NEW.token(aud="https://elsewhere.example.com"))
        assert google.visits == 0


class TestKeys:
    def test_they_are_fetched_once_and_kept_as_long_as_google_says(
        self, signature: Signature, google: CertsServer, clock: Clock
    ) -> None:
        signature.check(OLD.token())
        clock.now += 3599
        signature.check(OLD.token())
        assert google.visits == 1
        clock.now += 2
        signature.check(OLD.token())
        assert google.visits == 2

    @pytest.mark.parametrize(
        ("cache_control", "kept"),
        [("max-age=0", 60), ("no-cache", 60), ("max-age=99999999", 86_400)],
    )
    def test_they_are_kept_for_a_minute_at_least_and_a_day_at_most(
        self,
        signature: Signature,
        google: CertsServer,
        clock: Clock,
        cache_control: str,
        kept: float,
    ) -> None:
        google.headers = {"Cache-Control": cache_control}
        signature.check(OLD.token())
        clock.now += kept - 1
        signature.check(OLD.token())
        assert google.visits == 1
        clock.now += 2
        signature.check(OLD.token())
        assert google.visits == 2

    def test_a_new_key_is_found_at_once(self, signature: Signature, google: CertsServer) -> None:
        signature.check(OLD.token())
        google.certs = {"new": NEW.certificate}
        signature.check(NEW.token())
        refused(signature, OLD.token())

    def test_invented_key_ids_cause_one_fetch_in_five_minutes(
        self, signature: Signature, google: CertsServer, clock: Clock
    ) -> None:
        signature.check(OLD.token())
        for _ in range(5):
            assert "key_id" in refused(signature, NEW.token())
        assert google.visits == 2
        clock.now += 301
        refused(signature, NEW.token())
        assert google.visits == 3

    def test_the_last_good_keys_stay_while_google_cannot_be_asked(
        self, signature: Signature, google: CertsServer, clock: Clock
    ) -> None:
        signature.check(OLD.token())
        google.stop()
        clock.now += 4000
        signature.check(OLD.token())
        with pytest.raises(KeysUnavailable):
            signature.check(NEW.token())
        clock.now += 2 * 86_400
        with pytest.raises(KeysUnavailable):
            signature.check(OLD.token())

    @pytest.mark.parametrize(
        "page",
        [
            {"status": 500},
            {"status": 302, "headers": {"Location": "/elsewhere"}},
            {"certs": []},
            {"certs": {}},
            {"certs": {"old": 7}},
            {"certs": {"old": "no certificate"}},
            {"certs": {"old": certificate(ec.generate_private_key(ec.SECP256R1()))}},
            {"certs": {"old": OLD.certificate, "padding": "x" * 100_000}},
        ],
    )
    def test_a_page_that_holds_no_certificates_is_no_answer(
        self, signature: Signature, google: CertsServer, page: dict[str, Any]
    ) -> None:
        vars(google).update(page)
        with pytest.raises(KeysUnavailable):
            signature.check(OLD.token())

    def test_a_broken_page_is_tried_again_a_little_later(
        self, signature: Signature, google: CertsServer, clock: Clock
    ) -> None:
        google.status = 503
        for _ in range(3):
            with pytest.raises(KeysUnavailable):
                signature.check(OLD.token())
        assert google.visits == 1
        google.status = 200
        clock.now += 6
        signature.check(OLD.token())

    def test_only_one_of_many_threads_fetches(
        self, signature: Signature, google: CertsServer
    ) -> None:
        believed: list[object] = []
        together(8, lambda: believed.append(signature.check(OLD.token())))
        assert (len(believed), google.visits) == (8, 1)

    def test_stale_keys_serve_everybody_else_while_one_thread_fetches(self, clock: Clock) -> None:
        fetching, go_on = threading.Event(), threading.Event()
        go_on.set()

        def slow(_url: str) -> tuple[Mapping[str, str], float]:
            fetching.set()
            assert go_on.wait(10)
            return {"old": OLD.certificate}, 60.0

        signature = Signature(
            [Policy.addon([URL], PROJECT, "https://certs.example")], fetch=slow, clock=clock
        )
        signature.check(OLD.token())
        clock.now += 61
        fetching.clear()
        go_on.clear()
        fetcher = threading.Thread(target=signature.check, args=(OLD.token(),))
        fetcher.start()
        assert fetching.wait(10)
        assert signature.check(OLD.token())
        assert fetcher.is_alive()
        go_on.set()
        fetcher.join()

    def test_a_fetch_that_hangs_holds_up_strangers_alone_and_those_not_for_ever(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go_on = threading.Event()
        fetches: list[str] = []

        def hanging(url: str) -> tuple[Mapping[str, str], float]:
            fetches.append(url)
            assert len(fetches) == 1 or go_on.wait(10)
            return {"old": OLD.certificate}, 3600.0

        policy = Policy.addon([URL], PROJECT, "https://certs.example")
        signature = Signature([policy], fetch=hanging, clock=clock)

        async def story() -> None:
            await signature.check_soon(OLD.token())
            monkeypatch.setattr("bot.signature.FETCH_SECONDS", 0.5)
            unknown = [NEW.token() for _ in range(50)]
            threads = threading.active_count()
            strangers = [asyncio.create_task(signature.check_soon(token)) for token in unknown]
            await asyncio.sleep(0)
            assert threading.active_count() == threads + 1
            for _ in range(10):
                await asyncio.wait_for(signature.check_soon(OLD.token()), 0.2)
            assert not any(stranger.done() for stranger in strangers)
            ends = await asyncio.gather(*strangers, return_exceptions=True)
            assert {type(end) for end in ends} == {KeysUnavailable}

        play(story())
        assert len(fetches) == 2
        go_on.set()

    def test_the_first_to_come_after_a_long_silence_is_not_believed_on_old_keys(
        self, signature: Signature, google: CertsServer, clock: Clock
    ) -> None:
        signature.check(OLD.token())
        google.certs = {"new": NEW.certificate}  # as if the old one had been stolen
        clock.now += 3601
        assert "key_id" in refused(signature, OLD.token())

    def test_a_page_that_trickles_in_is_not_read_to_its_end(
        self, google: CertsServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        google.pause = 0.02
        monkeypatch.setattr("bot.keys.FETCH_SECONDS", 0.3)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            fetch_certs(google.url)
        assert time.monotonic() - began < 3
        google.pause = 0.0
        assert fetch_certs(google.url) == ({"old": OLD.certificate}, 3600.0)


SECRET = "himitsu-4711"


@pytest.mark.parametrize(
    "header",
    [
        *(OLD.token(**{claim: SECRET}) for claim in ("iss", "aud", "email", "exp", "iat")),
        OLD.token(iss=CHAT, aud=SECRET),
        forged({"alg": SECRET, "kid": "old"}),
        forged({"alg": "RS256", "kid": SECRET}),
        forged(SECRET),
        f"Bearer {SECRET}",
        f"Bearer {SECRET}.{SECRET}.{SECRET}",
        f"Bearer {SECRET}\N{HIRAGANA LETTER A}",
        f"{SECRET} {SECRET}",
        SECRET,
        SECRET * 1000,
    ],
)
def test_a_refusal_which_is_logged_says_nothing_of_the_token(
    signature: Signature, header: str
) -> None:
    assert SECRET not in refused(signature, header)


def together(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
