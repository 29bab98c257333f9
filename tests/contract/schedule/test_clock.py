"""What the clock does by itself: it looks, asks for a sync where there is something, and is quiet."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from ledger import schedule
from ledger.database import now
from ledger.models import Job, OwedMessage
from ledger.owed import CARD, RESULT
from simulator.office import PROJECTS_SPACE
from tasks.schedule import questions
from tests.contract.schedule.office import Office
from tests.contract.schedule.test_people_rearrange import filled
from workspace.caller import Caller


def test_the_clock_asks_for_a_sync_once_and_only_where_there_is_something(office: Office) -> None:
    filled(office, 3)
    watch, later = office.watch(), now() + timedelta(minutes=6)
    assert not watch.look(Caller(), later), "both sides agree"
    office.calls()
    assert not watch.look(Caller(), later), "it is not time yet"
    assert office.calls() == []
    office.put("G2", [["完了"]])
    assert watch.look(Caller(), later + timedelta(minutes=6))
    office.work()
    assert office.known("P-1")["state"] == "完了"
    assert not watch.look(Caller(), later + timedelta(minutes=12))
    office.put("E2", [["年内"]])
    assert watch.look(Caller(), later + timedelta(minutes=18)), "a cell that is not understood"
    office.work()
    assert not watch.look(Caller(), later + timedelta(minutes=24)), "was told once"


def test_the_same_conflict_is_asked_about_again_when_it_comes_again(office: Office) -> None:
    filled(office, 3)
    watch, later = office.watch(), now()
    for _ in range(2):
        office.put("G2", [["完了"]])
        office.change("P-1", state="保留")
        later += timedelta(minutes=6)
        assert watch.look(Caller(), later)
        office.work()
        with office.ledger.write() as tx:
            (question,) = schedule.open_questions(tx)
            questions.decide(tx, question.id, questions.LEDGER, "users/1", "spaces/A")
        office.sync()
        assert office.rows()["P-1"][5] == "保留"
        office.put("G2", [[""]])
        office.sync()
        later += timedelta(minutes=6)
        assert not watch.look(Caller(), later), "both sides agree"


def test_what_the_clock_has_found_is_one_message_and_what_alice_has_asked_for_two(
    office: Office,
) -> None:
    filled(office, 3)
    office.put("G2", [["完了"]])
    assert office.watch().look(Caller(), now() + timedelta(minutes=6))
    office.work()
    with office.ledger.read() as tx:
        jobs = {job.id: job.asker for job in tx.scalars(select(Job))}
        told = [(jobs[each.job_id], each.role) for each in tx.scalars(select(OwedMessage))]
    alice = next(asker for asker in jobs.values() if asker)
    assert sorted(told) == [("", CARD), (alice, CARD), (alice, RESULT)]


def test_what_was_told_is_not_told_again_because_rows_have_moved(office: Office) -> None:
    filled(office, 3)
    office.put("H2:H4", [["=1*1000"], ["=2*1000"], ["=3*1000"]])
    office.put("E3", [["年内"], ["年末"]])
    office.change("P-3", amount="7")
    watch, later = office.watch(), now() + timedelta(minutes=6)
    assert watch.look(Caller(), later)
    office.work()
    told = office.last()
    assert "has a formula there" in (told.failure or "")
    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    office.request(insertDimension={"range": row})
    everything = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 9}
    by_key = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    office.request(sortRange={"range": everything, "sortSpecs": by_key})
    assert not watch.look(Caller(), later + timedelta(minutes=6))


def test_the_morning_digest_comes_once_on_a_business_day(office: Office) -> None:
    office.more = {"digest": "08:30"}
    office.project("P-1", name="金型", customer="鈴木", due="2026-11-20", person="佐藤")
    office.project("P-2", name="椅子", due="2026-11-27", state="完了")
    office.project("P-3", name="机", due="2026-11-27")
    watch = office.watch()
    with office.ledger.write() as tx:
        schedule.of(tx, office.spreadsheet)
    morning = datetime(2026, 11, 23, 23, 31, tzinfo=UTC)  # the 24th in Tokyo
    holiday = datetime(2026, 11, 22, 23, 31, tzinfo=UTC)  # 勤労感謝の日
    early = datetime(2026, 11, 23, 23, 29, tzinfo=UTC)
    assert not watch.digest(Caller(), holiday)
    assert not watch.digest(Caller(), early)
    assert watch.digest(Caller(), morning)
    assert not office.watch().digest(Caller(), morning)
    told = office.simulator.world.chat.messages(PROJECTS_SPACE.name)
    name = next(m["name"] for m in told if "digest" in m.get("clientAssignedMessageId", ""))
    with office.clients.transport() as http:
        said = str(office.clients.chat_messages.get(name=name).execute(http=http))
    assert "P-1 金型" in said
    assert "4 days late" in said
    assert "P-3 机" in said
    assert "P-2" not in said
