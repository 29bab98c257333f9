"""Runs the checks: side by side, each within its time, and none before what it needs."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import ParamSpec

from cards.sentences import Sentence
from errors import KakariError
from kakari.doctor.check import Check, Finding, Outcome, unseen, wrong
from kakari.doctor.installation import Installation
from kakari.settings import PREFIX

FIRST = Sentence(
    "Could not be looked at: first mend {name}.",
    "確認できませんでした。先に {name} を直してください。",
)
TOO_SLOW = Sentence(
    "Had no answer within {seconds:.0f} s: look whether a firewall or a very slow network is in the way.",
    "{seconds:.0f} 秒以内に応答がありません。ファイアウォールや回線の状態を確認してください。",
)
BROKE = Sentence(
    "The look itself failed ({error}): please report this with what “kakari doctor --json” prints.",
    "確認の処理自体に失敗しました（{error}）。「kakari doctor --json」の出力を添えて報告してください。",
)

P = ParamSpec("P")
Findings = Sequence[Finding]


def examine(
    checks: Sequence[Check], installation: Installation
) -> Iterator[tuple[Check, Findings]]:
    """Yield each check with what it found, in the order given.

    A check stands behind those it needs. What takes too long is left behind in its thread.
    """
    results: dict[str, Future[Findings]] = {}
    for check in checks:
        results[check.name] = _in_thread(_result, check, installation, dict(results))
    for check in checks:
        yield check, results[check.name].result()


def _result(
    check: Check, installation: Installation, earlier: dict[str, Future[Findings]]
) -> Findings:
    for name in check.settings:
        if name not in installation.survey.usable:
            return [unseen(FIRST, name=PREFIX + name.upper())]
    for name in check.needs:
        for each in earlier[name].result():
            if each.outcome is Outcome.UNSEEN:
                return [each]  # what is to be mended first is behind that one, too
            if each.outcome is Outcome.WRONG:
                return [unseen(FIRST, name=name)]
    try:
        return _in_thread(_look, check, installation).result(check.seconds)
    except TimeoutError:
        return [wrong(TOO_SLOW, seconds=check.seconds)]


def _look(check: Check, installation: Installation) -> Findings:
    found: list[Finding] = []
    try:
        found.extend(check.look(installation))
    except KakariError as error:
        found.append(Finding(Outcome.WRONG, error.both()))
    except Exception as error:  # noqa: BLE001  # its words may hold a secret, such as an address with a password
        found.append(wrong(BROKE, error=type(error).__name__))
    return found


def _in_thread(work: Callable[P, Findings], *args: P.args, **kwargs: P.kwargs) -> Future[Findings]:
    """Begin in a thread that does not keep the process from ending."""
    result: Future[Findings] = Future()

    def run() -> None:
        result.set_result(work(*args, **kwargs))

    threading.Thread(target=run, daemon=True).start()
    return result
