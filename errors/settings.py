"""A setting keeps Kakari from starting."""

from typing import ClassVar

from errors.base import KakariError


class SettingsError(KakariError):
    """Kakari’s settings are not right: {problem}."""

    ja: ClassVar[str] = "設定に誤りがあります: {problem}"


class UnknownSetting(SettingsError):
    """{name} is not a setting of Kakari{hint}."""

    ja = "{name} という設定はありません{hint_ja}。"


class PermissionsUnread(SettingsError):
    """The permissions file {file} cannot be read ({why}): write one as docs/permissions.md shows, or check KAKARI_PERMISSIONS."""

    ja = "権限ファイル {file} を読めません（{why}）。docs/permissions.md を参考に作成するか、KAKARI_PERMISSIONS を確認してください。"


class PermissionsBroken(SettingsError):
    """The permissions file has a mistake – {place}: {problem}."""

    ja = "権限ファイルに誤りがあります（{place}）: {problem_ja}。"


class PortTaken(SettingsError):
    """Port {port} is in use by another program."""

    ja = "ポート {port} は別のプログラムが使用中です。"


class LedgerOutdated(SettingsError):
    """The ledger’s database is at {found}, and this version needs {wanted}: run “kakari migrate”."""

    ja = "台帳データベースの版（{found}）が、このバージョンに必要な版（{wanted}）と違います。「kakari migrate」を実行してください。"


class LedgerAway(SettingsError):
    """The ledger’s database cannot be opened ({reason}): check KAKARI_DATABASE_URL."""

    ja = "台帳データベースを開けません（{reason}）。KAKARI_DATABASE_URL を確認してください。"


class DemoBroken(SettingsError):
    """The demo did not do what it says; its logs are in {logs}."""

    ja = "デモが正しく動作しませんでした。ログ: {logs}"


class TaxFileBroken(SettingsError):
    """The rates in {file} cannot be used – {problem}."""

    ja = "{file} の税率を読み取れません: {problem}"


class IssuerFileBroken(SettingsError):
    """What {file} says of who issues documents cannot be used – {problem}."""

    ja = "{file}（発行者の情報）に誤りがあります: {problem}"
