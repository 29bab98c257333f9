"""A backup cannot be written, or not be restored."""

from typing import ClassVar

from errors.base import KakariError


class BackupError(KakariError):
    """The backup did not work. Please tell the person who looks after Kakari."""

    ja: ClassVar[str] = "バックアップを処理できませんでした。Kakari の管理者に知らせてください。"


class FileTaken(BackupError):
    """{file} exists already: name another file, or replace it with --force."""

    ja = "{file} はすでにあります。別の名前を指定するか、--force で置き換えてください。"


class NotWritten(BackupError):
    """The backup cannot be written to {file} ({reason}); nothing was left there."""

    ja = "バックアップを {file} に書き込めません（{reason}）。途中のファイルは残していません。"


class NotRead(BackupError):
    """{file} cannot be read ({reason})."""

    ja = "{file} を読み込めません（{reason}）。"


class NotABackup(BackupError):
    """{file} is not a backup of Kakari’s, or it was cut short: take another one."""

    ja = "{file} は Kakari のバックアップではないか、途中で切れています。別のバックアップを使用してください。"


class Damaged(BackupError):
    """{file} is damaged (at {part}), so nothing of it was restored: take another one."""

    ja = "{file} は破損しているため（{part}）、復元していません。別のバックアップを使用してください。"


class SealMissing(BackupError):
    """{file} bears no seal of your key (KAKARI_BACKUP_KEY_FILE), so anybody may have made it: take one that does. If you know where it comes from, add --without-seal."""

    ja = "{file} には KAKARI_BACKUP_KEY_FILE の鍵による署名がないため、作成元を確認できません。署名のあるバックアップを使用してください。出所が確かな場合は --without-seal を付けてください。"


class SealForeign(BackupError):
    """The seal of {file} is not of your key (KAKARI_BACKUP_KEY_FILE): the file was changed, or another key sealed it. Nothing of it was restored; take another one, or name that key."""

    ja = "{file} の署名が KAKARI_BACKUP_KEY_FILE の鍵と一致しません。ファイルが変更されたか、別の鍵で署名されています。復元していません。別のバックアップを使うか、署名に使った鍵を指定してください。"


class KeyTooShort(BackupError):
    """The key in {file} is shorter than {least} bytes: make one with “openssl rand -base64 48”."""

    ja = "{file} の鍵が短すぎます（{least} バイト以上必要）。「openssl rand -base64 48」で作成してください。"


class RowForeign(BackupError):
    """The database did not take row {row} of {table} in the backup ({reason}); it is as it was before."""

    ja = "バックアップのテーブル {table} の {row} 行目を取り込めません（{reason}）。データベースは元のままです。"


class TooNew(BackupError):
    """This backup was made by a newer Kakari ({version}, schema {revision}): restore it with that version."""

    ja = "このバックアップは新しいバージョンの Kakari（{version}、スキーマ {revision}）で作成されています。そのバージョンで復元してください。"


class LedgerInUse(BackupError):
    """The ledger that KAKARI_DATABASE_URL names is not empty (it has {rows} rows of {table}): name an empty database."""

    ja = "KAKARI_DATABASE_URL の台帳は空ではありません（{table} が {rows} 件）。空のデータベースを指定してください。"


class LedgerAhead(BackupError):
    """The database is at schema {found} already, and this backup begins at {revision}: name a database that no “kakari migrate” has touched."""

    ja = "データベースはすでにスキーマ {found} で、このバックアップ（{revision}）より新しくなっています。「kakari migrate」を実行していない空のデータベースを指定してください。"


class NotRestored(BackupError):
    """The database did not take the backup ({reason}); it is as it was before."""

    ja = (
        "データベースがバックアップを受け付けませんでした（{reason}）。データベースは元のままです。"
    )


class NumbersUnsaid(BackupError):
    """Numbers may have been given out after {moment}, the moment of this backup. Look for the highest one of each series in the folders and documents, and say it. If there is none higher than in the backup, say {options}."""

    ja = "このバックアップ（{moment}）より後に番号が発行されている可能性があります。フォルダや書類で各シリーズの最後の番号を確認して指定してください。バックアップより後の番号がなければ {options} と指定してください。"


class NumberTooLow(BackupError):
    """The backup itself knows {series}/{year}={last}, so {series}/{year} cannot go on after {number}."""

    ja = "バックアップに {series}/{year}={last} の記録があるため、{number} から続けることはできません。"


class NumberUnreadable(BackupError):
    """“{given}” does not say the last number of a series: write it as project/2026=57."""

    ja = "「{given}」は番号の指定として読み取れません。project/2026=57 のように指定してください。"
