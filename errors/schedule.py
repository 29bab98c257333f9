"""The schedule sheet cannot be kept in step."""

from typing import ClassVar

from errors.base import KakariError


class ScheduleError(KakariError):
    """The schedule sheet cannot be read. Please tell the person who looks after Kakari."""

    ja: ClassVar[str] = "予定表を読み込めません。Kakari の管理者に知らせてください。"


class NoSchedule(ScheduleError):
    """No schedule sheet is set up: KAKARI_SCHEDULE names the file that says which one (docs/schedule.md)."""

    ja = "予定表が設定されていません。KAKARI_SCHEDULE に設定ファイルを指定してください（docs/schedule.md）。"


class TabMissing(ScheduleError):
    """The spreadsheet has no tab “{tab}”, only {tabs}: check “tab” in the settings file."""

    ja = "スプレッドシートに「{tab}」というシートがありません（あるのは {tabs}）。設定ファイルの tab を確認してください。"


class TooManyRows(ScheduleError):
    """The schedule sheet has {rows} rows, and Kakari keeps at most {most} in step: move finished ones to another tab."""

    ja = "予定表が {rows} 行あります（上限 {most} 行）。完了した行を別のシートに移してください。"


class HeadersMissing(ScheduleError):
    """The schedule sheet has no row with headers that Kakari knows ({names}): check the tab, or name its columns in the schedule file."""

    ja = "予定表に見出しの行が見つかりません（{names}）。シートを確認するか、設定ファイルで列の見出しを指定してください。"


class KeyColumnMissing(ScheduleError):
    """The headers in row {row} have no column “{name}”: add one, empty; Kakari fills it and finds its rows by it."""

    ja = "{row} 行目の見出しに「{name}」の列がありません。空の列を追加してください。番号は Kakari が記入し、行の目印に使います。"


class TwoHeaders(ScheduleError):
    """Rows {first} and {second} both look like headers: leave one, or put the other table on a tab of its own."""

    ja = "{first} 行目と {second} 行目の両方が見出しに見えます。一つだけ残すか、もう一方の表を別のシートに移してください。"


class HeaderTwice(ScheduleError):
    """The header “{name}” stands twice in row {row}: rename one of the columns."""

    ja = "{row} 行目に見出し「{name}」が二つあります。どちらかの列の名前を変えてください。"


class SheetBusy(ScheduleError):
    """Another job is writing to the sheet just now. Kakari tries again by itself."""

    ja = "シートは別の処理で更新中です。Kakari が自動でやり直します。"
    permanent = False


class AnsweredBefore(ScheduleError):
    """This question has been answered, or the schedule has changed since. The latest card has what is open."""

    ja = "この質問は回答済みか、そのあと予定表が変わっています。最新のカードをご確認ください。"


class HeadersGone(ScheduleError):
    """The tab “{tab}” no longer has the headers {names} in one row: put them back, then “Go on”."""

    ja = "シート「{tab}」の見出し（{names}）がなくなっています。元に戻してから「続きから再開」してください。"


class NotInSheet(ScheduleError):
    """The row of {key} was edited or removed at the same moment, or has a formula there, so nothing was written. Kakari looks at it again by itself."""

    ja = "{key} の行が同時に編集・削除されたか、数式が入っているため、書き込みませんでした。Kakari が自動でもう一度確認します。"


class RowsMoved(ScheduleError):
    """While Kakari wrote, somebody moved the rows around row {row}. What stood there was put back; please look at it, then “Go on”."""

    ja = "書き込み中に {row} 行目付近の行が動かされたため、元の内容に戻しました。ご確認のうえ「続きから再開」してください。"


class RowsOverwritten(ScheduleError):
    """While Kakari wrote the row of {key}, somebody moved the rows, and what stood in row {row} could not be put back: please look at it in the sheet’s version history."""

    ja = "{key} の行を書き込み中に行が動かされ、{row} 行目の元の内容を戻せませんでした。変更履歴で確認してください。"


class KeyTaken(ScheduleError):
    """The number {key} is another project’s in the schedule already (“{name}”): give that one another number in the sheet and take it in, then “Go on”."""

    ja = "番号 {key} は予定表で別の案件（「{name}」）に使われています。予定表側の番号を変更して登録し直してから「続きから再開」してください。"


class ProjectChanged(ScheduleError):
    """The entry of {key} was changed since, so it stays in the schedule."""

    ja = "{key} の登録内容はその後変更されているため、予定表に残しました。"


class RowStays(ScheduleError):
    """The row of {key} was added by this and stays: delete it in the sheet if it is not wanted."""

    ja = "{key} の行は追加されたまま残ります。不要ならシートで行を削除してください。"


class EditedSince(ScheduleError):
    """The row of {key} was edited since, so it was left."""

    ja = "{key} の行はその後編集されているため、そのまま残しました。"
