"""Numbers as they are read: as many digits as their error leaves."""

import math
from collections.abc import Iterable
from typing import TypeGuard

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"  # where there is no number
MOST_DECIMALS = 6


def with_error(mean: float | None, error: float | None) -> str:
    """Return a mean and its standard error, both to the second digit of the error.

    >>> with_error(0.63668, 0.03048)
    '0.637 ± 0.030'
    >>> with_error(1234.5, 88.0)
    '1234 ± 88'
    >>> with_error(0.5, None)
    '0.5'
    """
    if not is_number(mean) or not is_number(error) or error == 0:
        return plain(mean)
    decimals = max(0, 1 - math.floor(math.log10(abs(error))))
    if decimals > MOST_DECIMALS:
        return f"{plain(mean)} ± {plain(error, 2)}"
    return f"{fixed(mean, decimals)} ± {error:.{decimals}f}"


def plain(value: float | None, digits: int = 4) -> str:
    """Return a number to so many digits, or a dash where there is none.

    >>> plain(19.44144), plain(-0.0312), plain(None), plain(12345678.0)
    ('19.44', '−0.0312', '–', '12345678')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -MOST_DECIMALS:
        return f"{value:.{min(2, digits - 1)}e}".replace("-", MINUS)
    written = fixed(value, max(0, digits - 1 - size))
    return written.rstrip("0").rstrip(".") if "." in written else written


def column(values: Iterable[float | None]) -> list[str]:
    """Return numbers that stand below each other, all with as many decimals as tell them apart.

    >>> column([0.5, 0.7446, None])
    ['0.500', '0.745', '–']
    """
    listed = list(values)
    found = [value for value in listed if is_number(value)]
    span = max(found, default=0.0) - min(found, default=0.0) or max(map(abs, found), default=0.0)
    decimals = 2 - math.floor(math.log10(span)) if span else 0
    decimals = min(MOST_DECIMALS, max(0, decimals))
    return [fixed(one, decimals) for one in listed]


def is_number(value: float | None) -> TypeGuard[float]:
    """Return whether there is a finite number."""
    return value is not None and math.isfinite(value)


def fixed(value: float | None, decimals: int) -> str:
    """Return a number with so many decimals, or a dash where there is none."""
    if not is_number(value):
        return NOTHING
    return f"{value:.{decimals}f}".replace("-", MINUS)
