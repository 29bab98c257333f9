"""`kakari demo`: start everything, play a conversation, prove it, and stay up."""

import signal
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import requests

from errors.settings import DemoBroken, SettingsError
from kakari import logs
from kakari.demo.conversation import Conversation
from kakari.demo.person import NothingToTapError
from kakari.demo.processes import NotReadyError
from kakari.demo.proof import Finding, number_of, prove, prove_document
from kakari.demo.sheet_story import SheetStory
from kakari.demo.stack import Stack, configure_app
from kakari.settings import Settings
from kakari.terminal import say, say_lines

SHEET_MINUTES = 0.1
"""An office's own would be looked at every five minutes; nobody waits so long before a demo."""


def show(state: Path, port: int, *, once: bool) -> None:
    """Show Kakari on this machine. Raises DemoBroken if what it says it did is not there."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.set_up("console", "demo")
    stack = Stack(state, page_port=port, schedule_minutes=SHEET_MINUTES)
    if stack.moved_from:
        say_lines(f"Port {stack.moved_from} is in use by another program, so this takes another.")
    say_lines(f"Starting Kakari and a simulated Google Workspace (state and logs: {state}) …\n")
    try:
        stack.start()
        if not _play(stack.page, stack.settings, stack.folder):
            raise DemoBroken(logs=stack.processes.logs)
        if not once:
            say_lines(
                f"\nThe Chat page: {stack.page}  Try /project or /invoice yourself. Ctrl-C stops all."
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        say_lines("\nStopping …")
    except (NotReadyError, NothingToTapError, TimeoutError, requests.RequestException) as error:
        say(error, err=True)
        raise DemoBroken(logs=stack.processes.logs) from error
    finally:
        # A second Ctrl-C must not leave half of the processes behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stack.stop()


def show_running(settings: Settings) -> None:
    """Show what runs already. Raises DemoBroken, and SettingsError if it is no simulated Google."""
    if settings.simulator_url is None:
        raise SettingsError(problem="KAKARI_SIMULATOR_URL is not set")
    logs.set_up("console", "demo")
    try:
        configure_app(settings.simulator_url, settings.endpoint_url)
        true = _play(settings.simulator_url, settings, Path(tempfile.gettempdir()))
    except (NothingToTapError, TimeoutError, requests.RequestException) as error:
        say(error, err=True)
        true = False
    if not true:
        raise DemoBroken(logs="“docker compose logs”")


def _play(page: str, settings: Settings, folder: Path) -> bool:
    """Play the conversation and look at what came of it; say whether all of it is true.

    The invoice's PDF goes into ``folder``.
    """
    talk = Conversation(page, say_lines)
    project = talk.project()
    findings = []
    if settings.schedule is not None:
        say_lines("\nThe schedule sheet:")
        findings.append(SheetStory(settings, talk).play(project))
    true = _tell([*prove(settings, project), *findings])
    quote = talk.quote(number_of(settings, project))
    invoice = talk.invoice(number_of(settings, quote))
    pdf = folder / f"{number_of(settings, invoice)}.pdf"
    true = _tell(prove_document(settings, invoice, pdf)) and true
    say_lines(f"\nThe invoice: {pdf}")
    return true


def _tell(findings: Sequence[Finding]) -> bool:
    say_lines("\nRead back from the simulated Google:")
    for finding in findings:
        say_lines(f"  {'✔' if finding.true else '✘'} {finding.text}")
    say()
    return all(finding.true for finding in findings)
