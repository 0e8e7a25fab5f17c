"""Which days things happen on, how much more on some than on others, and at what hour."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from infra.synthetic.dice import Floats, Ints, drawn, rng
from infra.synthetic.scenario import Stretch
from transforms.periods import is_working_day

Days = npt.NDArray[np.datetime64]

# Events of a register begin a little after New Year, when the first cases are open.
_FIRST_OFFICE_DAY = 3

# How much people pay in each hour of a day.
_HOURS = (9, 5, 3, 2, 2, 3, 8, 18, 34, 48, 58, 64, 72, 74, 66, 62, 64, 70, 78, 82, 76, 60, 38, 20)
_SHARE_BEFORE_HOUR = np.concatenate([[0.0], np.cumsum(_HOURS) / sum(_HOURS)])


def all_days(since: date, until: date) -> list[date]:
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def working_days(stretch: Stretch) -> Days:
    """The working days of a stretch."""
    first = max(stretch.since, date(stretch.since.year, 1, _FIRST_OFFICE_DAY))
    return np.array(
        [d for d in all_days(first, stretch.until) if is_working_day(d)], dtype="datetime64[D]"
    )


def every_day(stretch: Stretch) -> Days:
    first = max(stretch.since, date(stretch.since.year, 1, _FIRST_OFFICE_DAY))
    return np.array(all_days(first, stretch.until), dtype="datetime64[D]")


def spread(dice: np.random.Generator, count: int, days: Days) -> Days:
    """`count` days in order, more towards the end, the last two surely among them."""
    weights = np.linspace(0.93, 1.07, len(days)) * dice.uniform(0.82, 1.18, len(days))
    chosen = days[drawn(dice, count, weights)]
    if count >= 4:
        chosen[:2] = days[-2:]
    chosen.sort()
    return chosen


def office_instants(dice: np.random.Generator, days: Days, *, since_hour: float = 9.2) -> pl.Series:
    """Instants of an office day in Almaty, as written in a file."""
    return instants(days, (dice.beta(2.0, 2.2, len(days)) * (19 - since_hour) + since_hour) * 3600)


def instants(days: Days, seconds: Floats | Ints) -> pl.Series:
    """Days and seconds of the day → ISO 8601 with Almaty's offset."""
    dates = pl.Series(days.astype("datetime64[D]")).cast(pl.String)
    return dates + CLOCK.gather(seconds.astype(np.int64).clip(0, 86_399))


def lively_seconds(chance: Floats) -> Ints:
    """Seconds of the day, many when people are awake, for shares of a day's payments."""
    return (
        np.interp(chance, _SHARE_BEFORE_HOUR, np.arange(25) * 3600).astype(np.int64).clip(0, 86_399)
    )


def noise(seed: int, purpose: str, count: int) -> Floats:
    return rng(seed, purpose).normal(0.0, 1.0, count)


_SECONDS = pl.int_range(0, 86_400, eager=True)
CLOCK: pl.Series = (
    "T"
    + (_SECONDS // 3600).cast(pl.String).str.zfill(2)
    + ":"
    + (_SECONDS // 60 % 60).cast(pl.String).str.zfill(2)
    + ":"
    + (_SECONDS % 60).cast(pl.String).str.zfill(2)
    + "+05:00"
)
