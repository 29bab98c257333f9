"""`kakari demo`: start everything, play a conversation, prove it, and stay up."""

import signal
import threading
from pathlib import Path

import click
import requests

from errors.settings import DemoBroken
from kakari import logs
from kakari.demo.conversation import Conversation
from kakari.demo.person import NothingToTapError
from kakari.demo.processes import NotReadyError
from kakari.demo.proof import prove
from kakari.demo.sheet_story import SheetStory
from kakari.demo.stack import Stack

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
        _play(stack)
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


def _play(stack: Stack) -> None:
    conversation = Conversation(stack.page, click.echo)
    job = conversation.play()
    click.echo("\nThe schedule sheet:")
    story = SheetStory(stack.settings, conversation)
    story.play(job)
    click.echo("\nRead back from the simulated Google:")
    findings = [*prove(stack.settings, job), story.agrees(job)]
    for finding in findings:
        click.echo(f"  {'✔' if finding.true else '✘'} {finding.text}")
    if not all(finding.true for finding in findings):
        raise DemoBroken(logs=stack.processes.logs)
