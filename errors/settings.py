"""A setting keeps Kakari from starting."""

import os
from pathlib import Path
from typing import ClassVar, Self

from errors.base import KakariError


class SettingsError(KakariError):
    """Kakari’s settings are not right: {problem}."""

    ja: ClassVar[str] = "設定に誤りがあります: {problem}"


class SettingMissing(SettingsError):
    """{name} is not set: set it, such as {name}={example}."""

    ja = "{name} が設定されていません（例: {name}={example}）。"


class SettingWrong(SettingsError):
    """{name} is not right: {problem}."""

    ja = "{name} の値に誤りがあります: {problem}"


class UnknownSetting(SettingsError):
    """{name} is not a setting of Kakari{hint}."""

    ja = "{name} という設定はありません{hint_ja}。"


class SecretUnreadable(SettingsError):
    """Kakari may not read {file}: the file is user {owner}’s, and Kakari runs as user {ours}. Set CONTAINER_USER in .env to {owner}, or give the file to {ours}."""

    ja = "{file} を読む権限がありません。ファイルの所有者は {owner}、Kakari の実行ユーザーは {ours} です。.env の CONTAINER_USER を {owner} にするか、ファイルの所有者を {ours} にしてください。"

    @classmethod
    def of(cls, file: Path) -> Self:
        found = next(stat for each in (file, *file.parents) if (stat := _stat(each)))
        owner, ours = f"{found.st_uid}:{found.st_gid}", f"{os.geteuid()}:{os.getegid()}"
        return cls(file=file, owner=owner, ours=ours)


class FileRefused(SettingsError):
    """Kakari does not read {file} ({reason}): put a plain file there."""

    ja = "{file} は読み込めません（{reason_ja}）。通常のファイルを置いてください。"


class PermissionsUnread(SettingsError):
    """The permissions file {file} cannot be read ({why}): write one as docs/permissions.md shows, or check KAKARI_PERMISSIONS."""

    ja = "権限ファイル {file} を読めません（{why_ja}）。docs/permissions.md を参考に作成するか、KAKARI_PERMISSIONS を確認してください。"


class PermissionsBroken(SettingsError):
    """The permissions file has a mistake – {place}: {problem}."""

    ja = "権限ファイルに誤りがあります（{place}）: {problem_ja}。"


class ScheduleFileBroken(SettingsError):
    """The schedule file {file} cannot be used ({problem}): write it as docs/schedule.md shows, or check KAKARI_SCHEDULE."""

    ja = "予定表の設定ファイル {file} に誤りがあります（{problem}）。docs/schedule.md を参考に修正するか、KAKARI_SCHEDULE を確認してください。"


class DocumentSheetsBroken(SettingsError):
    """The file {file} about the documents’ sheets cannot be used ({problem}): write it as docs/invoices.md shows, or check KAKARI_DOCUMENT_SHEETS."""

    ja = "書類用シートの設定ファイル {file} に誤りがあります（{problem}）。docs/invoices.md を参考に修正するか、KAKARI_DOCUMENT_SHEETS を確認してください。"


class PortTaken(SettingsError):
    """Port {port} is in use by another program."""

    ja = "ポート {port} は別のプログラムが使用中です。"


class LedgerOutdated(SettingsError):
    """The ledger’s database is at {found}, and this version needs {wanted}: run “kakari migrate”."""

    ja = "台帳データベースの版（{found}）が、このバージョンに必要な版（{wanted}）と違います。「kakari migrate」を実行してください。"


class LedgerAway(SettingsError):
    """The ledger’s database cannot be opened ({reason}): check KAKARI_DATABASE_URL and KAKARI_DATABASE_PASSWORD."""

    ja = "台帳データベースを開けません（{reason}）。KAKARI_DATABASE_URL と KAKARI_DATABASE_PASSWORD を確認してください。"


class RoleOwns(SettingsError):
    """KAKARI_DATABASE_APP_ROLE names {role}, who may do all that the tables’ owner may: name another role, which “kakari migrate” makes."""

    ja = "KAKARI_DATABASE_APP_ROLE の {role} にはテーブルの所有者と同じ権限があります。別のロール名を指定してください（「kakari migrate」が作成します）。"


class RoleRefused(SettingsError):
    """The database does not let “kakari migrate” prepare the role {role} ({reason}): run it as the tables’ owner, or make the role by hand as docs/deploy.md shows."""

    ja = "データベースの権限が足りず、「kakari migrate」がロール {role} を準備できません（{reason}）。テーブルの所有者で実行するか、docs/deploy.md のとおりロールを作成してください。"


class QueueRefuses(SettingsError):
    """Redis does not let Kakari in ({reason}): check KAKARI_REDIS_URL and KAKARI_REDIS_PASSWORD."""

    ja = "Redis に接続できません（{reason}）。KAKARI_REDIS_URL と KAKARI_REDIS_PASSWORD を確認してください。"


class QueueForgets(SettingsError):
    """The Redis of KAKARI_REDIS_URL forgets ({option} is “{found}”): start it with --{option} {wanted}."""

    ja = "KAKARI_REDIS_URL の Redis はデータを失う設定です（{option} が「{found}」）。--{option} {wanted} を付けて起動してください。"


class FileNotWritten(SettingsError):
    """{file} cannot be written ({reason}); nothing was left there."""

    ja = "{file} に書き込めません（{reason}）。途中のファイルは残していません。"


class DemoBroken(SettingsError):
    """The demo did not do what it says; its logs are in {logs}."""

    ja = "デモが正しく動作しませんでした。ログ: {logs}"


class TaxFileBroken(SettingsError):
    """The rates in {file} cannot be used – {problem}."""

    ja = "{file} の税率を読み取れません: {problem}"


class IssuerFileBroken(SettingsError):
    """What {file} says of who issues documents cannot be used – {problem}."""

    ja = "{file}（発行者の情報）に誤りがあります: {problem}"


def _stat(file: Path) -> os.stat_result | None:
    """Return whose the file is; None where its folder may not be entered, which is then the lock."""
    try:
        return file.stat()
    except PermissionError:
        return None
