"""`kakari demo`: start everything, play a conversation, prove it, and stay up."""

import signal
import threading
from pathlib import Path

import click
import requests

from errors.settings import DemoBroken, SettingsError
from kakari import logs
from kakari.demo.conversation import Conversation
from kakari.demo.person import NothingToTapError
from kakari.demo.processes import NotReadyError
from kakari.demo.proof import prove
from kakari.demo.sheet_story import SheetStory
from kakari.demo.stack import Stack, configure_app
from kakari.settings import Settings

SHEET_MINUTES = 0.1
"""An office's own would be looked at every five minutes; nobody waits so long before a demo."""


def show(state: Path, port: int, *, once: bool) -> None:
    """Show Kakari on this machine. Raises DemoBroken if what it says it did is not there."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.set_up("console", "demo")
    stack = Stack(state, page_port=port, schedule_minutes=SHEET_MINUTES)
    if stack.moved_from:
        click.echo(f"Port {stack.moved_from} is in use by another program, so this takes another.")
    click.echo(f"Starting Kakari and a simulated Google Workspace (state and logs: {state}) …\n")
    try:
        stack.start()
        if not _play(stack.page, stack.settings):
            raise DemoBroken(logs=stack.processes.logs)
        if not once:
            click.echo(f"\nThe Chat page: {stack.page}  Try /project yourself. Ctrl-C stops all.")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("\nStopping …")
    except (NotReadyError, NothingToTapError, TimeoutError, requests.RequestException) as error:
        click.echo(str(error), err=True)
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
        true = _play(settings.simulator_url, settings)
    except (NothingToTapError, TimeoutError, requests.RequestException) as error:
        click.echo(str(error), err=True)
        true = False
    if not true:
        raise DemoBroken(logs="“docker compose logs”")


def _play(page: str, settings: Settings) -> bool:
    """Play the conversation and look at what came of it; say whether all of it is true."""
    conversation = Conversation(page, click.echo)
    job = conversation.play()
    findings = []
    if settings.schedule is not None:
        click.echo("\nThe schedule sheet:")
        findings.append(SheetStory(settings, conversation).play(job))
    click.echo("\nRead back from the simulated Google:")
    findings = [*prove(settings, job), *findings]
    for finding in findings:
        click.echo(f"  {'✔' if finding.true else '✘'} {finding.text}")
    return all(finding.true for finding in findings)
