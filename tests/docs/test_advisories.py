"""`make audit-dependencies`, with a service of advisories on this machine."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_deploy_files import ROOT

AUDIT = ROOT / "requirements" / "audit.py"
OFF = "The advisories could not be had: nothing was looked at."
ADVISORY = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-0001"],
    "summary": "It is bad.",
    "schema_version": "1.0.0",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.2.0"}]}],
        }
    ],
}
Run = Callable[..., subprocess.CompletedProcess[str]]


class Service(ThreadingHTTPServer):
    """Answers every question about flask with ``body``, and about others that nothing is known."""

    daemon_threads = True
    body: bytes = b"{}"
    silent = threading.Event()

    def server_bind(self) -> None:
        super().server_bind()
        self.silent.set()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.silent.wait(30)
        flask = asked["package"]["name"] == "flask"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body if flask else b"{}")

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.silent.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    file = tmp_path / "runtime.txt"
    digest = "a" * 64
    file.write_text(
        f"flask==3.1.0 \\\n    --hash=sha256:{digest}\nclick==8.3.0 --hash=sha256:{digest}\n"
    )
    return file


@pytest.fixture
def audit(tmp_path: Path, requirements: Path, service: Service) -> Run:
    def run(
        exceptions: str = "", today: str = "2026-11-30", url: str = ""
    ) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "advisories.toml"
        file.write_text(exceptions)
        url = url or f"http://127.0.0.1:{service.server_port}/"
        places = [f"--requirements={requirements}", f"--exceptions={file}", f"--today={today}"]
        return subprocess.run(
            [sys.executable, AUDIT, *places, f"--osv-url={url}", "--timeout=1"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def exception(name: str, until: str = "2026-12-31", reason: str = "It is not used.") -> str:
    return f'[[exception]]\nid = "{name}"\nuntil = {until}\nreason = "{reason}"\n'


def test_where_nothing_is_known_it_passes(audit: Run) -> None:
    done = audit()
    assert (done.returncode, done.stdout) == (0, "2 dependencies were looked at.\n"), done.stderr


def test_an_advisory_is_red_until_an_exception_excuses_it_and_again_after_its_day(
    audit: Run, service: Service
) -> None:
    service.body = json.dumps({"vulns": [ADVISORY]}).encode()
    done = audit()
    assert done.returncode == 1
    assert "flask 3.1.0: CVE-2026-0001 GHSA-aaaa-bbbb-cccc; mended in: 3.2.0" in done.stderr
    assert audit(exception("GHSA-xxxx-xxxx-xxxx")).returncode == 1
    for name in ("GHSA-aaaa-bbbb-cccc", "CVE-2026-0001"):
        assert audit(exception(name), today="2026-12-31").returncode == 0
    done = audit(exception("CVE-2026-0001"), today="2027-01-01")
    assert done.returncode == 1
    assert "the exception for CVE-2026-0001 ended on 2026-12-31" in done.stderr


def test_an_exception_past_its_day_is_red_also_where_no_advisory_can_be_had(audit: Run) -> None:
    done = audit(exception("CVE-2026-0001"), today="2027-01-01", url=nobody())
    assert (done.returncode, done.stdout) == (1, f"{OFF}\n")


def test_an_exception_without_a_date_or_a_reason_is_red(audit: Run) -> None:
    wrong = [exception("A", '"2026-12-31"'), exception("B", "2026"), exception("C", reason="")]
    done = audit("".join(wrong), url=nobody())
    assert done.returncode == 1
    assert done.stderr.count("an exception has an id, until = a date, and a reason") == 3


def test_where_nobody_answers_one_line_says_so_and_it_passes(audit: Run) -> None:
    done = audit(url=nobody())
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{OFF}\n", "")


def test_where_the_answer_never_comes_one_line_says_so_and_it_passes(
    audit: Run, service: Service
) -> None:
    service.silent.clear()
    done = audit()
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{OFF}\n", "")


@pytest.mark.parametrize("body", [b"<html>Log in first</html>", b'{"vulns": 1}'])
def test_an_answer_that_is_none_is_no_verdict(audit: Run, service: Service, body: bytes) -> None:
    service.body = body
    done = audit()
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_that_cannot_be_read_is_red_and_no_outage(audit: Run, requirements: Path) -> None:
    requirements.write_text("flask\n")
    done = audit()
    assert done.returncode == 1
    assert "cannot be audited" in done.stderr


def nobody() -> str:
    """Return an address at which nobody listens."""
    server = Service(("127.0.0.1", 0), Handler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/"
