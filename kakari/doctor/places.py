"""The places that Kakari works in: in each, something is made and taken away again."""

import secrets
from collections.abc import Iterator

from cards.sentences import Sentence
from effects.disk_root import DiskRoot
from errors import KakariError
from kakari.doctor.check import Check, Finding, Look, good, warning, wrong
from kakari.doctor.installation import Installation
from kakari.settings import PREFIX, Settings, Survey
from ledger.plan import Content
from workspace.drive import Drive
from workspace.drive_file import FOLDER, NewFolder

PROBE = "kakari-doctor"
TEXT = b"Made by kakari doctor, which takes it away again.\n"
DRIVE_SECONDS = 240.0
"""More than all its calls may take together: what was made is taken away even then."""

WORKS = Sentence(
    "A probe could be made in {place} and taken away again.",
    "{place} に試しに作成し、元に戻せることを確認しました。",
)
UNSHARED = Sentence(
    "{account} cannot see the folder {folder}: add that address to the folder’s shared drive as content manager, or check {name}.",
    "{account} からフォルダ {folder} が見えません。共有ドライブにこのアドレスを「コンテンツ管理者」として追加するか、{name} を確認してください。",
)
NO_FOLDER = Sentence(
    "“{title}” is no folder, or in the trash: set {name} to the id of a folder in a shared drive.",
    "「{title}」はフォルダではないか、ゴミ箱にあります。{name} に共有ドライブ内のフォルダの ID を設定してください。",
)
MY_DRIVE = Sentence(
    "“{title}” is in somebody’s My Drive, where what {account} makes would be its own, and a service account has no storage: take a folder in a shared drive with that address as content manager, and set {name} to it.",
    "「{title}」は個人のマイドライブにあります。サービスアカウントには保存容量がなく、マイドライブには作成できません。{account} を「コンテンツ管理者」に追加した共有ドライブのフォルダを {name} に設定してください。",
)
STAYS = Sentence(
    "Kakari may add to “{title}” and not take away, so an undo leaves what was made, and the folder {probe} is left in there: make {account} a content manager.",
    "「{title}」には追加できますが、元に戻せません（{probe} フォルダが残っています）。{account} を「コンテンツ管理者」にしてください。",
)


def checks(survey: Survey) -> Iterator[Check]:
    """Yield a check for each setting that names a place."""
    for setting in Settings.model_fields:
        if not setting.endswith("_place"):
            continue
        place = str(getattr(survey.settings, setting, None))
        name = setting.replace("_", "-")
        if place.startswith("drive:"):
            look, needs = _in_drive(setting), ("token",)
            yield Check(name, look, (setting,), needs, seconds=DRIVE_SECONDS)
        else:
            yield Check(name, _on_disk(setting), (setting,))


def _in_drive(setting: str) -> Look:
    def look(installation: Installation) -> Iterator[Finding]:
        name, account = PREFIX + setting.upper(), installation.clients.account
        place: str = getattr(installation.settings, setting)
        folder = place.partition(":")[2]
        drive = Drive(installation.clients, installation.quota)
        found = drive.get(folder)
        if found is None:
            yield wrong(UNSHARED, account=account, folder=folder, name=name)
        elif found.trashed or found.mime_type != FOLDER:
            yield wrong(NO_FOLDER, title=found.name, name=name)
        elif found.shared_drive is None:
            yield wrong(MY_DRIVE, title=found.name, account=account, name=name)
        else:
            probe = NewFolder(drive.new_ids(1)[0], _probe(), folder, PROBE)
            (made,) = drive.create_folders([probe])
            # Also where it was refused, or had no answer: then it may be there all the same.
            (left,) = drive.trash([probe.id])
            if isinstance(made, KakariError):
                raise made
            if left:
                yield warning(STAYS, title=found.name, probe=probe.name, account=account)
            else:
                yield good(WORKS, place=f"“{found.name}”")

    return look


def _on_disk(setting: str) -> Look:
    def look(installation: Installation) -> Iterator[Finding]:
        root = getattr(installation.settings, setting).partition(":")[2]
        probe = f"{_probe()}.txt"
        with DiskRoot(root) as disk:
            try:
                disk.write(probe, TEXT)
            finally:
                disk.remove_file(probe, Content.of(TEXT))
        yield good(WORKS, place=root)

    return look


def _probe() -> str:
    return f"{PROBE}-{secrets.token_hex(4)}"
