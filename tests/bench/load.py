"""The load generator, a process of its own: sends prepared requests over open connections.

Each connection has one request on its way; the next is sent when the answer is whole. It reads
the requests before it begins, and looks at the answers only after it has ended.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SIZE = 4
"""Bytes before each request in the file: its length."""


@dataclass
class Connection:
    sock: socket.socket
    sent: float = 0.0
    received: bytes = b""


def write(requests: list[bytes], file: Path) -> None:
    file.write_bytes(b"".join(len(each).to_bytes(SIZE) + each for each in requests))


def read(file: Path) -> list[bytes]:
    data, at, requests = memoryview(file.read_bytes()), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + SIZE])
        requests.append(bytes(data[at + SIZE : at + SIZE + size]))
        at += SIZE + size
    return requests


def run(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, object]:
    """Send until the requests or the seconds are over; then wait for the answers under way."""
    selector = selectors.DefaultSelector()
    answers: list[bytes] = []
    took: list[float] = []
    waiting = iter(requests)
    began = time.perf_counter()
    until = began + seconds

    def send(connection: Connection) -> None:
        request = next(waiting, None) if time.perf_counter() < until else None
        if request is None:
            selector.unregister(connection.sock)
            connection.sock.close()
            return
        connection.received = b""
        connection.sent = time.perf_counter()
        connection.sock.sendall(request)

    for _ in range(connections):
        sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(sock)
        selector.register(sock, selectors.EVENT_READ, connection)
        send(connection)
    while selector.get_map():
        ready = selector.select(30)
        if not ready:
            raise TimeoutError("no answer within 30 s")
        for key, _ in ready:
            connection = key.data
            connection.received += connection.sock.recv(65536)
            if not connection.received:
                raise ConnectionError("the server closed a connection")
            if _whole(connection.received):
                took.append(time.perf_counter() - connection.sent)
                answers.append(connection.received)
                send(connection)
    elapsed = time.perf_counter() - began
    return {"seconds": elapsed, "took": took, "answers": Counter(map(_told, answers))}


def _whole(received: bytes) -> bool:
    head, blank, body = received.partition(b"\r\n\r\n")
    return bool(blank) and len(body) >= _length(head)


def _length(head: bytes) -> int:
    at = head.lower().index(b"content-length:") + len(b"content-length:")
    return int(head[at:].partition(b"\r\n")[0])


def _told(answer: bytes) -> str:
    """Return status and body, by which the answers are counted."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return f"{head.split()[1].decode()} {body.decode()}"


if __name__ == "__main__":
    _, port, file, connections, seconds = sys.argv
    result = run(int(port), read(Path(file)), int(connections), float(seconds))
    sys.stdout.write(json.dumps(result))
