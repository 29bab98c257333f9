"""Google Chat: whether it can reach Kakari, and where Kakari may speak."""

from collections.abc import Iterator

import requests

from cards.sentences import Sentence
from errors.google import SpaceRefused
from kakari.doctor.check import Check, Finding, good, warning, wrong
from kakari.doctor.installation import Installation
from workspace.chat import Chat

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0

ENDPOINT = Sentence(
    "The bot answers at {url}. Google’s Chat API configuration has to have it to the letter: it is the audience that is checked.",
    "ボットは {url} で応答しています。署名の宛先（audience）として照合するため、Google の Chat API の構成にも一字一句同じ URL を登録してください。",
)
NO_BOT = Sentence(
    "{url} cannot be reached ({reason}): look whether “kakari bot” runs, and at the name, the certificate and the proxy in front of it.",
    "{url} に接続できません（{reason}）。「kakari bot」が動いているか、名前解決・証明書・プロキシを確認してください。",
)
UNREACHED = Sentence(
    "{url} does not answer from in here, which a router may cause: look from outside, where the bot answers with 401.",
    "{url} は内部からは応答がありません（ルーターの制約の場合があります）。社外から開き、401 が返るか確認してください。",
)
OTHER_BOT = Sentence(
    "At {url} something else than the bot answers (HTTP {status}): compare its path with KAKARI_ENDPOINT_URL and with the proxy’s.",
    "{url} でボット以外が応答しています（HTTP {status}）。KAKARI_ENDPOINT_URL とプロキシのパスを確認してください。",
)
UNWELL = Sentence(
    "The bot at {url} cannot work just now (HTTP {status}): mend the ledger and the way to Google first.",
    "{url} のボットは現在処理できません（HTTP {status}）。台帳と Google への接続を先に確認してください。",
)
MEMBER = Sentence(
    "Kakari is in these spaces: {names}; direct messages: {direct}.",
    "Kakari のいるスペース: {names}（ほかにダイレクトメッセージ {direct} 件）",
)
IN_NONE = Sentence(
    "Kakari is in no space and no direct message: add it in Chat under “Apps & integrations”, or write to it.",
    "Kakari はどのスペースにも追加されていません。Chat の「アプリと統合」から追加するか、直接メッセージを送ってください。",
)
NO_ADMIN_SPACE = Sentence(
    "None is set: what can be told nobody is found by “kakari undelivered” only.",
    "設定されていません。誰にも届けられない通知は「kakari undelivered」でのみ確認できます。",
)
ADMIN_SPACE = Sentence("Kakari is in {space}.", "Kakari は {space} にいます。")
NOT_IN_ADMIN_SPACE = Sentence(
    "Kakari is not in {space}: add it there in Chat, or check KAKARI_ADMIN_SPACE.",
    "Kakari は {space} に追加されていません。Chat で追加するか、KAKARI_ADMIN_SPACE を確認してください。",
)


def _endpoint(installation: Installation) -> Iterator[Finding]:
    """Call the bot as a stranger would: it refuses with 401 and an empty object, and only it does."""
    url = installation.settings.endpoint_url
    limits = (CONNECT_SECONDS, ANSWER_SECONDS)
    try:
        answer = requests.post(url, json={}, timeout=limits, allow_redirects=False)
    except requests.Timeout:
        yield warning(UNREACHED, url=url)
    except requests.RequestException as error:
        yield wrong(NO_BOT, url=url, reason=type(error).__name__)
    else:
        if answer.status_code == 503:
            yield wrong(UNWELL, url=url, status=503)
        elif answer.status_code != 401 or answer.content.strip() != b"{}":
            yield wrong(OTHER_BOT, url=url, status=answer.status_code)
        else:
            yield good(ENDPOINT, url=url)


def _spaces(installation: Installation) -> Iterator[Finding]:
    spaces = Chat(installation.clients, installation.quota).spaces()
    titles = [each.title for each in spaces if each.title]
    if not spaces:
        yield wrong(IN_NONE)
    else:
        names = ", ".join(titles) or "–"
        yield good(MEMBER, names=names, direct=len(spaces) - len(titles))


def _admin_space(installation: Installation) -> Iterator[Finding]:
    space = installation.settings.admin_space
    if space is None:
        yield good(NO_ADMIN_SPACE)
        return
    try:
        Chat(installation.clients, installation.quota).space(space)
    except SpaceRefused:
        yield wrong(NOT_IN_ADMIN_SPACE, space=space)
    else:
        yield good(ADMIN_SPACE, space=space)


CHECKS = (
    Check("endpoint", _endpoint, settings=("endpoint_url",)),
    Check("chat", _spaces, needs=("token",)),
    Check("admin-space", _admin_space, settings=("admin_space",), needs=("token",)),
)
