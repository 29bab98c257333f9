"""``kakari doctor`` says of each thing that is wrong what to do, and of the rest that it is good."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from kakari.doctor import settings
from kakari.doctor.check import Check, Finding, Outcome
from kakari.doctor.examination import examine
from kakari.doctor.installation import Installation as LookedAt
from kakari.settings import read
from ledger.database import Ledger
from simulator.faults import Fault
from simulator.keys import SERVICE_ACCOUNT, Keys
from simulator.office import ALICE, PROJECTS_FOLDER_ID
from tests.contract.doctor.conftest import Installation

NOBODY = 65534


def test_of_a_good_installation_nothing_is_wrong_and_nothing_is_left_in_it(
    installation: Installation,
) -> None:
    told = installation.doctor()
    assert set(told.of("good")) == {each["check"] for each in told.findings}
    assert told.of("good")["chat"] == ("Kakari is in these spaces: 案件; direct messages: 1.")
    assert alive(installation, PROJECTS_FOLDER_ID) == []


def test_people_read_a_table_in_the_language_of_their_terminal(installation: Installation) -> None:
    installation.set("PERMISSIONS", "/nowhere.toml")
    installation.environment["LANG"] = "ja_JP.UTF-8"
    outcome = installation.run()
    assert outcome.exit_code == 1
    assert "✔ database        データベースは正常に応答しています" in outcome.output
    assert "✘ permissions     権限ファイル /nowhere.toml を読めません" in outcome.output
    assert outcome.output.endswith("問題: 1 件、確認できなかった項目: 0 件\n")


def test_settings_that_are_wrong_are_told_first_and_all_at_once(
    installation: Installation,
) -> None:
    del installation.environment["KAKARI_GOOGLE_KEY_FILE"]
    installation.set("REDIS_ULR", "redis://127.0.0.1/0")
    installation.set("TIME_ZONE", "Fuji")
    told = installation.doctor()
    assert told.findings[0]["check"] == "settings"
    assert told.of("wrong")["settings"].splitlines() == [
        "KAKARI_REDIS_ULR is not a setting of Kakari (did you mean KAKARI_REDIS_URL?).",
        "KAKARI_GOOGLE_KEY_FILE is not set: set it, such as KAKARI_GOOGLE_KEY_FILE=/run/secrets/google_key.",
        "KAKARI_TIME_ZONE is not right: there is no such time zone; Asia/Tokyo is one.",
    ]
    first = "Could not be looked at: first mend KAKARI_GOOGLE_KEY_FILE."
    assert told.of("unseen")["key"] == first
    assert set(told.of("unseen")) == {"key", "token", "chat", "admin-space", "project-place"}
    assert {"database", "redis", "google", "endpoint"} <= set(told.of("good"))


def test_it_works_where_nothing_at_all_is_set(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installation.folder)
    del installation.environment["KAKARI_ENDPOINT_URL"]
    for name in ("PROJECT_NUMBER", "GOOGLE_KEY_FILE", "PROJECT_PLACE", "SIMULATOR_URL"):
        del installation.environment[f"KAKARI_{name}"]
    assert "KAKARI_PROJECT_PLACE is not set" in installation.doctor().of("wrong")["settings"]


def test_a_password_is_never_printed(installation: Installation) -> None:
    installation.set("DATABASE_URL", "postgresql+psycopg://kakari:geheim@127.0.0.1:1/kakari")
    installation.set("REDIS_URL", "redis://:geheim@127.0.0.1:1/0")
    shown = installation.run().output
    assert "✘ database        The ledger’s database cannot be opened" in shown
    assert "✘ redis           Redis cannot be reached" in shown
    assert "geheim" not in shown


def test_a_grace_period_shorter_than_a_call_may_take_is_wrong_and_an_unknown_one_a_warning(
    installation: Installation,
) -> None:
    installation.set("STOP_GRACE_SECONDS", "10")
    assert "at least that" in installation.doctor().of("wrong")["stop-grace"]
    del installation.environment["KAKARI_STOP_GRACE_SECONDS"]
    told = installation.doctor()
    assert list(told.of("warning")) == ["stop-grace"]
    assert told.of("wrong") == {}


def test_a_broken_template_is_told_with_its_line(installation: Installation) -> None:
    memo = installation.folder / "templates" / "projects" / "memo" / "メモ.md.jinja"
    memo.write_text("# {{ projekt_name }}\n", encoding="utf-8")
    assert "メモ.md.jinja, line 1: projekt_name" in installation.doctor().of("wrong")["templates"]


def test_a_ledger_that_is_not_there_is_not_made(installation: Installation) -> None:
    installation.set("DATABASE_URL", f"sqlite:///{installation.folder / 'other.db'}")
    told = installation.doctor()
    assert "run “kakari migrate”" in told.of("wrong")["database"]
    assert set(told.of("unseen")) == {"schema", "rights", "clock", "undelivered"}
    assert not (installation.folder / "other.db").exists()


def test_a_ledger_that_others_on_the_machine_can_read_is_told(installation: Installation) -> None:
    file = installation.folder / "ledger.db"
    file.chmod(0o640)
    told = installation.doctor()
    assert f"chmod 600 {file}" in told.of("warning")["rights"]
    assert told.of("wrong") == {}


def test_a_role_that_may_do_more_than_it_has_to_is_told(
    installation: Installation, postgres_ledger: Ledger, app_ledger: Ledger
) -> None:
    for ledger, outcome, says in (
        (postgres_ledger, "warning", "superuser, CREATEROLE"),
        (app_ledger, "good", "may do nothing else"),
    ):
        installation.set("DATABASE_URL", ledger.url.render_as_string(hide_password=False))
        assert says in installation.doctor().of(outcome)["rights"]


def test_an_outdated_schema_is_told(installation: Installation) -> None:
    with installation.ledger.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    told = installation.doctor()
    assert "database is at 0001" in told.of("wrong")["schema"]
    assert "first mend schema" in told.of("unseen")["clock"]


def test_that_no_clock_and_no_worker_is_alive_is_told(installation: Installation) -> None:
    with installation.ledger.write() as tx:
        tx.execute(text("DELETE FROM leases"))
    installation.redis.flushall()
    wrong = installation.doctor().of("wrong")
    assert "start “kakari clock”" in wrong["clock"]
    assert "start “kakari worker”" in wrong["workers"]


def test_a_redis_that_forgets_or_drops_is_told(installation: Installation) -> None:
    installation.redis.config_set("appendonly", "no")
    installation.redis.config_set("maxmemory-policy", "allkeys-lru")
    wrong = installation.doctor().of("wrong")["redis-keeps"]
    assert "start it with --appendonly yes" in wrong
    assert "(maxmemory-policy is “allkeys-lru”)" in wrong


def test_a_redis_that_wants_another_password_is_told(installation: Installation) -> None:
    installation.redis.execute_command("ACL", "SETUSER", "kakari", "on", ">right", "+@all")
    port = installation.redis.connection_pool.connection_kwargs["port"]
    installation.set("REDIS_URL", f"redis://kakari:wrong@127.0.0.1:{port}/0")
    told = installation.doctor()
    assert "check KAKARI_REDIS_URL and KAKARI_REDIS_PASSWORD" in told.of("wrong")["redis"]
    assert set(told.of("unseen")) == {"redis-keeps", "workers"}


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), ("not JSON", "download one as JSON"), ('{"web": {}}', "download one")],
)
def test_a_key_file_that_is_none_is_told(
    installation: Installation, content: str | None, said: str
) -> None:
    key = installation.folder / "other.json"
    if content:
        key.write_text(content)
    installation.set("GOOGLE_KEY_FILE", str(key))
    told = installation.doctor()
    assert said in told.of("wrong")["key"]
    assert set(told.of("unseen")) == {"token", "chat", "admin-space", "project-place"}


def test_a_key_file_that_kakari_may_not_read_is_told_with_both_users(
    installation: Installation,
) -> None:
    (installation.folder / "key.json").chmod(0)
    with somebody_else():
        told = installation.doctor()
    ours = NOBODY if os.geteuid() == 0 else os.geteuid()
    assert f"Kakari runs as user {ours}:" in told.of("wrong")["key"]


def test_a_key_that_google_does_not_know_is_told_with_its_words(
    installation: Installation, tmp_path: Path
) -> None:
    origin = installation.environment["KAKARI_SIMULATOR_URL"]
    Keys().write_service_account_key(tmp_path / "key.json", origin)
    wrong = installation.doctor().of("wrong")["token"]
    assert "invalid_grant" in wrong
    assert f"make a new key for {SERVICE_ACCOUNT}" in wrong


@pytest.mark.parametrize(("ahead", "said"), [(120, "behind"), (-120, "ahead of")])
def test_a_clock_that_is_wrong_is_told_with_how_much(
    installation: Installation, ahead: float, said: str
) -> None:
    installation.world.clock.ahead = ahead
    told = installation.doctor()
    # A Date header has whole seconds.
    assert re.search(f"(119|120|121) s {said} Google’s", told.of("wrong")["google-clock"])
    # Google refuses what seems to come from the future.
    assert ("token" in told.of("wrong")) == (ahead < 0)


def test_a_google_that_cannot_be_reached_is_told(installation: Installation) -> None:
    installation.set("SIMULATOR_URL", "http://127.0.0.1:1")
    told = installation.doctor()
    assert "lets HTTPS out to 127.0.0.1:1" in told.of("wrong")["google"]
    assert {"google-clock", "token", "chat", "project-place"} <= set(told.of("unseen"))


@pytest.mark.parametrize(
    ("path", "said"),
    [("/chatt", "something else than the bot answers (HTTP 404)"), (None, "cannot be reached")],
)
def test_an_endpoint_that_does_not_lead_to_the_bot_is_told(
    installation: Installation, path: str | None, said: str
) -> None:
    url = installation.environment["KAKARI_ENDPOINT_URL"]
    other = url.replace("/chat", path) if path else "http://127.0.0.1:1/chat"
    installation.set("ENDPOINT_URL", other)
    assert said in installation.doctor().of("wrong")["endpoint"]


def test_membership_of_no_space_is_told(installation: Installation) -> None:
    for space in installation.world.chat.spaces():
        installation.world.chat.add_space(replace(space, app_is_member=False))
    wrong = installation.doctor().of("wrong")
    assert "Apps & integrations" in wrong["chat"]
    assert "add it there in Chat" in wrong["admin-space"]


def test_a_folder_that_the_account_cannot_see_is_told_with_its_address(
    installation: Installation,
) -> None:
    drive = installation.world.drive.add_shared_drive("経理", (ALICE.email,))
    installation.set("PROJECT_PLACE", f"drive:{drive.id}")
    wrong = installation.doctor().of("wrong")["project-place"]
    assert wrong.startswith(f"{SERVICE_ACCOUNT} cannot see the folder {drive.id}")


def test_a_folder_in_somebodys_my_drive_is_told_with_the_trap(installation: Installation) -> None:
    drive = installation.world.drive
    hers = drive.root_of(ALICE.email)
    folder = drive.add(
        "案件",
        "application/vnd.google-apps.folder",
        hers,
        ALICE.email,
        file_id="1ALICES-FOLDER",
        shared_with={SERVICE_ACCOUNT: "writer"},
    )
    installation.set("PROJECT_PLACE", f"drive:{folder.id}")
    wrong = installation.doctor().of("wrong")["project-place"]
    assert "“案件” is in somebody’s My Drive" in wrong
    assert "a service account has no storage" in wrong


def test_a_folder_in_the_trash_is_told(installation: Installation) -> None:
    drive = installation.world.drive
    drive.change(drive.file(PROJECTS_FOLDER_ID), ALICE.email, trashed=True)
    assert "or in the trash" in installation.doctor().of("wrong")["project-place"]


@pytest.mark.parametrize("made", [False, True])
def test_what_fails_in_drive_leaves_no_probe_behind(installation: Installation, made: bool) -> None:
    create = "drive.files.create"
    unanswered = [Fault(create, "apply-then-drop", times=1), Fault(create, "503")]
    installation.world.faults.set(unanswered if made else [Fault(create, "no-permission")])
    told = installation.doctor()
    assert "project-place" in told.of("wrong")
    assert alive(installation, PROJECTS_FOLDER_ID) == []


def test_a_role_that_may_add_but_not_take_away_is_warned_of(installation: Installation) -> None:
    members = (SERVICE_ACCOUNT, ALICE.email)
    drive = installation.world.drive.add_shared_drive(
        "経理", members, contributors=(SERVICE_ACCOUNT,)
    )
    installation.set("PROJECT_PLACE", f"drive:{drive.id}")
    told = installation.doctor()
    (left,) = alive(installation, drive.id)
    assert f"the folder {left} is left in there" in told.of("warning")["project-place"]
    assert told.of("wrong") == {}


def test_a_place_on_disk_is_tried_and_left_as_it_was(
    installation: Installation, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    installation.set("PROJECT_PLACE", f"disk:{nas}")
    assert (
        f"cannot write to {nas} (no such folder)"
        in (installation.doctor().of("wrong")["project-place"])
    )
    nas.mkdir()
    assert f"{nas} and taken away again" in installation.doctor().of("good")["project-place"]
    assert list(nas.iterdir()) == []


def test_a_made_up_issuer_is_told_of_outside_of_the_demo(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    del installation.environment["KAKARI_SIMULATOR_URL"]
    installation.set("ENDPOINT_URL", "https://kakari.example.com/chat")
    for name, value in installation.environment.items():
        monkeypatch.setenv(name, value)
    (issuer,) = (check for check in settings.CHECKS if check.name == "issuer")
    documents = installation.folder / "templates" / "documents"
    file = documents / "issuer.toml"
    said = []
    sample = file.read_text()
    for written in (sample, sample.replace("sample = true", ""), "name ="):
        file.write_text(written)
        ((_, (finding,)),) = examine([issuer], LookedAt(read()))
        said.append((finding.outcome, finding.says["en"]))
    shutil.rmtree(documents)
    ((_, (finding,)),) = examine([issuer], LookedAt(read()))
    assert [outcome for outcome, _ in said] == [Outcome.WARNING, Outcome.GOOD, Outcome.WRONG]
    assert "made-up firm, so nothing is issued" in said[0][1]
    assert (finding.outcome, "copy it" in finding.says["en"]) == (Outcome.WARNING, True)


def test_a_check_that_takes_too_long_or_breaks_is_a_finding_and_holds_up_no_other() -> None:
    forever = threading.Event()

    def hangs(_installation: LookedAt) -> Iterator[Finding]:
        forever.wait()
        yield Finding(Outcome.GOOD, {})

    def breaks(_installation: LookedAt) -> Iterator[Finding]:
        raise ZeroDivisionError("redis://:geheim@db")
        yield

    checks = [
        Check("slow", hangs, seconds=0.05),
        Check("broken", breaks),
        Check("behind", breaks, needs=("slow",)),
    ]
    found = {check.name: findings for check, findings in examine(checks, LookedAt(read()))}
    forever.set()
    said = {name: (each.outcome, each.says["en"]) for name, (each,) in found.items()}
    assert said["slow"][0] is Outcome.WRONG
    assert "within 0 s" in said["slow"][1]
    assert "(ZeroDivisionError)" in said["broken"][1]
    assert "geheim" not in said["broken"][1]
    assert said["behind"] == (Outcome.UNSEEN, "Could not be looked at: first mend slow.")


def alive(installation: Installation, folder: str) -> list[str]:
    """Return the names of what is in a Drive folder and not in its trash."""
    return [each.name for each in installation.world.drive.children(folder) if not each.trashed]


@contextmanager
def somebody_else() -> Iterator[None]:
    """Be a user for whom files have rights, where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
