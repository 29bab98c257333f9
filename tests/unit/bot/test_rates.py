"""What money counts as where it decides who approves: the office's rates, and nothing nets."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot import permission_file
from bot.rates import BEYOND, counted, rate_of
from bot.rules import Rules
from errors.settings import PermissionsBroken
from kakari.cli import main
from money.amount import Money

LIMIT = """
[tasks.invoice]
ask = ["@fuji.example"]
approve = ["carol@fuji.example"]

[[tasks.invoice.above]]
amount = 100_000
approve = ["bob@fuji.example", "dave@fuji.example"]
approvals = 2
"""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Rules]:
    def read(rates: str) -> Rules:
        file = tmp_path / "permissions.toml"
        file.write_text(f"{rates}\n{LIMIT}", encoding="utf-8")
        return permission_file.read(file, ["invoice"], ["jobs"])

    return read


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ('"155.00"', "155.00"),
        ("155", "155"),
        ("155.5", "155.5"),
        ("0.00002", "0.00002"),
        ('"0.00001"', "0.00001"),
        ("10_000_000", "10000000"),
    ],
)
def test_a_rate_is_text_or_a_number(rules: Callable[[str], Rules], written: str, rate: str) -> None:
    assert rules(f"[rates]\nUSD = {written}").rates == {"USD": Decimal(rate)}


@pytest.mark.parametrize(
    "written",
    [
        "nan",
        "-nan",
        "inf",
        "0",
        "0.0",
        "-155",
        '"-155"',
        '"NaN"',
        '"Infinity"',
        '"1e400"',
        "1e300",
        "1e-300",
        "10_000_001",
        '"0.000009"',
        '"155,00"',
        '"１５５"',
        '""',
        '" 155"',
        "true",
        "[155]",
        "{ yen = 155 }",
        "2026-11-30",
        '"' + "9" * 5_000 + '"',
        "9" * 400,
    ],
)
def test_what_is_no_rate_is_refused_with_its_place(
    rules: Callable[[str], Rules], tmp_path: Path, written: str
) -> None:
    with pytest.raises(PermissionsBroken) as refused:
        rules(f"[rates]\nUSD = {written}")
    assert f"{tmp_path / 'permissions.toml'}, rates.USD: a rate is yen" in str(refused.value)
    assert "レート" in refused.value.say("ja")


@pytest.mark.parametrize(
    "currency", ["JPY", "usd", "ABC", '"ＵＳＤ"', '""', "US", '"' + "U" * 999 + '"']
)
def test_what_is_no_other_currency_has_no_rate(
    rules: Callable[[str], Rules], currency: str
) -> None:
    with pytest.raises(PermissionsBroken, match="a currency is written as USD") as refused:
        rules(f"[rates]\n{currency} = 155")
    assert len(str(refused.value)) < 500


def needed(rules: Rules, *sums: Money) -> int:
    return rules.approval("invoice", rules.counted(sums)).approvals


@pytest.mark.parametrize(
    ("sums", "approvals"),
    [
        ([], 1),
        ([Money(99_999)], 1),
        ([Money(100_000)], 2),
        ([Money(-100_000)], 2),
        ([Money(64_516, "USD")], 2),  # 99,999.80 yen: rounded up, against the asker
        ([Money(64_510, "USD")], 1),
        ([Money(64_517, "USD")], 2),
        ([Money(99_000_00, "USD")], 2),
        ([Money(1, "KWD")], 2),  # it has no rate
        ([Money(0, "KWD")], 2),
        ([Money(11_000_000), Money(-10_989_000)], 2),
        ([Money(60_000), Money(-59_000)], 2),
        ([Money(50_000), Money(33_000_00, "USD"), Money(-50_000)], 2),
        ([Money(50_000), Money(-49_999)], 1),
    ],
)
def test_sums_count_by_the_offices_rates_each_for_itself(
    rules: Callable[[str], Rules], sums: list[Money], approvals: int
) -> None:
    found = rules('[rates]\nUSD = "155.00"')
    assert needed(found, *sums) == approvals


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.sampled_from(["JPY", "USD", "KWD"]))))
def test_more_money_never_counts_as_less(sums: list[tuple[int, str]]) -> None:
    rates = {"USD": Decimal("155.00")}
    each = [Money(*one) for one in sums]
    whole = [counted(each[:n], rates) or 0 for n in range(len(each) + 1)]
    assert whole == sorted(whole)
    assert (BEYOND in whole) == any(one.currency == "KWD" for one in each)
    assert counted(each, rates) == counted([-one for one in each], rates)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_whatever_stands_there_a_rate_is_positive_and_bounded_or_none(said: object) -> None:
    rate = rate_of(said)
    assert rate is None or Decimal("0.00001") <= rate <= 10_000_000


def explain(tmp_path: Path, rates: str, *arguments: str, language: str = "C.UTF-8") -> str:
    file = tmp_path / "permissions.toml"
    file.write_text(f"{rates}\n{LIMIT}", encoding="utf-8")
    environment = {"KAKARI_PERMISSIONS": str(file), "LANG": language}
    given = ["explain", "carol@fuji.example", "/invoice", *arguments]
    return CliRunner().invoke(main, given, env=environment).output


def test_explain_says_which_rate_was_used(tmp_path: Path) -> None:
    dollars = ("--amount", "1000", "--currency", "USD")
    told = explain(tmp_path, '[rates]\nUSD = "155.00"', *dollars)
    assert "It counts as 155,000 yen: one USD is 155.00 (rates.USD)." in told
    assert "2 different people have to approve it." in told
    told = explain(tmp_path, "", *dollars)
    assert "It counts as above every amount: rates has no USD." in told
    assert "2 different people have to approve it." in told
    assert "rates に USD がない" in explain(tmp_path, "", *dollars, language="ja_JP.UTF-8")
    assert "yen" not in explain(tmp_path, "", "--amount", "1000")
    assert "XYZ" in explain(tmp_path, "", "--amount", "1", "--currency", "XYZ")
