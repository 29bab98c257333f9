"""What a person typed cannot be done as typed."""

from typing import ClassVar

from errors.base import KakariError


class AskingError(KakariError):
    """This cannot be done as asked. Please check what you typed."""

    ja: ClassVar[str] = "このままでは受け付けられません。入力を確認してください。"


class NotAllowed(AskingError):
    """You may not ask Kakari for this. Ask the person who looks after Kakari to add you."""

    ja = "この依頼をする権限がありません。Kakari の管理者に権限の追加を依頼してください。"


class CommandUnknown(AskingError):
    """There is no /{name}, only {known}."""

    ja = "/{name} というコマンドはありません。使えるのは {known} です。"


class UnusableName(AskingError):
    """“{name}” cannot be a file or folder name: {why}."""

    ja = "「{name}」はファイルやフォルダの名前にできません（{why_ja}）。"


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
