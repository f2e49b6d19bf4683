"""A number has as many digits as its error leaves."""

import math

import pytest

from talkingface.report.numbers import MINUS, NOTHING, column, plain, with_error


@pytest.mark.parametrize(
    ("mean", "error", "written"),
    [
        (0.63668, 0.03048, "0.637 ± 0.030"),
        (-19.44, 1.533, f"{MINUS}19.4 ± 1.5"),
        (1234.5, 88.0, "1234 ± 88"),
        (0.5, 0.0099, "0.5000 ± 0.0099"),
        (0.5, None, "0.5"),
        (0.5, math.nan, "0.5"),
        (0.5, 0.0, "0.5"),
        (0.5, 1e-9, f"0.5 ± 1.0e{MINUS}09"),
        (None, 0.1, NOTHING),
        (math.inf, 0.1, "∞"),
    ],
)
def test_a_mean_is_written_to_the_second_digit_of_its_error(mean, error, written) -> None:
    assert with_error(mean, error) == written


@pytest.mark.parametrize("value", [0.00123456, 0.98765, -12.3456, 999.96, 4321.9])
def test_a_number_keeps_four_digits(value: float) -> None:
    assert float(plain(value).replace(MINUS, "-")) == float(f"{value:.4g}")


def test_a_large_number_keeps_all_that_stand_before_the_point() -> None:
    assert plain(54321.9) == "54322"


def test_what_is_no_number_is_a_dash() -> None:
    assert [plain(None), plain(math.nan), plain(0.0)] == [NOTHING, NOTHING, "0"]
    assert plain(-math.inf) == f"{MINUS}∞"


def test_numbers_of_a_column_have_equally_many_decimals() -> None:
    assert column([0.5, 0.7446, None]) == ["0.500", "0.745", NOTHING]
    assert column([100.0, 4000.0]) == ["100", "4000"]
    assert column([7.0]) == ["7.00"]
    assert column([]) == []
