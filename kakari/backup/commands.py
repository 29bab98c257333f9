"""The commands that carry the ledger away and bring it back."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kakari.refusal import sentences
from kakari.terminal import say

if TYPE_CHECKING:
    from kakari.settings import Settings


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

    loaded = settings.load()
    key = _key(loaded)
    with closing(bootstrap.ledger_of(loaded)) as ledger:
        if file == "-":
            manifest = saving.save_to_stdout(ledger, key)
        else:
            manifest = saving.save_to_file(ledger, Path(file), key, replace=force)
    say(f"{manifest.rows['jobs']} requests and {manifest.blobs} blobs.", err=True)


@click.command()
@click.argument("file")
@click.option("--number", "given", multiple=True, help="A last number given out: project/2026=57.")
@click.option(
    "--without-seal", is_flag=True, help="Accept one that the office's key has not sealed."
)
@sentences
def restore(file: str, given: tuple[str, ...], without_seal: bool) -> None:
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
    opened = restoring.opened(file, _key(loaded), unsealed=without_seal)
    with opened as archive, closing(Ledger(loaded.ledger_url)) as ledger:
        told = restoring.restore(ledger, archive, last, loaded.zone)
        bootstrap.let_in(loaded, ledger)
    for line in told.lines():
        say(line)


def _key(loaded: "Settings") -> bytes | None:
    """Return the key that backups are sealed with, if one is set."""
    from kakari.backup import seal

    return seal.key_of(loaded.backup_key_file) if loaded.backup_key_file else None


COMMANDS = (backup, restore)
