"""Redis or Valkey, in which the bell hangs, and who listens to it."""

from collections.abc import Iterator

import redis

from cards.sentences import Sentence
from errors.settings import QueueRefuses
from kakari.doctor.check import Check, Finding, Outcome, good, wrong
from kakari.doctor.installation import Installation
from kakari.queue import losses
from ledger.bell import Bell

ANSWERS = Sentence("Redis answers ({version}).", "Redis は正常に応答しています（{version}）。")
AWAY = Sentence(
    "Redis cannot be reached ({reason}): start it, or check KAKARI_REDIS_URL.",
    "Redis に接続できません（{reason}）。起動しているか、KAKARI_REDIS_URL を確認してください。",
)
KEEPS = Sentence(
    "Redis keeps what it is told: on disk (AOF), and when its memory is full.",
    "Redis の内容はディスクに保存され（AOF）、メモリが一杯でも消えません。",
)
CANNOT_WRITE = Sentence(
    "Redis cannot write its append-only file: look whether its disk is full.",
    "Redis が AOF ファイルに書き込めません。ディスクの空きを確認してください。",
)
AT_WORK = Sentence("Workers that listen: {n}.", "待機中または作業中のワーカー: {n} 台。")
NOBODY = Sentence(
    "No worker listens, so nothing that is asked for begins: start “kakari worker”.",
    "ワーカーが動いていないため、依頼が始まりません。「kakari worker」を起動してください。",
)


def _redis(installation: Installation) -> Iterator[Finding]:
    try:
        told = installation.redis.info("server")
    except redis.AuthenticationError as error:
        raise QueueRefuses(reason=error) from error
    except redis.RedisError as error:
        yield wrong(AWAY, reason=str(error).rstrip("."))
    else:
        yield good(ANSWERS, version=told["redis_version"])


def _keeping(installation: Installation) -> Iterator[Finding]:
    forgets = list(losses(installation.redis))
    for each in forgets:
        yield Finding(Outcome.WRONG, each.both())
    if installation.redis.info("persistence")["aof_last_write_status"] != "ok":
        yield wrong(CANNOT_WRITE)
    elif not forgets:
        yield good(KEEPS)


def _workers(installation: Installation) -> Iterator[Finding]:
    listening = Bell(installation.redis).listeners()
    yield good(AT_WORK, n=listening) if listening else wrong(NOBODY)


CHECKS = (
    Check("redis", _redis, settings=("redis_url", "redis_password")),
    Check("redis-keeps", _keeping, needs=("redis",)),
    Check("workers", _workers, needs=("redis",)),
)
