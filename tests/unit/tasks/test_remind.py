from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from errors.asking import TooLong
from ledger.plan import Plan
from tasks.base import Look, Setting
from tasks.remind import TASK
from tasks.remind.task import LONGEST, RemindRequest

SETTING = Setting(place="disk:/", templates=Path(), zone=ZoneInfo("Europe/Berlin"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def parsed(text: str) -> RemindRequest:
    return TASK.parse(text, NOON, SETTING)


def test_times_are_the_offices() -> None:
    assert parsed("15:30 tea").at == NOON + timedelta(hours=2, minutes=30)


def test_a_reminder_is_a_plan_that_begins_then_and_changes_nothing() -> None:
    plan = TASK.plan(parsed("2h tea"), Look(SETTING))
    assert plan.effects == ()
    assert plan.not_before == NOON + timedelta(hours=2)
    assert f"{plan.not_before:%H:%M}" == "15:00", "as the office's clock shows it"


def test_what_the_ledger_keeps_of_it_is_the_same_request_and_the_same_plan() -> None:
    request = parsed("2026-12-01 09:00 tea")
    again = RemindRequest.model_validate(request.model_dump(mode="json"))
    assert again == request
    plan = TASK.plan(again, Look(SETTING))
    assert Plan.model_validate(plan.model_dump(mode="json")).hash == plan.hash
    assert plan.hash != TASK.plan(parsed("2026-12-01 09:01 tea"), Look(SETTING)).hash


def test_the_text_comes_back_as_it_was_typed() -> None:
    text = "<users/all> お茶（３杯）\n*now*"
    assert TASK.result(parsed(f"10m {text}"), "en") == text
    assert TASK.subject(parsed(f"10m {text}")) == "<users/all> お茶（３杯） *now*"


def test_without_a_text_it_is_a_reminder_all_the_same() -> None:
    assert TASK.result(parsed("10m"), "en") == "Reminder"
    assert TASK.result(parsed("10m"), "ja-JP") == "リマインダー"
    assert TASK.subject(parsed("10m")) == "13:10"


def test_what_a_card_cannot_hold_is_refused_and_not_cut() -> None:
    assert len(parsed(f"10m {'茶' * LONGEST}").text) == LONGEST
    with pytest.raises(TooLong, match=str(LONGEST)):
        parsed(f"10m {'茶' * (LONGEST + 1)}")
