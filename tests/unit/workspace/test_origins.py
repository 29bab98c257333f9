import pytest

from errors.settings import SettingsError
from workspace.origins import Origins


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:8085",
        "http://127.0.0.1:8085/",
        "http://localhost:8085",
        "http://[::1]:8085",
        "http://simulator:8085",
    ],
)
def test_a_simulator_on_this_machine_or_in_the_compose_network_is_believed(origin):
    origins = Origins.simulator(origin)

    assert origins.simulated
    assert origins.token_url == origin.rstrip("/") + "/token"
    assert "{api}" in origins.discovery_url


@pytest.mark.parametrize(
    "origin",
    [
        "http://simulator.example.com",
        "http://192.168.1.20:8085",
        "https://127.0.0.1:8085",
        "https://www.googleapis.com",
        "http://127.0.0.1@evil.example",
        "http://user:pw@127.0.0.1",
        "http://127.0.0.1:8085/elsewhere",
        "http://127.0.0.1:8085?x=1",
        "http://2130706433",
        "http://0x7f000001",
        "http://127.0.0.1:port",
        "http://",
        "127.0.0.1:8085",
        "",
    ],
)
def test_a_simulator_anywhere_else_is_not(origin):
    with pytest.raises(SettingsError, match="not"):
        Origins.simulator(origin)


def test_googles_own_addresses_are_https():
    google = Origins.google()

    assert not google.simulated
    for url in (
        google.token_url,
        google.oidc_certs_url,
        google.chat_certs_url,
    ):
        assert url.startswith("https://")
