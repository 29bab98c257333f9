"""The ledger's database, and who is at work by it."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from cards.sentences import Sentence
from errors.settings import LedgerOutdated
from kakari.bootstrap import away
from kakari.doctor.check import Check, Finding, good, warning, wrong
from kakari.doctor.installation import Installation
from ledger import owed, posts, roles, schema
from worker.clock import POST

ANSWERS = Sentence(
    "The database answers ({kind}).", "データベースは正常に応答しています（{kind}）。"
)
CURRENT = Sentence(
    "The ledger is at this version’s schema.", "台帳はこのバージョンに対応しています。"
)
LEAST = Sentence(
    "Kakari’s role in the database reads and writes rows, and may do nothing else.",
    "データベースのロールの権限は、行の読み書きに限られています。",
)
TOO_MUCH = Sentence(
    "Kakari’s role in the database may do more than it has to ({excess}): give the processes a role of their own, as docs/deploy.md shows.",
    "データベースのロールに不要な権限があります（{excess}）。docs/deploy.md のとおり、専用のロールを使ってください。",
)
PRIVATE = Sentence(
    "Nobody else on this machine can read the ledger’s file.",
    "台帳のファイルは、このマシンのほかのユーザーからは読めません。",
)
OPEN_FILE = Sentence(
    "Others on this machine can read the ledger’s file: chmod 600 {file}",
    "台帳のファイルは、このマシンのほかのユーザーからも読める状態です。次を実行してください: chmod 600 {file}",
)
TICKS = Sentence("A clock is at work.", "時計プロセスが動いています。")
NO_CLOCK = Sentence(
    "No clock is at work, so lost bells, reminders and undelivered messages wait: start “kakari clock”.",
    "時計プロセスが動いていないため、通知や再実行が止まっています。「kakari clock」を起動してください。",
)
DELIVERED = Sentence(
    "Every message was delivered, or is on its way.", "届けられなかったメッセージはありません。"
)
UNDELIVERED = Sentence(
    "Messages that no space took: {n}. “kakari undelivered” lists them with the reasons.",
    "届けられなかったメッセージが {n} 件あります。「kakari undelivered」で理由を確認してください。",
)


def _database(installation: Installation) -> Iterator[Finding]:
    ledger = installation.ledger
    kind = ledger.url.get_backend_name()
    # To open a file that is not there would make one.
    if kind == "sqlite" and ledger.url.database and not Path(ledger.url.database).exists():
        raise LedgerOutdated(found="nothing", wanted=schema.newest())
    try:
        ledger.ping()
    except DBAPIError as error:
        raise away(error) from error
    yield good(ANSWERS, kind=kind)


def _schema(installation: Installation) -> Iterator[Finding]:
    schema.demand_current(installation.ledger)
    yield good(CURRENT)


def _rights(installation: Installation) -> Iterator[Finding]:
    ledger = installation.ledger
    if ledger.url.get_backend_name() == "sqlite":
        file = Path(ledger.url.database or "")
        yield warning(OPEN_FILE, file=file) if file.stat().st_mode & 0o077 else good(PRIVATE)
        return
    with ledger.engine.connect() as connection:
        excess = roles.excess(connection)
    yield warning(TOO_MUCH, excess=excess) if excess else good(LEAST)


def _clock(installation: Installation) -> Iterator[Finding]:
    with installation.ledger.read() as tx:
        yield good(TICKS) if posts.is_held(tx, POST) else wrong(NO_CLOCK)


def _undelivered(installation: Installation) -> Iterator[Finding]:
    with installation.ledger.read() as tx:
        lost = owed.undeliverable(tx)
    yield warning(UNDELIVERED, n=lost) if lost else good(DELIVERED)


CHECKS = (
    Check("database", _database, settings=("database_url", "database_password")),
    Check("schema", _schema, needs=("database",)),
    Check("rights", _rights, needs=("database",)),
    Check("clock", _clock, needs=("schema",)),
    Check("undelivered", _undelivered, needs=("schema",)),
)
