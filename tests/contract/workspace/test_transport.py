"""The wire itself, against a server that misbehaves as no HTTP framework would."""

import contextlib
import socket
import threading
import time

import httplib2
import pytest

from workspace.transport import Transport, Unreachable, _Secure

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Scripted:
    """Answers each request with the next entry: bytes, or None to break the connection."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self.requests = 0
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            # The client may hang up in the middle of a sentence.
            with connection, contextlib.suppress(ConnectionError):
                while connection.recv(65536):
                    self.requests += 1
                    answer = self._answers.pop(0)
                    if answer is None:
                        break
                    connection.sendall(answer)

    def close(self):
        self._listener.close()


@pytest.fixture
def serve():
    servers = []

    def start(*answers):
        servers.append(Scripted(*answers))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def transport():
    transport = Transport(proxies=False)
    yield transport
    transport.close()


def test_a_request_is_sent_once_though_the_connection_breaks_before_the_answer(serve, transport):
    server = serve(None, ANSWER)

    with pytest.raises(ConnectionError):
        transport.request(server.url, "POST")
    assert server.requests == 1


def test_httplib2_by_itself_sends_it_twice_and_says_nothing(serve):
    server = serve(None, ANSWER)
    http = httplib2.Http(proxy_info=None)

    response, _ = http.request(server.url, "POST")
    http.close()

    assert (response.status, server.requests) == (200, 2)


def test_a_kept_connection_that_went_stale_is_reported_too(serve, transport):
    server = serve(ANSWER, None, ANSWER)
    transport.request(server.url)

    with pytest.raises(ConnectionError):
        transport.request(server.url, "POST")
    assert (server.requests, server.connections) == (2, 1)


def test_one_connection_serves_many_requests(serve, transport):
    server = serve(ANSWER, ANSWER, ANSWER)

    for _ in range(3):
        transport.request(server.url)
    assert server.connections == 1


def test_where_nobody_listens_nothing_was_sent(transport):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(Unreachable):
        transport.request(f"http://127.0.0.1:{port}/")


def test_a_host_without_an_address_was_not_reached_either(transport):
    with pytest.raises((Unreachable, httplib2.ServerNotFoundError)):
        transport.request("http://nowhere.invalid/")


def test_the_wait_for_an_answer_has_a_limit_also_on_a_kept_connection(serve, transport):
    server = serve(ANSWER, b"")
    transport.request(server.url)
    transport.limit(0.05)
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        transport.request(server.url)
    assert time.monotonic() - began < 1


def test_nothing_is_sent_after_its_deadline_though_the_process_was_stopped_meanwhile(
    serve, transport
):
    server = serve(ANSWER, ANSWER)
    transport.request(server.url)

    with transport.ending(time.monotonic() - 1), pytest.raises(Unreachable):
        transport.request(server.url, "POST")
    transport.request(server.url)
    assert server.requests == 2


def test_secure_connections_share_their_certificates_and_check_names():
    one, other = _Secure("www.googleapis.com", timeout=1), _Secure("chat.googleapis.com", timeout=1)

    assert one._context is other._context
    assert one._context.check_hostname
