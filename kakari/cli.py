"""The ``kakari`` command: one for every process and every look inside."""

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from kakari import inspection
from kakari.backup import commands
from kakari.refusal import sentences
from kakari.terminal import say

PORT = click.IntRange(0, 65535)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kakari")
def main() -> None:
    """Kakari (係), the colleague in your Google Chat who does the paperwork.

    To try it on this machine, without a Google account:  kakari demo
    """
    from kakari import logs

    logs.show_uncaught()


for command in (*inspection.COMMANDS, *commands.COMMANDS):
    main.add_command(command)


@main.command()
@sentences
def bot() -> None:
    """Run the front desk, which Google Chat calls."""
    from kakari import bootstrap, logs, settings, web_server

    loaded = settings.load()
    logs.set_up(loaded.log_format, "bot")
    # Sentences now rather than a traceback from the server.
    bootstrap.ledger_of(loaded).close()
    bootstrap.demand_queue(loaded)
    bootstrap.permissions_of(loaded.permissions)
    web_server.server("kakari.bootstrap:bot_app", loaded.bot_host, loaded.bot_port).serve()


@main.command()
@sentences
def worker() -> None:
    """Run one worker; start as many as you like."""
    from kakari import bootstrap, logs, settings

    loaded = settings.load()
    logs.set_up(loaded.log_format, "worker")
    office, connection = bootstrap.office(loaded)
    office.work(connection)


@main.command()
@sentences
def clock() -> None:
    """Run the clock: it does what is due.

    It rings lost bells again and delivers the messages that a dead worker owed.
    """
    from kakari import bootstrap, logs, settings

    loaded = settings.load()
    logs.set_up(loaded.log_format, "clock")
    stop = _stop_on_signals()
    bootstrap.clock(loaded, stop).run(stop)


@main.command()
@sentences
def migrate() -> None:
    """Bring the ledger's database to this version's schema."""
    from kakari import bootstrap, logs, settings

    loaded = settings.load()
    logs.set_up(loaded.log_format, "migrate")
    bootstrap.migrate(loaded)
    say("The ledger is up to date.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORT, default=8480, show_default=True, help="0 takes a free one.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default="var/simulator-key.json",
    show_default=True,
    help="Where to write a service-account key that the simulator accepts.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the simulator's state in this folder; without it, it is forgotten.",
)
@click.option("--origin", help="Where clients reach it, if not where it listens.")
@click.option("--page", help="Where browsers reach it, if not where it listens.")
@sentences
def simulator(
    host: str,
    port: int,
    key_file: Path,
    state: Path | None,
    origin: str | None,
    page: str | None,
) -> None:
    """Run a simulated Google Workspace.

    Chat, Drive and their page in the browser, at one address on this machine.
    """
    from errors.settings import PortTaken
    from simulator.server import PortBusy, serve

    try:
        serve(host, port, key_file, state, origin=origin, page_origin=page)
    except PortBusy as error:
        raise PortTaken(port=port) from error


@main.command()
@click.option("--once", is_flag=True, help="End after the conversation; exit 0 only if it is true.")
@click.option("--port", type=PORT, default=8480, show_default=True, help="The Chat page's port.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    default="var/demo",
    show_default=True,
    help="Where the demo keeps its ledger, its Drive and its logs.",
)
@click.option(
    "--running", is_flag=True, help="Start nothing: play it where KAKARI_SIMULATOR_URL says."
)
@sentences
def demo(once: bool, port: int, state: Path, running: bool) -> None:
    """Start everything here and show it.

    Without a Google account: plays one real conversation and proves what came of it.
    """
    from kakari import settings
    from kakari.demo.show import show, show_running

    if running:
        show_running(settings.load())
    else:
        show(state, port, once=once)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        stop.set()

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, on_signal)
    return stop
