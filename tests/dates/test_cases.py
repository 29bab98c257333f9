"""Which days and zones the suite is run on: all of them come round, and none lies behind."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.dates.__main__ import ELSEWHERE, TOKYO, all_cases, case_of_the_day, dates

MORNING = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def test_every_date_and_every_zone_is_tried_by_the_whole_target() -> None:
    cases = all_cases(MORNING)
    assert [case.name for case in cases[:4]] == [name for name, _ in dates(MORNING)]
    assert {case.zone for case in cases} == {"Asia/Tokyo", *ELSEWHERE}


def test_all_dates_in_all_zones_elsewhere_come_round_within_eight_days() -> None:
    turns = {case_of_the_day(MORNING + timedelta(days=day)) for day in range(8)}
    tried = {(case.name, case.zone) for case in turns}
    assert tried == {(name, zone) for name, _ in dates(MORNING) for zone in ELSEWHERE}


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 12, 31, 14, 59, tzinfo=UTC),  # the year's last minute in Tokyo
        datetime(2026, 12, 31, 15, 0, tzinfo=UTC),  # the next year's first
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2096, 3, 1, tzinfo=UTC),  # 2100 has no leap day
    ],
)
def test_a_date_that_is_tried_is_never_far_behind(now: datetime) -> None:
    for _, begins in dates(now):
        assert begins > now - timedelta(minutes=3)
    days = {begins.astimezone(TOKYO).strftime("%m-%d") for _, begins in dates(now)}
    assert {"12-31", "02-29", "04-01"} <= days
