"""What is typed into Google's Chat API configuration page, which no API lets us fill in.

The commands come from where they are declared, so what Google sends finds what it means.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.queries import QUERIES
from cards.sentences import Sentence
from tasks.registry import all_tasks

IDS: Mapping[int, str] = {
    1: "project",
    2: "remind",
    3: "sync",
    21: "party",
    22: "quote",
    23: "invoice",
    24: "parties",
    25: "register",
    101: "jobs",
    102: "status",
    103: "help",
    104: "audit",
    105: "approve",
    106: "cancel",
    107: "retry",
    108: "undo",
    109: "schedule",
    110: "find",
}
"""Every id that a command of Kakari's ever had. The configuration at Google is changed by hand and
later than the code, so the id of a command that is gone must not come to mean another one."""
NO_URL = "KAKARI_ENDPOINT_URL"
"""Stands for the address while that is not set."""
LOCALES = ("en", "ja")
LONGEST = 50
"""Characters of a command's name and of its description (Chat API, Commands)."""

ID_TAKEN = Sentence(
    "Id {id} is of several commands ({names}): give each task a command_id of its own.",
    "番号 {id} が複数のコマンド（{names}）に使われています。command_id を別の番号にしてください。",
)
ID_USED = Sentence(
    "Id {id} was “/{was}” and cannot come to mean “/{name}”: take one that was never used.",
    "番号 {id} は「/{was}」の番号です。「/{name}」には使われたことのない番号を付けてください。",
)
ID_IMPOSSIBLE = Sentence(
    "“/{name}” has the id {id}, and Google takes 1 to 1000: change its command_id.",
    "「/{name}」の番号 {id} は使えません。1 から 1000 の command_id にしてください。",
)
TOO_LONG = Sentence(
    "“{text}” of “/{name}” has more than the {most} characters that Google takes: shorten it.",
    "「/{name}」の「{text}」は長すぎます。{most} 文字以内にしてください。",
)


@dataclass(frozen=True)
class Command:
    """A slash command as Google has to know it."""

    id: int
    name: str
    """Without its slash."""
    about: Sentence
    opens_dialog: bool


def all_commands() -> list[Command]:
    """Return the tasks and the queries by their ids."""
    tasks = [
        Command(task.command_id, task.name, task.about, task.dialog)
        for task in all_tasks().values()
    ]
    queries = [
        Command(query.command_id, query.name, query.about, opens_dialog=False)
        for query in QUERIES.values()
    ]
    return sorted([*tasks, *queries], key=lambda command: command.id)


def mistakes(commands: Sequence[Command]) -> list[dict[str, str]]:
    """Return what Google would not take, or would take for something else; in each language."""
    return [
        {locale: sentence.say(locale, **values) for locale in LOCALES}
        for sentence, values in _mistakes(commands)
    ]


def _mistakes(commands: Sequence[Command]) -> Iterator[tuple[Sentence, dict[str, Any]]]:
    for number, times in Counter(command.id for command in commands).items():
        if times > 1:
            names = ", ".join(f"/{each.name}" for each in commands if each.id == number)
            yield ID_TAKEN, {"id": number, "names": names}
    for each in commands:
        was = IDS.get(each.id, each.name)
        if was != each.name:
            yield ID_USED, {"id": each.id, "was": was, "name": each.name}
        if not 1 <= each.id <= 1000:
            yield ID_IMPOSSIBLE, {"id": each.id, "name": each.name}
        for text in (f"/{each.name}", each.about.en, each.about.ja):
            if len(text) > LONGEST:
                yield TOO_LONG, {"text": text, "name": each.name, "most": LONGEST}


@dataclass(frozen=True)
class Field:
    """A field of the page, in the order of the page."""

    name: str
    label: Sentence
    """What Google calls it."""
    value: Sentence


