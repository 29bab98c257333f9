"""What a deployer wrote: the settings, the permissions file, the templates, the tasks of their own."""

from collections.abc import Iterator

from cards.sentences import Sentence
from effects.registry import longest_call
from errors.document import IssuerIsSample
from kakari.bootstrap import permissions_of
from kakari.chat_config import all_commands, mistakes
from kakari.doctor.check import Check, Finding, Outcome, good, warning, wrong
from kakari.doctor.installation import Installation
from kakari.settings import PREFIX
from tasks.document.issuer import FILE
from tasks.document.office import Office
from tasks.project import check as templates

READ = Sentence("All {n} settings can be used.", "設定 {n} 件に問題はありません。")
GRACE_UNKNOWN = Sentence(
    "Set {name} to what ends your workers (stop_grace_period in compose.yml), so that it can be compared with the {longest:.0f} s that a call may take.",
    "{name} にワーカーの停止猶予（compose.yml の stop_grace_period）を設定すると、処理 1 回の最長 {longest:.0f} 秒と比べて確認できます。",
)
GRACE_SHORT = Sentence(
    "Workers are killed after {grace:.0f} s, and a call may take {longest:.0f} s: raise stop_grace_period in compose.yml and {name} to at least that.",
    "ワーカーは {grace:.0f} 秒で強制終了されますが、処理 1 回に最長 {longest:.0f} 秒かかります。compose.yml の stop_grace_period と {name} をそれ以上にしてください。",
)
GRACE_LONG_ENOUGH = Sentence(
    "A worker that is stopped has {grace:.0f} s to end a call that may take {longest:.0f} s.",
    "停止猶予 {grace:.0f} 秒で、最長 {longest:.0f} 秒の処理を終えられます。",
)
PERMISSIONS_READ = Sentence("{file} says who may do what.", "権限ファイル {file} を使えます。")
TEMPLATES_USABLE = Sentence(
    "All templates in {folder} can be used.", "{folder} のテンプレートはすべて使えます。"
)
NO_DOCUMENTS = Sentence(
    "{folder} has no documents/, so no quote or invoice can be issued: copy it from Kakari’s templates.",
    "{folder} に documents/ がないため、見積書や請求書を発行できません。Kakari の templates からコピーしてください。",
)
ISSUED_BY = Sentence("Documents are issued by {name}.", "書類の発行者は「{name}」です。")
COMMANDS_FIT = Sentence(
    "{n} commands, each with an id of its own; “kakari chat-config” prints them for Google.",
    "コマンド {n} 件の番号に重複はありません。Google への登録内容は「kakari chat-config」で確認できます。",
)


def _settings(installation: Installation) -> Iterator[Finding]:
    for problem in installation.survey.problems:
        yield Finding(Outcome.WRONG, problem.both())
    if not installation.survey.problems:
        yield good(READ, n=len(installation.survey.usable))


def _stop_grace(installation: Installation) -> Iterator[Finding]:
    grace, longest = installation.settings.stop_grace_seconds, longest_call()
    name = f"{PREFIX}STOP_GRACE_SECONDS"
    if grace is None:
        yield warning(GRACE_UNKNOWN, name=name, longest=longest)
    elif grace < longest:
        yield wrong(GRACE_SHORT, name=name, grace=grace, longest=longest)
    else:
        yield good(GRACE_LONG_ENOUGH, grace=grace, longest=longest)


def _permissions(installation: Installation) -> Iterator[Finding]:
    file = installation.settings.permissions
    permissions_of(file)
    yield good(PERMISSIONS_READ, file=file)


def _templates(installation: Installation) -> Iterator[Finding]:
    folder = installation.settings.templates
    problems = templates.check(folder)
    for each in problems:
        yield Finding(Outcome.WRONG, each.broken(folder.name).both())
    if not problems:
        yield good(TEMPLATES_USABLE, folder=folder)


def _issuer(installation: Installation) -> Iterator[Finding]:
    folder = installation.settings.templates
    if not (folder / "documents").is_dir():
        yield warning(NO_DOCUMENTS, folder=folder)
        return
    issuer = Office.read(folder).issuer
    if issuer.sample and not installation.settings.simulator_url:
        says = IssuerIsSample(name=issuer.name, file=FILE).both()
        yield Finding(Outcome.WARNING, says)
    else:
        yield good(ISSUED_BY, name=issuer.name)


def _commands(_installation: Installation) -> Iterator[Finding]:
    commands = all_commands()
    found = mistakes(commands)
    for mistake in found:
        yield Finding(Outcome.WRONG, mistake)
    if not found:
        yield good(COMMANDS_FIT, n=len(commands))


CHECKS = (
    Check("settings", _settings),
    Check("stop-grace", _stop_grace, settings=("stop_grace_seconds",)),
    Check("permissions", _permissions, settings=("permissions",)),
    Check("templates", _templates, settings=("templates",)),
    Check("issuer", _issuer, settings=("templates", "simulator_url")),
    Check("commands", _commands),
)
