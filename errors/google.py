"""What Google answered, as far as a person or a retry has to know."""

from typing import ClassVar

from errors.base import KakariError


class GoogleError(KakariError):
    """Google refused: {reason}. Please tell the person who looks after Kakari."""

    ja: ClassVar[str] = (
        "Google がこの操作を拒否しました（{reason}）。Kakari の管理者に知らせてください。"
    )


class DriveStorageFull(GoogleError):
    """Kakari’s service account has no storage of its own: set KAKARI_PROJECT_PLACE to a folder in a shared drive of which it is a member."""

    ja = "Kakari のサービスアカウントには保存容量がありません。KAKARI_PROJECT_PLACE に、メンバーになっている共有ドライブのフォルダを指定してください。"


class DriveFolderMissing(GoogleError):
    """Kakari cannot see the Drive folder {folder}: check KAKARI_PROJECT_PLACE and share the folder with the service account."""

    ja = "Drive のフォルダ {folder} が見えません。KAKARI_PROJECT_PLACE を確認し、サービスアカウントに共有してください。"


class DriveRefused(GoogleError):
    """Google Drive does not let Kakari do this ({reason}): check the service account’s role in the shared drive."""

    ja = "Google Drive がこの操作を拒否しました（{reason}）。共有ドライブでのサービスアカウントの権限を確認してください。"


class NotOurs(GoogleError):
    """“{name}” exists already and is not what Kakari would have made. Look at it, then ask again."""

    ja = "「{name}」という名前の別のものがすでにあります。中身を確認し、もう一度依頼してください。"


class SheetMissing(GoogleError):
    """Kakari cannot see the spreadsheet {spreadsheet}: check its address in the settings file, and share it with {account} as an editor."""

    ja = "スプレッドシート {spreadsheet} が見えません。設定ファイルのアドレスを確認し、{account} を編集者として共有してください。"


class SheetRefused(GoogleError):
    """Google Sheets does not accept this ({reason}). Please tell the person who looks after Kakari."""

    ja = "Google スプレッドシートがこの操作を受け付けませんでした（{reason}）。Kakari の管理者に知らせてください。"


class NoSpreadsheet(SheetRefused):
    """The file {spreadsheet} is no Google spreadsheet, an Excel file perhaps: save it as a Google spreadsheet (File menu) and name that one in the settings file."""

    ja = "ファイル {spreadsheet} は Google スプレッドシートではありません（Excel ファイルなど）。「ファイル」メニューから Google スプレッドシートとして保存し、設定ファイルでそちらを指定してください。"


class SheetForbidden(SheetRefused):
    """Google Sheets does not let Kakari do this ({reason}): share the sheet with the service account as an editor, and let it edit protected ranges."""

    ja = "スプレッドシートへの操作が許可されていません（{reason}）。サービスアカウントを編集者として共有し、保護された範囲の編集も許可してください。"


class SpaceRefused(GoogleError):
    """Google Chat does not let Kakari write into this space ({reason})."""

    ja = "このスペースには書き込めません（{reason}）。"


class MessageGone(SpaceRefused):
    """The message was deleted from its space ({reason})."""

    ja = "メッセージはスペースから削除されています（{reason}）。"


class MessageRefused(GoogleError):
    """Google Chat does not accept this message ({reason}). Please tell the person who looks after Kakari."""

    ja = "Google Chat がこのメッセージを受け付けませんでした（{reason}）。Kakari の管理者に知らせてください。"


class KeyRefused(GoogleError):
    """Google does not accept Kakari’s service-account key: check KAKARI_GOOGLE_KEY_FILE."""

    ja = "サービスアカウントの鍵が受け付けられません。KAKARI_GOOGLE_KEY_FILE を確認してください。"


class KeyUnreadable(KeyRefused):
    """Kakari cannot read its service-account key {file} ({reason}): check KAKARI_GOOGLE_KEY_FILE."""

    ja = "サービスアカウントの鍵 {file} を読めません（{reason}）。KAKARI_GOOGLE_KEY_FILE を確認してください。"


class KeyUnusable(KeyRefused):
    """The file {file} is no service account’s key: download one as JSON in the Google Cloud console, and check KAKARI_GOOGLE_KEY_FILE."""

    ja = "{file} はサービスアカウントの鍵ではありません。Google Cloud コンソールで JSON の鍵を作成し、KAKARI_GOOGLE_KEY_FILE を確認してください。"


class KeyElsewhere(KeyRefused):
    """The key {file} (KAKARI_GOOGLE_KEY_FILE) belongs to {found}, and Kakari asks {wanted}: a simulator’s key goes with KAKARI_SIMULATOR_URL, Google’s without."""

    ja = "鍵 {file}（KAKARI_GOOGLE_KEY_FILE）の発行元は {found} ですが、接続先は {wanted} です。シミュレーターの鍵は KAKARI_SIMULATOR_URL と一緒に、Google の鍵はそれなしで使ってください。"


class ApiSwitchedOff(KeyRefused):
    """A Google API is not switched on for Kakari’s project: enable it in the Google Cloud console ({reason})."""

    ja = "Kakari のプロジェクトで Google の API が有効になっていません。Google Cloud コンソールで有効にしてください（{reason}）。"


class TryLater(GoogleError):
    """Google is busy or cannot be reached just now. Kakari tries again by itself."""

    ja = "Google が混み合っているか、つながりません。Kakari が自動でやり直します。"
    permanent = False


class TooMany(TryLater):
    """Google asks to slow down. Kakari waits and goes on by itself."""

    ja = "Google の上限に達しました。Kakari が待ってから続けます。"

    @property
    def retry_after(self) -> float | None:
        """Seconds until it is worth trying again, where that is known."""
        seconds: float | None = self.values.get("retry_after")
        return seconds


class OutcomeUnknown(TryLater):
    """Google did not answer in time, so Kakari looks whether it happened before it goes on."""

    ja = "Google から返事がないため、実行されたかを確かめてから続けます。"


class WrittenBefore(OutcomeUnknown):
    """Something that Kakari sent earlier has reached the sheet only now, so Kakari looks what stands there before it goes on."""

    ja = "以前に送信した内容がいまシートに反映されたため、現在の内容を確かめてから続けます。"
