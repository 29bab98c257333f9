"""What a person typed cannot be done as typed."""

from typing import ClassVar

from errors.base import KakariError


class AskingError(KakariError):
    """This cannot be done as asked. Please check what you typed."""

    ja: ClassVar[str] = "このままでは受け付けられません。入力を確認してください。"


class NotAllowed(AskingError):
    """You may not ask Kakari for this. Ask the person who looks after Kakari to add you."""

    ja = "この依頼をする権限がありません。Kakari の管理者に権限の追加を依頼してください。"


class UnusableName(AskingError):
    """“{name}” cannot be a file or folder name: {why}."""

    ja = "「{name}」はファイルやフォルダの名前にできません（{why_ja}）。"


class NotATime(AskingError):
    """Please begin with a time, for example “180 tea” (seconds), “10m tea”, “2h call Sato”, “15:30 meeting”, “tomorrow 9:00 meeting” or “2026-12-01 09:00 deadline”."""

    ja = (
        "はじめに時間か日時を入力してください（例: 「180 お茶」（秒）、「10分 お茶」、"
        "「2時間 佐藤さんに電話」、「15:30 会議」、「明日9時 会議」、「2026-12-01 09:00 納期」）。"
    )


class PastTime(AskingError):
    """This time has passed already. Please type a later one."""

    ja = "指定の日時は過ぎています。これからの日時を入力してください。"


class TooFarAhead(AskingError):
    """This is more than a year ahead. Please type an earlier time."""

    ja = "1 年より先の日時は指定できません。もっと近い日時を入力してください。"


class TooLong(AskingError):
    """This is too long. Please use {most} characters at the most."""

    ja = "文が長すぎます。{most} 文字以内で入力してください。"


class StalePlan(AskingError):
    """This plan has changed since it was shown. Please look at the new one."""

    ja = "表示後に内容が変わりました。最新のカードをご確認ください。"


class AlreadyDecided(AskingError):
    """{who} has already decided this."""

    ja = "すでに{who}さんが対応済みです。"


class AlreadyEnded(AskingError):
    """This has already ended."""

    ja = "この依頼はすでに終わっています。"


class JobUnknown(AskingError):
    """This job is no longer in the ledger."""

    ja = "この依頼の記録が見つかりません。"
