"""The commands that look inside, and change nothing unless told to."""

import os
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from errors import KakariError
from kakari.refusal import give_up, sentences
from kakari.terminal import say, say_json, say_lines

DATE = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
KINDS = ("quote", "invoice", "delivery_note", "return_invoice")


@click.command()
@click.option("--since", type=DATE, help="The first day, as 2026-04-01.")
@click.option("--until", type=DATE, help="The last day.")
@click.option("--job", "reference", help="Only this job: its number, id, or words of its subject.")
@click.option("--out", type=FILE, default="-", help="The file; without it, stdout.")
@sentences
def audit(since: datetime | None, until: datetime | None, reference: str | None, out: Path) -> None:
    """Export the audit as CSV.

    Who asked, who approved which plan, and every effect with its outcome and link. Days are those
    of KAKARI_TIME_ZONE.
    """
    from kakari import audit_export, bootstrap, private_files, settings

    loaded = settings.load()
    wanted = audit_export.Wanted(since and since.date(), until and until.date(), reference)
    with closing(bootstrap.ledger_of(loaded)) as ledger, private_files.written(out) as lines:
        audit_export.export(ledger, wanted, loaded.zone, lines)


@click.command("documents")
@click.option("--since", type=DATE, help="Issued on this day or later, as 2026-04-01.")
@click.option("--until", type=DATE, help="Issued on this day or before.")
@click.option("--from", "least", type=int, help="Of this amount with tax, or more (whole units).")
@click.option("--to", "most", type=int, help="Of this amount with tax, or less.")
@click.option("--party", default="", help="Whose name holds these words.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind only.")
@click.option("--currency", default="JPY", show_default=True, help="In this currency.")
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), help="PDFs go there.")
@click.option("--check", is_flag=True, help="Check that no document was changed; list none.")
@click.option("--out", type=FILE, default="-", help="The file; without it, stdout.")
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
    out: Path,
) -> None:
    """Search the quotes and invoices, as CSV.

    By day, amount and party, all at once: what the law on electronic books wants. --check reckons
    the chain of all documents anew, and ends with 1 if one of them is not what was issued.
    """
    from kakari import bootstrap, private_files, register, settings
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
                say(f"{number} is not what was issued.")
            sys.exit(1 if broken else 0)
        if files is not None:
            private_files.make_folder(files)
        with private_files.written(out) as lines:
            register.export(ledger, wanted, lines, files)


@click.command()
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
            say(f"{since:%Y-%m-%d %H:%M}  {message.job_id or '-'}  {message.role}  {message.space}")
            say(f"    {(message.undeliverable or {})['en']}")
        if lost and again:
            with ledger.write() as tx:
                owed.owe_again(tx)
            say("They are owed anew.")
    if not lost:
        say("Every message was delivered, or is on its way.")


@click.command()
@click.argument("email")
@click.argument("command")
@click.option("--space", help="Asked in this space (spaces/…); without it, in a direct message.")
@click.option("--amount", type=click.IntRange(0), help="Asked for so much money (100000).")
@click.option("--currency", default="JPY", show_default=True, help="The amount’s (USD).")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    envvar="KAKARI_PERMISSIONS",
    default="permissions.toml",
    show_default=True,
    help="The permissions file; without it, the one that KAKARI_PERMISSIONS names.",
)
def explain(
    email: str, command: str, space: str | None, amount: int | None, currency: str, file: Path
) -> None:
    """Say why EMAIL may or may not use COMMAND (/project).

    Ends with 0 if they may ask for it, with 1 if not, and with 2 if that cannot be said.
    """
    from kakari import bootstrap
    from kakari.explain import explanation

    try:
        rules = bootstrap.permissions_of(file).rules
        told = explanation(rules, email, command, space, amount, currency)
    except KakariError as error:
        give_up(error, 2)
    for line in told.lines(_locale()):
        say(line)
    sys.exit(0 if told.may_ask else 1)


@click.group()
def templates() -> None:
    """Look after the templates of projects and documents."""


@templates.command("check")
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default="templates")
@sentences
def check_templates(folder: Path) -> None:
    """Say what Kakari cannot use in the templates of FOLDER, with file and line."""
    from tasks.project.check import check

    problems = check(folder)
    for problem in problems:
        say(f"{problem.file}:{problem.line}: {problem.en}")
    if problems:
        sys.exit(1)
    say("All templates can be used.")


@templates.command("draw")
@click.argument("into", type=click.Path(path_type=Path, file_okay=False))
@click.argument("folder", type=click.Path(path_type=Path, exists=True), default="templates")
@sentences
def draw_templates(into: Path, folder: Path) -> None:
    """Draw sample documents with the templates of FOLDER, as images INTO a folder."""
    from kakari import private_files
    from tasks.document.samples import draw

    private_files.make_folder(into)
    for name, page in draw(folder):
        with private_files.written(into / name) as file:
            file.write(page)
        say(into / name)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines, in both languages.")
def doctor(*, as_json: bool) -> None:
    """Look at everything around Kakari and say what to do.

    Ends with 1 if something is wrong; a warning (!) is nothing wrong. What is made to try a place is
    taken away again.
    """
    from kakari import logs, settings
    from kakari.doctor.checks import all_checks
    from kakari.doctor.examination import examine
    from kakari.doctor.installation import Installation
    from kakari.doctor.report import Report

    logs.set_up("console", "doctor")
    survey = settings.read()
    with closing(Installation(survey)) as installation:
        report = Report(examine(all_checks(survey), installation))
        if as_json:
            say_json(report.to_json())
        else:
            for sign, colour, line in report.lines(_locale()):
                say(line, sign=sign, colour=colour)
    sys.exit(0 if report.is_good else 1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines, in both languages.")
def chat_config(*, as_json: bool) -> None:
    """Print what to type into Google's Chat API page.

    Ends with 1 if Google would not take it, or would take a command for another.
    """
    from kakari import chat_config, settings

    survey = settings.read()
    known = "endpoint_url" in survey.usable
    url = survey.settings.endpoint_url if known else chat_config.NO_URL
    if as_json:
        say_json(chat_config.to_json(url))
    else:
        say_lines(chat_config.table(_locale(), url))
    mistakes = chat_config.mistakes(chat_config.all_commands())
    for mistake in mistakes:
        say(f"kakari: {mistake[_locale()]}", err=True, colour="red")
    sys.exit(1 if mistakes else 0)


def _locale() -> str:
    """Return the language of the terminal."""
    return "ja" if os.environ.get("LANG", "").startswith("ja") else "en"


COMMANDS = (audit, list_documents, undelivered, explain, templates, doctor, chat_config)
