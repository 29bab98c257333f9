"""What a person typed cannot be done as typed."""

from typing import ClassVar

from errors.base import KakariError


class AskingError(KakariError):
    """This cannot be done as asked. Please check what you typed."""

    ja: ClassVar[str] = "このままでは受け付けられません。入力を確認してください。"


class NotAllowed(AskingError):
    """You may not ask Kakari for this. Ask the person who looks after Kakari to add you."""

    ja = "この依頼をする権限がありません。Kakari の管理者に権限の追加を依頼してください。"


class PermissionsUncertain(AskingError):
    """Nothing can be approved, changed or taken back just now, because the permissions file cannot be used. Ask the person who looks after Kakari to mend it; then it works again at once."""

    ja = "権限ファイルに問題があるため、いまは承認・変更・取り消しができません。Kakari の管理者に修正を依頼してください。修正後はすぐに使えます。"


class PermissionsLapsed(AskingError):
    """Kakari takes no requests just now, because the permissions file cannot be used. Ask the person who looks after Kakari to mend it; then it works again at once."""

    ja = "権限ファイルに問題があるため、いまは依頼を受け付けられません。Kakari の管理者に修正を依頼してください。修正後はすぐに使えます。"


class CommandUnknown(AskingError):
    """There is no /{name}, only {known}."""

    ja = "/{name} というコマンドはありません。使えるのは {known} です。"


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


class TooManyOpen(AskingError):
    """You have {n} open requests, which is the most for one person: look at /jobs, and discard some or wait for some to end."""

    ja = (
        "未完了の依頼が {n} 件あり上限に達しているため、/jobs で確認して不要なものを取りやめるか、"
        "終わるのを待ってから、もう一度依頼してください。"
    )


class StalePlan(AskingError):
    """This plan has changed since it was shown. Please look at the new one."""

    ja = "表示後に内容が変わりました。最新のカードをご確認ください。"


class NothingFound(AskingError):
    """There is no request here with “{words}”. Name one by its number or by words of its subject."""

    ja = "「{words}」に当てはまる依頼はここにはありません。番号か、件名に含まれる言葉を指定してください。"


class AlreadyDecided(AskingError):
    """{who} has already decided this."""

    ja = "すでに{who}さんが対応済みです。"


class AlreadyEnded(AskingError):
    """This has already ended."""

    ja = "この依頼はすでに終わっています。"


class JobUnknown(AskingError):
    """This job is no longer in the ledger."""

    ja = "この依頼の記録が見つかりません。"


class AlreadyApproved(AskingError):
    """You have approved this already; {missing} more have to."""

    ja = "すでに承認済みです。あと{missing}人の承認が必要です。"


class OwnRequest(AskingError):
    """You asked for this or edited it yourself, so somebody else has to approve it."""

    ja = "ご自身が依頼または修正した内容は承認できません。ほかの方に承認を依頼してください。"


class MayNotApprove(AskingError):
    """You may not decide about this. Ask somebody who may."""

    ja = "この依頼を承認・操作する権限がありません。権限のある方に依頼してください。"


class BeingUndone(AskingError):
    """This is being taken back already."""

    ja = "すでに元に戻しているところです。"


class NothingToRetry(AskingError):
    """There is nothing to go on with here."""

    ja = "この依頼には再開する作業がありません。"


class UndoneBefore(AskingError):
    """Parts of this were taken back, so it cannot go on where it stopped. Ask for it again."""

    ja = "一部が元に戻されているため、途中から再開できません。もう一度依頼してください。"


class NothingToUndo(AskingError):
    """There is nothing here that could be taken back."""

    ja = "この依頼には元に戻せるものがありません。"


class NotUnsure(AskingError):
    """This question has been answered already."""

    ja = "この確認にはすでに回答済みです。"
