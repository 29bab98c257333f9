"""`docker compose --env-file demo.env up --scale worker=4`, and what may happen to it."""

import os
import re
import time
from pathlib import Path

import click
import pytest

from tests.compose.docker import docker
from tests.compose.installation import JOBS, SLOW, WORKERS, Installation, secret
from tests.scenario.room import Room

pytestmark = [pytest.mark.compose, pytest.mark.timeout(600)]


def test_the_demo_plays_its_conversation_and_proves_it(installation: Installation) -> None:
    code = installation.compose.ended("demo")
    told = "\n".join(installation.compose.logs("demo"))
    click.echo(told)
    assert code == 0
    assert "✔ the card, read back by messages.get, says done" in told
    assert "✘" not in told


def test_the_image_is_below_400_mb(installation: Installation) -> None:
    tag = f"kakari:{installation.compose.name}"
    size = int(docker("image", "inspect", "--format={{.Size}}", tag)) / 1e6
    click.echo(f"the image: {size:.0f} MB")
    assert size < 400, "look what deploy/image/prune.py could leave out"


def test_doctor_finds_nothing_wrong_from_where_a_worker_stands(furnished: Installation) -> None:
    told = furnished.compose("run", "--rm", "-T", "worker", "doctor")
    click.echo(told)
    assert "Nothing is wrong." in told


def test_forty_jobs_are_spread_over_the_four_workers(
    furnished: Installation, struck: dict[str, Room]
) -> None:
    furnished.until(lambda: furnished.open(struck) <= 1, "the end of all jobs but the killed one's")
    claims = furnished.claims(struck)
    click.echo(f"jobs by worker: {dict(claims)}")
    assert len(claims) == WORKERS


def test_stopped_workers_end_within_their_grace_and_hand_over(open_house: Installation) -> None:
    rooms = open_house.planned(WORKERS * 2)
    open_house.slow(2.0)
    open_house.apply_all(rooms)
    open_house.worker_of(rooms)
    began = time.monotonic()
    open_house.compose("stop", "worker")
    took = time.monotonic() - began
    click.echo(f"{WORKERS} workers stopped within {took:.1f} s")
    stopped = open_house.compose.containers("worker", all=True)
    assert [each["State"]["ExitCode"] for each in stopped] == [0] * WORKERS
    assert took < (open_house.settings.stop_grace_seconds or 180)
    open_house.compose("start", "worker")
    open_house.await_ends(rooms)
    assert open_house.wrong(rooms) == []


def test_a_redis_made_anew_and_empty_during_jobs_loses_nothing(open_house: Installation) -> None:
    rooms = open_house.planned(WORKERS * 3)
    open_house.slow(SLOW)
    open_house.apply_all(rooms)
    open_house.compose("rm", "--stop", "--force", "redis")
    docker("volume", "rm", f"{open_house.compose.name}_redis")
    open_house.compose("up", "--detach", "--no-deps", "redis")
    open_house.await_ends(rooms)
    assert open_house.wrong(rooms) == []


def test_another_image_during_forty_jobs_loses_and_doubles_nothing(
    open_house: Installation,
) -> None:
    rooms = open_house.planned(JOBS)
    old = {each["Image"] for each in open_house.compose.containers("worker")}
    open_house.change(TAG=f"{open_house.compose.name}-next")
    open_house.compose("build")
    open_house.slow(SLOW)
    open_house.apply_all(rooms)
    open_house.up("--no-deps", "worker", "clock", "bot")
    assert not old & {each["Image"] for each in open_house.compose.containers("worker")}
    open_house.await_ends(rooms)
    assert open_house.wrong(rooms) == []


def test_every_container_is_healthy_and_none_is_root_or_may_write_its_own_files(
    open_house: Installation,
) -> None:
    for service in ("bot", "worker", "clock"):
        for container in open_house.compose.containers(service):
            assert container["State"]["Health"]["Status"] == "healthy"
            assert container["HostConfig"]["ReadonlyRootfs"]
            identity = docker(
                "exec", container["Id"], "python", "-c", "import os; print(os.getuid())"
            )
            assert identity.strip() == "10001"


