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
from kakari.demo.proof import Finding, number_of, prove, prove_document
from kakari.demo.stack import Stack


def show(state: Path, port: int, *, once: bool) -> None:
    """Show Kakari on this machine. Raises DemoBroken if what it says it did is not there."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logs.set_up("console", "demo")
    stack = Stack(state, page_port=port)
    if stack.moved_from:
        click.echo(f"Port {stack.moved_from} is in use by another program, so this takes another.")
    click.echo(f"Starting Kakari and a simulated Google Workspace (state and logs: {state}) …\n")
    try:
        stack.start()
        _play(stack)
        if not once:
            click.echo(
                f"\nThe Chat page: {stack.page}  Try /project or /invoice yourself. Ctrl-C stops all."
            )
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
    talk = Conversation(stack.page, click.echo)
    project = talk.project()
    _tell(stack, prove(stack.settings, project))
    quote = talk.quote(number_of(stack.settings, project))
    invoice = talk.invoice(number_of(stack.settings, quote))
    pdf = stack.folder / f"{number_of(stack.settings, invoice)}.pdf"
    _tell(stack, prove_document(stack.settings, invoice, pdf))
    click.echo(f"\nThe invoice: {pdf}")


def _tell(stack: Stack, findings: list[Finding]) -> None:
    click.echo("\nRead back from the simulated Google:")
    for finding in findings:
        click.echo(f"  {'✔' if finding.true else '✘'} {finding.text}")
    if not all(finding.true for finding in findings):
        raise DemoBroken(logs=stack.processes.logs)
    click.echo()
