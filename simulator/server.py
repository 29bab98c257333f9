"""Starts and stops the simulator: inside a test, or in the foreground for a person."""

import errno
import signal
import socket
import sys
import threading
from pathlib import Path

from simulator.app import create_app, make_gateway
from simulator.connection import BACKLOG, KeepAliveServer
from simulator.office import open_office
from simulator.world import World


class PortBusy(Exception):
    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is in use by another program.")
        self.port = port


class SimulatorServer:
    """One simulated Google at one origin, with the default office in it."""

    def start(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        state_dir: Path | None = None,
        *,
        delay: float = 0.0,
    ) -> str:
        """Serve on a port, 0 for any free one, and return the origin. Raises PortBusy."""
        with _listener(host, port) as listener:
            self.world = World(state_dir, delay=delay)
            if not self.world.start_persisting():
                open_office(self.world)
            self.gateway = make_gateway(self.world)
            # The server holds a duplicate of the socket from here on.
            app = create_app(self.world, self.gateway)
            self._server = KeepAliveServer(listener, app, self.world.clock)
            self.origin = f"http://{host}:{listener.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="simulator"
        )
        self._thread.start()
        return self.origin

    def stop(self) -> None:
        """Finish what is being answered, then write the state."""
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        # Wakes the listeners of the feed, who then notice that their connection is gone.
        self.world.chat.feed.publish({"type": "simulator.stopped"})
        self.world.stop_persisting()


def serve(
    host: str,
    port: int,
    key_path: Path,
    state_dir: Path | None,
    *,
    origin: str | None = None,
    page_origin: str | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, with a service-account key for the clients on disk.

    Between containers the address served on is not the one others use: ``origin`` is where
    clients reach the simulator, and ``page_origin`` where people's browsers do.
    """
    stop = threading.Event()
    server = SimulatorServer()
    address = server.start(port, host, state_dir)
    server.world.drive.page_origin = page_origin
    server.world.keys.write_service_account_key(key_path, origin or address)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    sys.stdout.write(
        f"Simulated Google Workspace: {page_origin or address}\nService account key: {key_path}\n"
    )
    sys.stdout.flush()
    stop.wait()
    server.stop()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(port) from error
        raise
    listener.listen(BACKLOG)
    return listener
