"""The ``kakari`` command: one for every process and every look inside."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import BinaryIO, NoReturn, ParamSpec

import click

from errors import KakariError

P = ParamSpec("P")
PORT = click.IntRange(0, 65535)
DATE = click.DateTime(["%Y-%m-%d"])
KINDS = ("quote", "invoice", "delivery_note", "return_invoice")


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Show a KakariError as its sentence, and end with exit code 1: never a traceback."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KakariError as error:
            give_up(error, 1)

    return guarded


def give_up(error: KakariError, code: int) -> NoReturn:
    click.secho(f"kakari: {error}", err=True, fg="red")
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kakari")
def main() -> None:
    """Kakari (係), the colleague in your Google Chat who does the paperwork.

    To try it on this machine, without a Google account:  kakari demo
    """


@main.command()
@sentences
def bot() -> None:
    """Run the front desk, which Google Chat calls."""
    from granian import Granian
    from granian.constants import Interfaces

    from kakari import bootstrap, logs, settings

    loaded = settings.load()
    logs.set_up(loaded.log_format, "bot")
    # Sentences now rather than a traceback from the server.
    bootstrap.ledger_of(loaded).close()
    bootstrap.permissions_of(loaded.permissions)
    Granian(
        "kakari.bootstrap:bot_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=loaded.bot_host,
        port=loaded.bot_port,
        workers=1,
        # Few threads beat many here (docs/benchmarks.md); more than one, so that a request that
        # waits for the ledger or for Redis does not hold up the others.
        blocking_threads=4,
        log_enabled=False,
        websockets=False,
    ).serve()


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
    click.echo("The ledger is up to date.")


@main.command()
@click.option("--since", type=DATE, help="The first day, as 2026-04-01.")
@click.option("--until", type=DATE, help="The last day.")
@click.option("--job", "reference", help="Only this job: its number, id, or words of its subject.")
@click.option("--out", type=click.File("wb"), default="-", help="The file; without it, stdout.")
@sentences
def audit(
    since: datetime | None, until: datetime | None, reference: str | None, out: BinaryIO
) -> None:
    """Export the audit as CSV.

    Who asked, who approved which plan, and every effect with its outcome and link. Days are those
    of KAKARI_TIME_ZONE.
    """
    from kakari import audit_export, bootstrap, settings

    loaded = settings.load()
    wanted = audit_export.Wanted(since and since.date(), until and until.date(), reference)
    with closing(bootstrap.ledger_of(loaded)) as ledger:
        audit_export.export(ledger, wanted, loaded.zone, out)


@main.command("documents")
@click.option("--since", type=DATE, help="Issued on this day or later, as 2026-04-01.")
@click.option("--until", type=DATE, help="Issued on this day or before.")
@click.option("--from", "least", type=int, help="Of this amount with tax, or more (whole units).")
@click.option("--to", "most", type=int, help="Of this amount with tax, or less.")
@click.option("--party", default="", help="Whose name holds these words.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind only.")
@click.option("--currency", default="JPY", show_default=True, help="In this currency.")
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), help="PDFs go there.")
@click.option("--check", is_flag=True, help="Check that no document was changed; list none.")
@click.option("--out", type=click.File("wb"), default="-", help="The file; without it, stdout.")
@sentences
def list_documents(
    since: datetime | None,
    until: datetime | None,
    least: int | None,
    most: int | None,
    party: str,
    kind: str | None,
    currency: str,
    files: Path | None,
    check: bool,
    out: BinaryIO,
) -> None:
    """Search the quotes and invoices, as CSV.

    By day, amount and party, all at once: what the law on electronic books wants. --check reckons
    the chain of all documents anew, and ends with 1 if one of them is not what was issued.
    """
    from kakari import bootstrap, register, settings
    from ledger import documents
    from money.amount import digits

    loaded = settings.load()
    coins = 10 ** digits(currency)
    wanted = documents.Search(
        kind=kind,
        party=party,
        issued_from=since.date() if since else None,
        issued_to=until.date() if until else None,
        amount_from=None if least is None else least * coins,
        amount_to=None if most is None else most * coins,
        currency=currency,
    )
    with closing(bootstrap.ledger_of(loaded)) as ledger:
        if check:
            with ledger.read() as tx:
                broken = list(documents.broken_links(tx))
            for number in broken:
                click.echo(f"{number} is not what was issued.")
            sys.exit(1 if broken else 0)
        if files is not None:
            files.mkdir(parents=True, exist_ok=True)
        register.export(ledger, wanted, out, files)


@main.command()
@click.option("--again", is_flag=True, help="Owe them anew, once what was in the way is mended.")
@sentences
def undelivered(again: bool) -> None:
    """List the messages that no space took, and why."""
    from kakari import bootstrap, settings
    from ledger import owed

    loaded = settings.load()
    with closing(bootstrap.ledger_of(loaded)) as ledger:
        with ledger.read() as tx:
            lost = owed.undelivered(tx)
        for message in lost:
            since = message.due_at.astimezone(loaded.zone)
            click.echo(f"{since:%Y-%m-%d %H:%M}  {message.job_id}  {message.role}  {message.space}")
            click.echo(f"    {(message.undeliverable or {})['en']}")
        if lost and again:
            with ledger.write() as tx:
                owed.owe_again(tx)
            click.echo("They are owed anew.")
    if not lost:
        click.echo("Every message was delivered, or is on its way.")


@main.command()
@click.argument("email")
@click.argument("command")
@click.option("--space", help="Asked in this space (spaces/…); without it, in a direct message.")
@click.option("--amount", type=click.IntRange(0), help="Asked for so much money (100000).")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    envvar="KAKARI_PERMISSIONS",
    default="permissions.toml",
    show_default=True,
    help="The permissions file; without it, the one that KAKARI_PERMISSIONS names.",
)
def explain(email: str, command: str, space: str | None, amount: int | None, file: Path) -> None:
    """Say why EMAIL may or may not use COMMAND (/project).

    Ends with 0 if they may ask for it, with 1 if not, and with 2 if that cannot be said.
    """
    from kakari import bootstrap
    from kakari.explain import explanation

    try:
        rules = bootstrap.permissions_of(file).rules
        told = explanation(rules, email, command, space, amount)
    except KakariError as error:
        give_up(error, 2)
    japanese = os.environ.get("LANG", "").startswith("ja")
    for line in told.lines("ja" if japanese else "en"):
        click.echo(line)
    sys.exit(0 if told.may_ask else 1)


@main.group()
def templates() -> None:
    """Look after the templates of projects and documents."""


@templates.command("check")
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default="templates")
def check_templates(folder: Path) -> None:
    """Say what Kakari cannot use in the templates of FOLDER, with file and line."""
    from tasks.project.check import check

    problems = check(folder)
    for problem in problems:
        click.echo(f"{problem.file}:{problem.line}: {problem.en}")
    if problems:
        sys.exit(1)
    click.echo("All templates can be used.")


@templates.command("draw")
@click.argument("into", type=click.Path(path_type=Path, file_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default="templates")
@sentences
def draw_templates(into: Path, folder: Path) -> None:
    """Draw sample documents with the templates of FOLDER, as images INTO a folder."""
    from tasks.document.samples import draw

    for file in draw(folder, into):
        click.echo(file)


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
@sentences
def simulator(host: str, port: int, key_file: Path, state: Path | None) -> None:
    """Run a simulated Google Workspace.

    Chat, Drive and their page in the browser, at one address on this machine.
    """
    from errors.settings import PortTaken
    from simulator.server import PortBusy, serve

    try:
        serve(host, port, key_file, state)
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
@sentences
def demo(once: bool, port: int, state: Path) -> None:
    """Start everything here and show it.

    Without a Google account: plays one real conversation and proves what came of it.
    """
    from kakari.demo.show import show

    show(state, port, once=once)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def on_signal(_signum: int, _frame: FrameType | None) -> None:
        stop.set()

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, on_signal)
    return stop
