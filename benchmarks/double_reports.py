"""Seizures of which some are reported twice, and which: to measure what finds them.

A seizure is drawn from towns of unequal size, substances and weights; weighers round as people
do. Some are reported by a second agency, in its own writing: transliterated, misspelt, in another
unit, rounded or weighed anew, a day later, with cells missing. And some places see two equal
seizures on one day that are two: those must not be joined.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from transforms.seizures.comparing import REPORTS

_TOWNS = {  # as two agencies write them
    "г. Алматы": ("Almaty city", 20),
    "г. Астана": ("Astana", 12),
    "г. Шымкент": ("Shymkent", 9),
    "Караганда": ("Qaraghandy", 5),
    "г.Тараз, Жамбылская область": ("Zhambyl region, Taraz", 4),
    "Кордайский район Жамбылской области": ("Korday district", 3),
    "г. Атырау": ("Atyrau", 3),
    "г. Актау": ("Aqtau", 3),
    "Сарыагашский район": ("Saryagash rayon", 3),
    "г. Костанай": ("Qostanay", 2),
    "Меркенский район": ("Merke district", 2),
    "г. Жезказган": ("Zhezkazgan", 1),
    "г. Балхаш": ("Balkhash", 1),
    "Панфиловский район": ("Panfilov district", 1),
    "г. Хромтау": ("Khromtau", 1),
}
_KINDS = {"heroin": (0.25, 0.5), "hashish": (0.35, 0.9), "cannabis_herb": (0.4, 2.0)}
_AGENCIES = ("police", "national_security", "customs", "special_prosecutors")
_HIDING = ("Baggage", "Car Parts", "Residence", "Outerwear", "Swallowed")
_TRANSPORT = ("Private road", "Rail", "Pedestrian", "Commercial air")


@dataclass(frozen=True, slots=True)
class DoubleReports:
    """`reports` are `REPORTS`; `truth` has `report_id, report_id_other` of each double, ordered."""

    name: str
    reports: pl.DataFrame
    truth: pl.DataFrame


def double_reports(
    seed: int, *, seizures: int = 3000, doubled: float = 0.15, are_agencies_told: bool = True
) -> DoubleReports:
    """Made-up seizures of two years, `doubled` of them reported twice, 2% with an equal twin."""
    dice = np.random.default_rng(seed)
    first = _seizures(dice, seizures)
    twins = _twins(dice, first.filter(pl.Series(dice.random(first.height) < 0.02)))
    whole = pl.concat([first, twins]).with_columns(
        seizure=pl.int_range(pl.len()), writer=pl.lit("first")
    )
    again = _told_again(dice, whole.filter(pl.Series(dice.random(whole.height) < doubled)))
    return _as_reports(dice, f"made up, seed {seed}", whole, again, are_agencies_told)


def doubled_records(seed: int, reports: pl.DataFrame, *, doubled: float = 0.15) -> DoubleReports:
    """Records of others, `doubled` of them reported once more; who reports is not told.

    Pairs among the records themselves are no error and no success: only planted ones are judged.
    """
    dice = np.random.default_rng(seed)
    whole = reports.filter(pl.col("amount").is_not_null()).with_columns(
        pl.col("seized_on").alias("on"), seizure=pl.int_range(pl.len()), writer=pl.lit("first")
    )
    again = _told_again(dice, whole.filter(pl.Series(dice.random(whole.height) < doubled)))
    return _as_reports(dice, f"records told again, seed {seed}", whole, again, False)


def _seizures(dice: np.random.Generator, count: int) -> pl.DataFrame:
    sizes = np.array([size for _, size in _TOWNS.values()], dtype=float)
    kinds = dice.choice(list(_KINDS), count, p=[share for share, _ in _KINDS.values()])
    usual = np.array([_KINDS[kind][1] for kind in kinds])
    milligrams = usual * np.exp(dice.normal(0, 1.2, count)) * 1e6
    places = dice.integers(1, 6, count)  # of how many digits the weigher's note is
    return pl.DataFrame(
        {
            "scope": "made up",
            "kind": kinds,
            "on": [date(2024, 1, 1) + timedelta(days=int(d)) for d in dice.integers(0, 730, count)],
            "amount": _rounded(milligrams, places),
            "place": dice.choice(list(_TOWNS), count, p=sizes / sizes.sum()),
            "agency_code": dice.choice(_AGENCIES, count, p=[0.7, 0.12, 0.12, 0.06]),
            "circumstances": _circumstances(dice, count),
        }
    )


def _circumstances(dice: np.random.Generator, count: int) -> list[list[str]]:
    told = dice.random((count, 2)) < 0.6
    hiding, transport = dice.choice(_HIDING, count), dice.choice(_TRANSPORT, count)
    return [
        [f"HIDING_PLACE={h}"] * bool(t[0]) + [f"TRANSPORT={w}"] * bool(t[1])
        for h, w, t in zip(hiding, transport, told, strict=True)
    ]


def _rounded(milligrams: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Weights to so many digits; nothing finer than a centigram."""
    unit = 10.0 ** np.maximum(np.floor(np.log10(milligrams)) - places + 1, 1)
    return np.maximum(np.rint(milligrams / unit) * unit, 10).astype(np.int64)