FIELDS = (
    Field(
        "app_name",
        Sentence("App name", "アプリ名"),
        Sentence("Kakari, or another name", "Kakari（別の名前も可）"),
    ),
    Field(
        "avatar_url",
        Sentence("Avatar URL", "アバターの URL"),
        Sentence(
            "the HTTPS address of a square PNG of 256 pixels or more, such as your firm’s sign",
            "256 ピクセル以上の正方形の PNG 画像の HTTPS アドレス（会社のロゴなど）",
        ),
    ),
    Field(
        "description",
        Sentence("Description", "説明"),
        Sentence("Does the paperwork you ask for in Chat", "チャットで頼める事務作業の係"),
    ),
    Field(
        "workspace_add_on",
        Sentence("Build this Chat app as a Workspace add-on", "Workspace アドオンとして構築"),
        Sentence("as Google has it: Kakari understands both forms", "初期値のまま（両形式に対応）"),
    ),
    Field(
        "interactive_features",
        Sentence("Enable interactive features", "インタラクティブ機能を有効にする"),
        Sentence("on", "オン"),
    ),
    Field(
        "join_spaces",
        Sentence("Join spaces and group conversations", "スペースとグループの会話に参加する"),
        Sentence("ticked", "チェックを入れる"),
    ),
    Field(
        "endpoint_url",
        Sentence(
            "Connection settings: HTTP endpoint URL, the same for all triggers",
            "接続設定: HTTP エンドポイント URL（すべてのトリガーで共通）",
        ),
        Sentence("{endpoint_url}", "{endpoint_url}（一字一句同じもの）"),
    ),
    Field(
        "authentication_audience",
        Sentence(
            "Authentication audience, where it is asked for", "認証オーディエンス（表示される場合）"
        ),
        Sentence("Project number", "プロジェクト番号"),
    ),
    Field(
        "commands",
        Sentence("Commands", "コマンド"),
        Sentence(
            "those below, each as a slash command", "下の表のとおり（種類はスラッシュ コマンド）"
        ),
    ),
    Field(
        "link_previews", Sentence("Link previews", "リンクのプレビュー"), Sentence("none", "なし")
    ),
    Field(
        "visibility",
        Sentence("Visibility", "公開設定"),
        Sentence(
            "the people or groups who may find it; what each may do, the permissions file says",
            "利用する人またはグループ（できることは権限ファイルで決まります）",
        ),
    ),
    Field(
        "logs",
        Sentence("Logs: log errors to Logging", "ログ: エラーを Logging に記録する"),
        Sentence("ticked", "チェックを入れる"),
    ),
)
HEAD = Sentence(
    "| id | name | description | opens a dialog |",
    "| コマンド ID | 名前 | 説明 | ダイアログを開く |",
)
DIALOG, NO_DIALOG = Sentence("yes", "はい"), Sentence("no", "いいえ")


def table(locale: str, endpoint_url: str) -> str:
    """Return the fields and the commands as two tables in Markdown."""
    lines = ["| | |", "|---|---|"]
    lines += [
        f"| {each.label.say(locale)} | {each.value.say(locale, endpoint_url=endpoint_url)} |"
        for each in FIELDS
    ]
    lines += ["", HEAD.say(locale), "|---|---|---|---|"]
    for each in all_commands():
        dialog = (DIALOG if each.opens_dialog else NO_DIALOG).say(locale)
        lines.append(f"| {each.id} | `/{each.name}` | {each.about.say(locale)} | {dialog} |")
    return "\n".join(lines)


def to_json(endpoint_url: str) -> str:
    """Return the same for machines, in both languages."""

    def both(sentence: Sentence) -> dict[str, str]:
        return {locale: sentence.say(locale, endpoint_url=endpoint_url) for locale in LOCALES}

    commands = [
        {
            "id": each.id,
            "name": f"/{each.name}",
            "type": "SLASH_COMMAND",
            "description": both(each.about),
            "opens_dialog": each.opens_dialog,
        }
        for each in all_commands()
    ]
    fields = {each.name: both(each.value) for each in FIELDS}
    return json.dumps({"fields": fields, "commands": commands}, ensure_ascii=False, indent=2)
