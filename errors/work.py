"""A job cannot go on."""

from typing import ClassVar

from errors.base import KakariError


class WorkError(KakariError):
    """The work could not be finished. Please tell the person who looks after Kakari."""

    ja: ClassVar[str] = "作業を完了できませんでした。Kakari の管理者に知らせてください。"


class LeaseLost(WorkError):
    """Another worker has taken this job over."""

    ja = "別のワーカーがこの作業を引き継ぎました。"
    permanent = False


class Stopping(WorkError):
    """This worker is being stopped; another goes on."""

    ja = "このワーカーは停止中です。別のワーカーが続けます。"
    permanent = False


class TriedTooOften(WorkError):
    """Kakari tried {attempts} times without getting further and stopped. Nothing was done twice."""

    ja = "{attempts}回試みましたが完了できないため中止しました。同じものが二重に作られることはありません。"


class RestoredSince(WorkError):
    """Kakari’s records were restored from the backup of {moment}, and what was done after that is not in them. Please look whether this was done or decided since, then choose on the card."""

    ja = "Kakari の記録を {moment} 時点のバックアップから復元しました。それ以降の作業は記録に残っていません。すでに完了・中止されていないかご確認のうえ、カードのボタンで選択してください。"


class TemplateBroken(WorkError):
    """The template “{template}” has a mistake in {file}, line {line}: {problem}."""

    ja = "テンプレート「{template}」の {file} {line} 行目に誤りがあります（{problem_ja}）。"


class TemplateChanged(WorkError):
    """The template “{template}” has changed since this plan was shown. Please ask again."""

    ja = "テンプレート「{template}」が承認後に変更されました。もう一度依頼してください。"


class TemplateUnknown(WorkError):
    """There is no template “{template}”. There are: {known}."""

    ja = "テンプレート「{template}」はありません。使えるもの: {known}"


class DiskRefused(WorkError):
    """Kakari cannot write to {path} ({reason}): check the folder and its owner."""

    ja = "{path} に書き込めません（{reason_ja}）。フォルダと所有者を確認してください。"


class DiskAway(DiskRefused):
    """Kakari cannot write to {path} just now ({reason}). It tries again by itself."""

    ja = "ただいま {path} に書き込めません（{reason_ja}）。Kakari が自動でやり直します。"
    permanent = False


class DiskTaken(WorkError):
    """“{path}” exists already and is not what Kakari would have made. Look at it, then ask again."""

    ja = "「{path}」には別のものがすでにあります。中身を確認し、もう一度依頼してください。"


class Final(WorkError):
    """This cannot be taken back."""

    ja = "これは元に戻せません。"


class CannotTell(WorkError):
    """Whether this happened is not known, so it was left as it is. Please look."""

    ja = "実行されたか分からないため、そのままにしました。ご確認ください。"


class ChangedSince(WorkError):
    """“{name}” was changed after Kakari made it, so it was left."""

    ja = "「{name}」は Kakari が作成した後に変更されているため、そのまま残しました。"


class RenamedSince(ChangedSince):
    """“{name}” was renamed to “{now}” after Kakari made it, so it was left."""

    ja = "「{name}」は Kakari が作成した後に「{now}」へ名前が変更されているため、そのまま残しました。"


class MovedSince(ChangedSince):
    """“{name}” was moved to another folder after Kakari made it, so it was left."""

    ja = "「{name}」は Kakari が作成した後に別のフォルダへ移動されているため、そのまま残しました。"


class HoldsMore(ChangedSince):
    """“{name}” holds something that was changed or that Kakari did not make, so it was left."""

    ja = "「{name}」には、変更されたものか Kakari が作成していないものが入っているため、そのまま残しました。"