def _twins(dice: np.random.Generator, of: pl.DataFrame) -> pl.DataFrame:
    """Another seizure of the day and town, of the same round weight, often another agency's."""
    agencies = dice.choice(_AGENCIES, of.height)
    milligrams = of["amount"].to_numpy().astype(float)
    amount = _rounded(milligrams, np.ones(of.height, dtype=int))
    return of.with_columns(
        amount=pl.Series(amount),
        agency_code=pl.Series(agencies, dtype=pl.String),
        circumstances=pl.Series(_circumstances(dice, of.height), dtype=pl.List(pl.String)),
    )


def _told_again(dice: np.random.Generator, of: pl.DataFrame) -> pl.DataFrame:
    count = of.height
    milligrams = of["amount"].to_numpy().astype(float)
    manner = dice.choice(["same", "rounded", "weighed"], count, p=[0.7, 0.15, 0.15])
    weighed = _rounded(milligrams * (1 + dice.uniform(-0.01, 0.03, count)), np.full(count, 4))
    rounded = _rounded(milligrams, dice.integers(2, 4, count))
    same = of["amount"].to_numpy()
    amount = np.where(manner == "same", same, np.where(manner == "rounded", rounded, weighed))
    later = dice.choice([0, 1, -1, 2], count, p=[0.78, 0.14, 0.04, 0.04])
    other = {agency: [a for a in _AGENCIES if a != agency] for agency in _AGENCIES}
    agencies = [
        str(dice.choice(other.get(a, list(_AGENCIES)))) for a in of["agency_code"].to_list()
    ]
    places = [_written(dice, place) for place in of["place"].to_list()]
    kept = dice.random(count) < 0.6
    return of.with_columns(
        amount=pl.Series(amount),
        on=pl.col("on") + pl.duration(days=pl.Series(later)),
        agency_code=pl.Series(agencies, dtype=pl.String),
        place=pl.Series(places, dtype=pl.String),
        circumstances=pl.when(pl.Series(kept))
        .then("circumstances")
        .otherwise(pl.lit([], dtype=pl.List(pl.String))),
        writer=pl.lit("second"),
    )


def _written(dice: np.random.Generator, place: str | None) -> str | None:
    """The place in another agency's writing: other alphabet, a typing error, its area, nothing."""
    if place is None or dice.random() < 0.12:
        return None
    if dice.random() < 0.6:
        place = _TOWNS[place][0] if place in _TOWNS else _latin(place)
    if dice.random() < 0.2 and len(place) > 6:
        at = int(dice.integers(3, len(place) - 1))
        place = place[: at - 1] + place[at] + place[at - 1] + place[at + 1 :]
    return place


def _latin(text: str) -> str:
    letters = dict(
        zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye", strict=True),
        **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu"},
        **{"я": "ya", "ъ": "", "ь": "'"},
    )
    return "".join(letters.get(letter, letter) for letter in text.lower())


def _as_reports(
    dice: np.random.Generator,
    name: str,
    first: pl.DataFrame,
    again: pl.DataFrame,
    are_agencies_told: bool,
) -> DoubleReports:
    columns = ["scope", "kind", "on", "amount", "place", "agency_code", "circumstances"]
    rows = pl.concat([f.select(*columns, "seizure", "writer") for f in (first, again)])
    rows = rows.with_columns(order=pl.Series(dice.permutation(rows.height))).sort("order")
    rows = rows.with_columns(report_id=pl.col("order").cast(pl.String).str.zfill(7))
    ends = rows.select("seizure", "writer", "report_id")
    pairs = ends.filter(pl.col("writer") == "first").join(
        ends.filter(pl.col("writer") == "second"), on="seizure", suffix="_other"
    )
    truth = pairs.select(
        report_id=pl.min_horizontal("report_id", "report_id_other"),
        report_id_other=pl.max_horizontal("report_id", "report_id_other"),
    ).sort("report_id")
    agency = pl.col("agency_code") if are_agencies_told else pl.lit(None, pl.String)
    reports = rows.select(
        "report_id",
        "scope",
        "kind",
        "amount",
        "place",
        "circumstances",
        act_id="report_id",
        agency_code=agency,
        seized_on="on",
        case_no=pl.lit(None, pl.String),
        operation_id=pl.lit(None, pl.String),
        told_on=pl.lit(None, pl.Date),
    ).select(REPORTS.schema.names())
    return DoubleReports(
        name + (", agencies told" if are_agencies_told else ", agencies not told"), reports, truth
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that something joined, judged by the truth."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


def judged(joined: Iterable[tuple[str, str]], of: DoubleReports, *, only_planted: bool) -> Found:
    """How many of the pairs are double reports.

    Args:
        only_planted: pairs of which neither was planted are not judged: nobody knows.
    """
    truth = set(of.truth.rows())
    planted = {report for pair in truth for report in pair}
    found = {(min(pair), max(pair)) for pair in joined}
    if only_planted:
        found = {pair for pair in found if planted & set(pair)}
    right = len(found & truth)
    return Found(right, len(found) - right, len(truth) - right)
