"""Numbers that an edition tells in words, beside its figures: as data, each with its source."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from templates.figures import Address
from templates.material import Material
from templates.model import ToldDatum
from templates.sections.alerts import far_from_their_past
from templates.sections.reasons import carrying_case
from templates.sections.seizures import carried, counted
from templates.wording import message
from transforms.indicators.anomalies import ANOMALIES
from transforms.indicators.largest import LARGEST
from transforms.seizures.largest import LARGEST_SEIZURES
from transforms.seizures.units import COUNTED_DRUGS

_SHARE_DIGITS = 9

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "all_seizures": message("Seizures of the drug"),
        "all_weight": message("Weight of all of them"),
        "largest_number": message("So many of the largest are told apart"),
        "largest_share": message("Share of the largest in the weight"),
        "largest_seizure": message("Weight of one of the largest seizures"),
        "counted": message("Number of units counted"),
        "counted_weight": message("Weight that they count as"),
        "grams_per_unit": message("Weight of one unit"),
        "largest_case": message("The largest single case"),
        "largest_case_share": message("Its share of the figure"),
        "far_value": message("Figure far from its own past"),
        "comparable_periods": message("Comparable periods before"),
        "lowest_before": message("The lowest of them"),
        "highest_before": message("The highest of them"),
    }
)


def told_numbers(material: Material) -> Iterable[ToldDatum]:
    """In order of key; the same in every language.

    The sentences themselves are made from these very rows: of the largest seizures and units
    counted, of single cases behind a headline, and of figures far from their past.
    """
    found = [
        *_largest(material),
        *_counted(material),
        *_single_cases(material),
        *_anomalies(material),
    ]
    return sorted(found, key=lambda datum: datum.key)


def _largest(material: Material) -> Iterable[ToldDatum]:
    table = LARGEST_SEIZURES.name
    for row in carried(material).iter_rows(named=True):
        at = _drug(material, row)
        share = Decimal(row["largest_g"]) / row["net_g"]
        yield _told(at, table, "all_seizures", row["seizures"], "seizures")
        yield _told(at, table, "all_weight", row["net_g"], "gram")
        yield _told(at, table, "largest_number", len(row["largest_ids"]), "seizures")
        yield _told(at, table, "largest_share", share, "ratio")
        for act, grams in zip(row["largest_ids"], row["largest_each_g"], strict=True):
            yield _told(at, table, "largest_seizure", grams, "gram", of=act)


def _counted(material: Material) -> Iterable[ToldDatum]:
    for row in counted(material).iter_rows(named=True):
        at, unit = _drug(material, row), row["unit_code"]
        told = {"counted": (row["quantity"], unit)}
        if row["net_g"] is not None:
            told |= {
                "counted_weight": (row["net_g"], "gram"),
                "grams_per_unit": (row["grams_per_unit"], "gram"),
            }
        for measure, (value, of) in told.items():
            yield _told(at, COUNTED_DRUGS.name, measure, value, of, of=unit)


def _single_cases(material: Material) -> Iterable[ToldDatum]:
    for name in material.report.headlines:
        at = material.at(name)
        one, value = carrying_case(material, at), material.figures.value(at)
        if one and value:
            unit = material.figures.indicator(name).unit
            yield _told(at, LARGEST.name, "largest_case", one, unit)
            yield _told(at, LARGEST.name, "largest_case_share", Decimal(one) / value, "ratio")


def _anomalies(material: Material) -> Iterable[ToldDatum]:
    for row in far_from_their_past(material):
        of = (row[name] for name in ("region_code", "dimension", "member"))
        at = Address(row["indicator"], material.period, *of)
        unit = material.figures.indicator(row["indicator"]).unit
        yield _told(at, ANOMALIES.name, "far_value", row["value"], unit)
        yield _told(at, ANOMALIES.name, "comparable_periods", row["periods"], "periods")
        yield _told(at, ANOMALIES.name, "lowest_before", row["lowest"], unit)
        yield _told(at, ANOMALIES.name, "highest_before", row["highest"], unit)


def _drug(material: Material, row: Mapping[str, Any]) -> Address:
    at = material.at("drugs_seized")
    return at._replace(dimension="substance_code", member=row["substance_code"])


def _told(
    at: Address, table: str, measure: str, value: Decimal | float, unit: str, *, of: str = ""
) -> ToldDatum:
    exact = Decimal(str(value))
    if unit == "ratio":
        exact = round(exact, _SHARE_DIGITS)
    return ToldDatum(
        key="#".join(part for part in (at.key, measure, of) if part),
        figure=at.key,
        measure_code=measure,
        of=of,
        value=f"{exact.normalize():f}",
        unit=unit,
        table=table,
    )
