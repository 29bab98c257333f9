"""Who gets a token, and what the token opens."""

import time

import pytest
import requests
from google.auth import crypt, jwt
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from googleapiclient.errors import HttpError

from simulator.keys import SERVICE_ACCOUNT, Keys
from simulator.office import ALICE, PROJECTS_SPACE

CHAT_BOT = "https://www.googleapis.com/auth/chat.bot"


def exchange(simulator, signed_by: Keys, **claims) -> requests.Response:
    now = int(time.time())
    pair = signed_by.service_account
    signer = crypt.RSASigner.from_string(pair.private_pem, pair.key_id)
    assertion = jwt.encode(
        signer,
        {
            "iss": SERVICE_ACCOUNT,
            "aud": "https://oauth2.googleapis.com/token",
            "scope": CHAT_BOT,
            "iat": now,
            "exp": now + 3600,
        }
        | claims,
    )
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return requests.post(simulator.origin + "/token", form, timeout=10)


def test_a_genuine_assertion_gets_a_bearer_token(simulator):
    answer = exchange(simulator, simulator.world.keys).json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3599


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"scope": ""}, "invalid_scope"),
        ({"iss": "somebody@else.example"}, "invalid_grant"),
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant"),
        ({"iat": 1, "exp": 2}, "invalid_grant"),
        ({"sub": "nobody@fuji-kanagata.example"}, "invalid_grant"),
    ],
)
def test_an_assertion_that_is_not_in_order_is_refused(simulator, claims, error):
    answer = exchange(simulator, simulator.world.keys, **claims)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_assertion_from_a_machine_whose_clock_is_far_ahead_is_refused(simulator):
    for behind, status in ((30, 200), (300, 400)):
        simulator.world.clock.ahead = -behind
        assert exchange(simulator, simulator.world.keys).status_code == status


def test_an_assertion_signed_by_another_key_is_refused(simulator):
    answer = exchange(simulator, Keys())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_another_grant_type_is_refused(simulator):
    answer = requests.post(simulator.origin + "/token", {"grant_type": "password"}, timeout=10)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_a_person_nobody_knows_cannot_be_acted_for(credentials):
    with requests.Session() as session, pytest.raises(RefreshError, match="Invalid email"):
        credentials(subject="nobody@fuji-kanagata.example").refresh(Request(session=session))


def test_listing_messages_with_the_bot_scope_alone_is_refused_as_google_does(messages):
    with pytest.raises(HttpError) as caught:
        messages.list(parent=PROJECTS_SPACE.name).execute()
    assert caught.value.status_code == 403
    assert "Request had insufficient authentication scopes." in str(caught.value)
    detail = caught.value.error_details[0]
    assert detail["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_the_drive_refusal_for_missing_scopes_carries_reason_and_status(simulator, credentials):
    token = credentials([CHAT_BOT])
    with requests.Session() as session:
        token.refresh(Request(session=session))
        answer = session.get(
            simulator.origin + "/drive/v3/files",
            headers={"Authorization": f"Bearer {token.token}"},
        )
    error = answer.json()["error"]
    assert answer.status_code == 403
    assert error["errors"][0]["reason"] == "insufficientPermissions"
    assert error["status"] == "PERMISSION_DENIED"


def test_a_call_without_a_token_is_unauthenticated(simulator):
    answer = requests.get(simulator.origin + "/v1/spaces", timeout=10)
    assert answer.status_code == 401
    assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_renewed_by_the_client(simulator, chat):
    url = f"{simulator.origin}/_sim/faults"
    fault = {"method": "chat.spaces.get", "kind": "expired-token", "times": 1}
    requests.post(url, json={"faults": [fault]}, timeout=10)
    assert chat.spaces().get(name=PROJECTS_SPACE.name).execute()["displayName"] == "案件"


def test_certificates_may_be_cached(simulator):
    for path in (
        "/oauth2/v1/certs",
        "/service_accounts/v1/metadata/x509/chat@system.gserviceaccount.com",
    ):
        answer = requests.get(simulator.origin + path, timeout=10)
        assert "max-age=" in answer.headers["Cache-Control"]
        assert all(cert.startswith("-----BEGIN CERT") for cert in answer.json().values())


def test_the_log_names_the_effective_user(simulator, service):
    service("chat", subject=ALICE.email).spaces().list().execute()
    assert simulator.world.calls.to_json()[-1]["subject"] == ALICE.email
