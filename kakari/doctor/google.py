"""Google: whether it is reached, knows our key, and shows the time that this machine shows."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.signature import SKEW_SECONDS
from cards.sentences import Sentence
from errors.google import KeyRefused, TryLater
from kakari.bootstrap import origins_of
from kakari.doctor.check import Check, Finding, good, wrong
from kakari.doctor.installation import Installation

REACHED = Sentence("Google answers at {host}.", "Google（{host}）に接続できます。")
AWAY = Sentence(
    "Google cannot be reached ({reason}): look whether this machine has DNS and lets HTTPS out to {host}.",
    "Google に接続できません（{reason}）。DNS と、{host} への HTTPS 通信が許可されているかを確認してください。",
)
IN_TIME = Sentence(
    "This machine’s clock is right, to {seconds:.0f} s.",
    "時計は合っています（Google との差は約 {seconds:.0f} 秒）。",
)
BEHIND = Sentence(
    "This machine’s clock is {seconds:.0f} s behind Google’s, so what Google signs is refused: switch time synchronisation (NTP) on.",
    "時計が Google より {seconds:.0f} 秒遅れており、Google からのリクエストを確認できません。時刻同期（NTP）を有効にしてください。",
)
AHEAD = Sentence(
    "This machine’s clock is {seconds:.0f} s ahead of Google’s, which refuses our key for it: switch time synchronisation (NTP) on.",
    "時計が Google より {seconds:.0f} 秒進んでおり、Google に鍵を拒否されます。時刻同期（NTP）を有効にしてください。",
)
KEY_READ = Sentence("The key is {account}’s.", "{account} の鍵を読み込めました。")
TOKEN = Sentence("Google gives a token for the key.", "Google がこの鍵を受け付けました。")
NO_TOKEN = Sentence(
    "Google refuses the key ({reason}): unless this machine’s clock is wrong, make a new key for {account} in the Google Cloud console and put it into {file}.",
    "Google が鍵を受け付けません（{reason}）。時計が合っていれば、Google Cloud コンソールで {account} の新しい鍵を作成し、{file} に置いてください。",
)


def _reached(installation: Installation) -> Iterator[Finding]:
    host = urlsplit(origins_of(installation.settings).oidc_certs_url).netloc
    try:
        _ = installation.google_ahead
    except TryLater as error:
        yield wrong(AWAY, host=host, reason=error.values["reason"])
    else:
        yield good(REACHED, host=host)


def _time(installation: Installation) -> Iterator[Finding]:
    ahead = installation.google_ahead
    if abs(ahead) <= SKEW_SECONDS:
        yield good(IN_TIME, seconds=abs(ahead))
    else:
        yield wrong(BEHIND if ahead > 0 else AHEAD, seconds=abs(ahead))


def _key(installation: Installation) -> Iterator[Finding]:
    yield good(KEY_READ, account=installation.clients.account)


def _token(installation: Installation) -> Iterator[Finding]:
    clients = installation.clients
    try:
        clients.fetch_token()
    except KeyRefused as error:
        file = installation.settings.google_key_file
        reason = error.values["reason"]
        yield wrong(NO_TOKEN, reason=reason, account=clients.account, file=file)
    else:
        yield good(TOKEN)


CHECKS = (
    Check("google", _reached, settings=("simulator_url",)),
    Check("google-clock", _time, needs=("google",)),
    Check("key", _key, settings=("google_key_file", "simulator_url")),
    Check("token", _token, needs=("google", "key")),
)
