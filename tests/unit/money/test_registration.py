"""Registration numbers as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors.money import NoRegistrationNumber, RegistrationDigitWrong
from money.registration import check_digit, registration_number


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("T7000012050002", "T7000012050002"),
        ("T8700110005901", "T8700110005901"),
        ("T1180301018771", "T1180301018771"),
        ("T5010401067252", "T5010401067252"),
        ("Ｔ７０００-０１２０-５０００２", "T7000012050002"),
        (" t7 0000 1205 0002 ", "T7000012050002"),
        ("7000012050002", "T7000012050002"),
    ],
)
def test_good_numbers_are_read_however_they_are_typed(typed: str, printed: str) -> None:
    assert registration_number(typed) == printed


@pytest.mark.parametrize("typed", ["T1234567890123", "T2011001065612"])
def test_a_wrong_check_digit_is_refused(typed: str) -> None:
    with pytest.raises(RegistrationDigitWrong) as refused:
        registration_number(typed)
    assert typed in refused.value.say("ja")


@pytest.mark.parametrize("typed", ["", "T", "T700001205000", "T70000120500022", "X7000012050002"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NoRegistrationNumber):
        registration_number(typed)


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(twelve: str, at: int, more: int) -> None:
    wrong = f"{twelve[:at]}{(int(twelve[at]) + more) % 10}{twelve[at + 1 :]}"
    assert registration_number(f"T{check_digit(twelve)}{twelve}")
    # The sum is by nine, to which 0 and 9 are one.
    same = {twelve[at], wrong[at]} == {"0", "9"}
    assert (check_digit(wrong) == check_digit(twelve)) is same
