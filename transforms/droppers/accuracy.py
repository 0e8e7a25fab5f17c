"""How well a detector did: shares with their intervals, and what stands at the top of a list."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `cases`, with the interval in which the true share lies 95 times of 100.

    The share of no cases is not known: NaN, with the whole of 0…1 as its interval.
    """

    hits: int
    cases: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.cases if self.cases else math.nan


def wilson(hits: int, cases: int, *, z: float = 1.959963984540054) -> Share:
    """The share with its Wilson score interval (Wilson 1927), which holds for few cases too."""
    if not 0 <= hits <= cases:
        raise ValueError(f"{hits} hits of {cases} cases: hits are a part of the cases.")
    if cases == 0:
        return Share(0, 0, 0.0, 1.0)
    p, spread = hits / cases, z * z / cases
    middle = (p + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(p * (1 - p) / cases + spread / (4 * cases))
    return Share(hits, cases, max(0.0, middle - half), min(1.0, middle + half))


def average_precision(scores: Numbers, is_member: Flags) -> float:
    """Mean precision over the members, from the top of the list; equal scores count as one step.

    NaN where there are no members.
    """
    members = int(is_member.sum())
    if members == 0:
        return math.nan
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    hits = np.cumsum(is_member[order])
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    found, listed = hits[is_last], np.flatnonzero(is_last) + 1
    return float(np.sum(np.diff(found, prepend=0) * found / listed) / members)


def hits_at(scores: Numbers, is_member: Flags, top: int) -> float:
    """Members among the first `top`, where equal scores at the edge are taken in their share.

    The order of rows of equal score is nobody's merit: of ten ties for the last place, of whom
    three are members, 0.3 is counted.
    """
    if scores.size <= top:
        return float(is_member.sum())
    edge = np.partition(scores, scores.size - top)[scores.size - top]
    above, at_edge = scores > edge, scores == edge
    places = top - int(above.sum())
    return float(is_member[above].sum() + places * is_member[at_edge].mean())


def calibration_error(probabilities: Numbers, is_member: Flags, *, bins: int = 10) -> float:
    """Mean distance of said from found probability over bins of equally many rows."""
    order = np.argsort(probabilities, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    gaps = [abs(probabilities[p].mean() - is_member[p].mean()) * p.size for p in parts]
    return float(sum(gaps) / max(1, probabilities.size))


def resampled(
    scores: Numbers, is_member: Flags, groups: Sequence[str], *, seed: int, turns: int = 200
) -> tuple[float, float]:
    """Between which values the average precision lies in 95 of 100 draws of whole groups.

    Members of one network are found or missed together: drawing rows would show an interval that
    is too narrow.
    """
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(turns):
        times = np.bincount(dice.integers(0, names.size, names.size), minlength=names.size)[place]
        drawn = np.repeat(np.arange(scores.size), times)
        found.append(average_precision(scores[drawn], is_member[drawn]))
    known = [value for value in found if not math.isnan(value)]
    if not known:
        return math.nan, math.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