LOOK = """
import psycopg, sys
with psycopg.connect(host="db", dbname="kakari", user=sys.argv[1],
                     password=open(sys.argv[2]).read().strip()) as it:
    it.execute(sys.argv[3])
"""


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "DELETE FROM audit",
        "COPY audit TO PROGRAM 'cat'",
        "CREATE TABLE mine (id int)",
    ],
)
def test_a_worker_may_read_and_write_rows_and_nothing_else(
    open_house: Installation, statement: str
) -> None:
    own = "/run/secrets/kakari_database_password"

    def said(role: str, what: str) -> str:
        look = ("python", "-c", LOOK, role, own, what)
        return open_house.compose("exec", "-T", "worker", *look, ok=False)

    assert said("kakari_app", "SELECT FROM audit") == ""
    assert "InsufficientPrivilege" in said("kakari_app", statement)
    for role in ("kakari", "postgres"):
        assert "password authentication failed" in said(role, "SELECT 1")


@pytest.mark.parametrize(("service", "user"), [("db", "postgres"), ("redis", "redis")])
def test_a_servers_processes_hold_no_password(
    open_house: Installation, service: str, user: str
) -> None:
    (container,) = open_house.compose.containers(service)

    def seen(what: str) -> str:
        look = f"cat /proc/[0-9]*/{what} 2>/dev/null; true"
        return docker("exec", f"--user={user}", container["Id"], "sh", "-c", look)

    environments, arguments = seen("environ"), seen("cmdline")
    assert "PATH=" in environments
    assert "PASSWORD" not in environments + str(container["Config"]["Env"])
    for name in ("kakari_database_password", "kakari_app_password", "kakari_redis_password"):
        assert secret(name) not in environments + arguments


def test_a_worker_killed_during_forty_jobs_loses_and_doubles_nothing(
    open_house: Installation, struck: dict[str, Room]
) -> None:
    open_house.await_ends(struck)
    assert open_house.wrong(struck) == []


def test_what_was_there_before_down_is_there_after_up(open_house: Installation) -> None:
    rooms = open_house.planned(3)
    open_house.forget()
    open_house.compose("down")
    open_house.up(workers=1)  # one is enough from here on
    open_house.apply_all(rooms)
    open_house.await_ends(rooms)
    assert open_house.wrong(rooms, calls=False) == []


def test_a_backup_makes_an_empty_stack_what_it_was(furnished: Installation, tmp_path: Path) -> None:
    done = furnished.planned(1)
    furnished.apply_all(done)
    furnished.await_ends(done)
    (job,) = done
    before = furnished.rows(job)
    backup = f"{tmp_path}:/backup"
    owner = f"{os.getuid()}:{os.getgid()}"

    def kakari(service: str, *arguments: str, ok: bool = True) -> str:
        run = ("run", "--rm", "--no-deps", "-T", f"--user={owner}", f"--volume={backup}", service)
        return furnished.compose(*run, *arguments, ok=ok)

    kakari("worker", "backup", "/backup/ledger.zip")
    furnished.forget()
    furnished.compose("down")
    docker("volume", "rm", f"{furnished.compose.name}_db")
    furnished.compose("up", "--detach", "--wait", "db")
    asked = kakari("migrate", "restore", "/backup/ledger.zip", ok=False)
    last = [f"--number={each}" for each in re.findall(r"--number (\S+=\d+)", asked)]
    click.echo(kakari("migrate", "restore", "/backup/ledger.zip", *last))
    furnished.up(workers=1)
    assert furnished.rows(job) == before
    rooms = furnished.planned(1)
    furnished.apply_all(rooms)
    furnished.await_ends(rooms)
    assert furnished.wrong(rooms, calls=False) == []
