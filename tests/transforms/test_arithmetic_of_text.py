"""What is computed column by column from text says what plain arithmetic says, value by value."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.identifiers import is_bin, is_kz_iban
from transforms.money import minor_units

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_PASS, SECOND_PASS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def answers(rule, values: list[str]) -> list[object]:
    return (
        pl.DataFrame({"it": values}, schema={"it": pl.String})
        .select(rule(pl.col("it")))["it"]
        .to_list()
    )


def check_digits(account: str) -> int:
    return 98 - int("".join(str(int(sign, 36)) for sign in f"{account}KZ00")) % 97


def control_digit(eleven: str) -> int:
    for weights in (FIRST_PASS, SECOND_PASS):
        if (rest := sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11) < 10:
            return rest
    return 10


def in_base_36(number: int) -> str:
    return "".join(ALPHANUMERIC[number // 36**place % 36] for place in range(13))


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 36**13 - 1)), min_size=1))
def test_an_iban_is_right_with_its_check_digits_and_with_no_others(numbers):
    accounts = [(f"{bank:03}", in_base_36(account)) for bank, account in numbers]

    right = [f"KZ{check_digits(a + b):02}{a}{b}" for a, b in accounts]
    wrong = [f"KZ{check_digits(a + b) % 97 + 2:02}{a}{b}" for a, b in accounts]
    differing = [w for w, r in zip(wrong, right, strict=True) if w != r]

    assert answers(is_kz_iban, right) == [True] * len(right)
    assert answers(is_kz_iban, differing) == [False] * len(differing)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10**6 - 1), min_size=1))
def test_a_control_digit_takes_two_passes(serials):
    numbers = [f"{serial % 97:02}0840{serial:06}" for serial in serials]

    assert answers(is_bin, numbers) == [control_digit(n[:11]) == int(n[11]) for n in numbers]


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10**17 - 1), min_size=1))
def test_an_amount_is_its_minor_units(minors):
    written = [f"{minor // 100}.{minor % 100:02}" for minor in minors]

    assert answers(minor_units, written) == minors


def test_an_amount_is_never_rounded_and_never_guessed():
    unreadable = ["1.005", "-1", "+1", "1e3", "1,50", ".5", "5.", "1 000", "", "1" * 16, "١٢"]

    assert answers(minor_units, ["1500", "1500.2", "007.50"]) == [150_000, 150_020, 750]
    assert answers(minor_units, unreadable) == [None] * len(unreadable)
