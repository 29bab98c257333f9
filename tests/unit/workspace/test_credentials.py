import json

import pytest

from errors.google import KeyRefused
from workspace.credentials import service_account_from
from workspace.origins import Origins


@pytest.fixture
def key(private_key_pem):
    return {
        "type": "service_account",
        "private_key_id": "1",
        "private_key": private_key_pem,
        "client_email": "kakari@office.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.fixture
def key_file(tmp_path, key):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key))
    return path


def test_a_key_of_googles_opens_google(key_file):
    account = service_account_from(key_file, Origins.google())

    assert account.service_account_email == "kakari@office.iam.gserviceaccount.com"


def test_a_key_is_never_shown_anywhere_but_where_it_belongs(key_file):
    with pytest.raises(KeyRefused, match="KAKARI_GOOGLE_KEY_FILE"):
        service_account_from(key_file, Origins.simulator("http://127.0.0.1:1"))


def test_a_demo_key_is_not_shown_to_google(key_file, key):
    key_file.write_text(json.dumps(key | {"token_uri": "http://127.0.0.1:1/token"}))

    with pytest.raises(KeyRefused):
        service_account_from(key_file, Origins.google())


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "{}", '{"private_key": "x"}'])
def test_a_file_that_is_no_key_is_refused_in_one_sentence(key_file, text):
    key_file.write_text(text)

    with pytest.raises(KeyRefused):
        service_account_from(key_file, Origins.google())


def test_a_missing_file_is_refused_in_the_same_sentence(tmp_path):
    with pytest.raises(KeyRefused):
        service_account_from(tmp_path / "nowhere.json", Origins.google())
