"""The commands that carry the ledger away and bring it back."""

from contextlib import closing
from pathlib import Path

import click

from kakari.refusal import sentences
from kakari.terminal import say


@click.command()
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace FILE if there is one.")
@sentences
def backup(file: str, force: bool) -> None:
    """Write the ledger with its blobs to FILE, or to stdout with “-”.

    Everything may run meanwhile; what is written is of one moment.
    """
    from kakari import bootstrap, settings
    from kakari.backup import saving

    with closing(bootstrap.ledger_of(settings.load())) as ledger:
        if file == "-":
            manifest = saving.save_to_stdout(ledger)
        else:
            manifest = saving.save_to_file(ledger, Path(file), replace=force)
    say(f"{manifest.rows['jobs']} requests and {manifest.blobs} blobs.", err=True)


@click.command()
@click.argument("file")
@click.option("--number", "given", multiple=True, help="A last number given out: project/2026=57.")
@sentences
def restore(file: str, given: tuple[str, ...]) -> None:
    """Make a ledger out of a backup, FILE or stdin with “-”.

    Into an empty database, which need not be of the kind that the backup was made of. Numbers that
    were given out after the backup are not in it, so it must be said for each series which was the
    last; without that, this says which were the last in the backup, and restores nothing.
    """
    from kakari import bootstrap, settings
    from kakari.backup import restoring
    from ledger.database import Ledger

    loaded = settings.load()
    last = restoring.last_numbers(given)
    with restoring.opened(file) as archive, closing(Ledger(loaded.ledger_url)) as ledger:
        told = restoring.restore(ledger, archive, last, loaded.zone)
        bootstrap.let_in(loaded, ledger)
    for line in told.lines():
        say(line)


COMMANDS = (backup, restore)
