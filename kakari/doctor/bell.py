"""Redis or Valkey, in which the bell hangs, and who listens to it."""

from collections.abc import Iterator

import redis

from cards.sentences import Sentence
from kakari.doctor.check import Check, Finding, good, wrong
from kakari.doctor.installation import Installation
from ledger.bell import Bell

ANSWERS = Sentence("Redis answers ({version}).", "Redis は正常に応答しています（{version}）。")
AWAY = Sentence(
    "Redis cannot be reached ({reason}): start it, or check KAKARI_REDIS_URL.",
    "Redis に接続できません（{reason}）。起動しているか、KAKARI_REDIS_URL を確認してください。",
)
REFUSES = Sentence(
    "Redis refuses the user or the password: check those in KAKARI_REDIS_URL.",
    "Redis のユーザー名かパスワードが違います。KAKARI_REDIS_URL を確認してください。",
)
KEEPS = Sentence(
    "Redis writes what it holds to disk (AOF).", "Redis の内容はディスクに保存されています（AOF）。"
)
FORGETS = Sentence(
    "Redis loses the queue and the quotas when it restarts: give it “appendonly yes” and a volume.",
    "Redis は再起動するとキューの内容を失います。「appendonly yes」とボリュームを設定してください。",
)
CANNOT_WRITE = Sentence(
    "Redis cannot write its append-only file: look whether its disk is full.",
    "Redis が AOF ファイルに書き込めません。ディスクの空きを確認してください。",
)
NEVER_DROPS = Sentence(
    "Redis never drops a key by itself (noeviction).",
    "Redis がキーを自動で消すことはありません（noeviction）。",
)
DROPS = Sentence(
    "Redis drops keys when its memory is full ({policy}), bells among them: give it “maxmemory-policy noeviction”.",
    "Redis はメモリが一杯になるとキーを消します（{policy}）。「maxmemory-policy noeviction」を設定してください。",
)
AT_WORK = Sentence("Workers that listen: {n}.", "待機中または作業中のワーカー: {n} 台。")
NOBODY = Sentence(
    "No worker listens, so nothing that is asked for begins: start “kakari worker”.",
    "ワーカーが動いていないため、依頼が始まりません。「kakari worker」を起動してください。",
)


def _redis(installation: Installation) -> Iterator[Finding]:
    try:
        told = installation.redis.info("server")
    except redis.AuthenticationError:
        yield wrong(REFUSES)
    except redis.RedisError as error:
        yield wrong(AWAY, reason=str(error).rstrip("."))
    else:
        assert isinstance(told, dict)
        yield good(ANSWERS, version=told["redis_version"])


def _persistence(installation: Installation) -> Iterator[Finding]:
    told = installation.redis.info("persistence")
    assert isinstance(told, dict)
    if not told["aof_enabled"]:
        yield wrong(FORGETS)
    elif told["aof_last_write_status"] != "ok":
        yield wrong(CANNOT_WRITE)
    else:
        yield good(KEEPS)


def _eviction(installation: Installation) -> Iterator[Finding]:
    told = installation.redis.info("memory")
    assert isinstance(told, dict)
    policy = told["maxmemory_policy"]
    yield good(NEVER_DROPS) if policy == "noeviction" else wrong(DROPS, policy=policy)


def _workers(installation: Installation) -> Iterator[Finding]:
    listening = Bell(installation.redis).listeners()
    yield good(AT_WORK, n=listening) if listening else wrong(NOBODY)


CHECKS = (
    Check("redis", _redis, settings=("redis_url",)),
    Check("redis-persistence", _persistence, needs=("redis",)),
    Check("redis-eviction", _eviction, needs=("redis",)),
    Check("workers", _workers, needs=("redis",)),
)
