"""What a person typed cannot be done as typed."""

from typing import ClassVar

from errors.base import KakariError


class AskingError(KakariError):
    """This cannot be done as asked. Please check what you typed."""

    ja: ClassVar[str] = "このままでは受け付けられません。入力を確認してください。"


class NotAllowed(AskingError):
    """You may not ask Kakari for this. Ask the person who looks after Kakari to add you."""

    ja = "この依頼をする権限がありません。Kakari の管理者に追加を頼んでください。"


class UnusableName(AskingError):
    """“{name}” cannot be a file or folder name: {why}."""

    ja = "「{name}」はファイルやフォルダの名前にできません（{why_ja}）。"


class StalePlan(AskingError):
    """This plan has changed since it was shown. Please look at the new one."""

    ja = "この計画は表示後に変わりました。新しい計画を確認してください。"


class AlreadyDecided(AskingError):
    """{who} has already decided this."""

    ja = "すでに {who} さんが操作しました。"


class JobUnknown(AskingError):
    """This job is no longer in the ledger."""

    ja = "この依頼は台帳に見つかりません。"
