"""Single seizures and annual totals made public by others, whatever their layout, as one.

Known layouts: UNODC's individual drug seizures (one row a seizure; any separator, decimal mark,
alphabet), its annual seizures (one row a country, drug and year), the records of Colombia's
police (JSON) and the monthly counts of US Customs and Border Protection, which are sums already
and have nothing to be linked. Nothing of these sets is kept in the project.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from transforms.quantities import kg_of, names_of_drugs
from transforms.seizures.comparing import REPORTS
from transforms.sentences import sentence

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "seizures"

_SAYS_NOTHING = ("", "unknown", "other", "n/a", "не установлено", "неизвестно")
_UNODC = {
    "scope": "COUNTRY",
    "day": "SEIZURE_DATE",
    "drug": "DRUG_NAME",
    "amount": "AMOUNT",
    "unit": "DRUG_UNIT",
    "place": "PLACE",
    "area": "ADMINISTRATIVE_DIVISION",
}
_NEEDED = ("COUNTRY", "SEIZURE_DATE", "DRUG_NAME", "AMOUNT")
_UNODC_CIRCUMSTANCES = (
    "HIDING_PLACE",
    "INSTALLATION",
    "TRANSPORT",
    "PRODUCING_COUNTRY",
    "DEPARTURE_COUNTRY",
    "DESTINATION_COUNTRY",
    "ROUTING",
)
_COLOMBIA = {
    "day": "fecha",
    "drug": "clase_de_estupefaciente",
    "amount": "cantidad",
    "unit": "unidad_de_medida",
    "place": "municipio",
    "area": "departamento",
}
_CBP = {"day": "FY", "drug": "Drug Type", "amount": "Sum Qty (lbs)", "agency": "Component"}
_DAYS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.f", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%m/%d/%Y")


class UnknownLayout(ValueError):
    """A file of seizures that is of none of the layouts that can be read."""


@dataclass(frozen=True, slots=True)
class Records:
    """Single seizures: `REPORTS`, with what was told of drug and unit beside it.

    `details` has `report_id, year, drug, official_name, unit_code, kg` for each report; `kg` is
    null where drug and unit give no weight. `is_single` is false for sums of many seizures.
    """

    name: str
    reports: pl.DataFrame
    details: pl.DataFrame
    is_single: bool = True


def records(path: Path) -> Records:
    """A file of single seizures.

    Raises:
        UnknownLayout: the file is of no layout that is known.
    """
    raw = _rows(path)
    columns = {column.strip().upper(): column for column in raw.columns}
    if set(_NEEDED) <= columns.keys():
        told = raw.rename({old: name for name, old in columns.items()})
        agency = next((c for c in ("AGENCY", "SOURCE", "REPORTING_AGENCY") if c in columns), None)
        return _records(
            path.stem, told, _UNODC | {"agency": agency or ""}, circumstances=_UNODC_CIRCUMSTANCES
        )
    if {"fecha", "cantidad", "unidad_de_medida"} <= set(raw.columns):
        told = raw.with_columns(scope=pl.lit("Colombia"), agency=pl.lit("Policía Nacional"))
        wire = _COLOMBIA | {"scope": "scope", "agency": "agency"}
        return _records(path.stem, told, wire, circumstances=("clase_de_sitio", "zona"))
    if {"FY", "Drug Type", "Sum Qty (lbs)"} <= set(raw.columns):
        told = raw.with_columns(
            sentence("{}-10-01", pl.col("FY").cast(pl.Int32) - 1).alias("FY"),
            scope=pl.lit("United States (CBP)"),
            unit=pl.lit("lbs"),
        )
        wire = _CBP | {"scope": "scope", "unit": "unit"}
        return _records(path.stem, told, wire, circumstances=(), is_single=False)
    raise UnknownLayout(
        f"{path.name} is none of the layouts of single seizures: columns {', '.join(raw.columns)}."
    )


def annual_totals(path: Path) -> pl.DataFrame:
    """`scope, year, official_name, official_group, official_kg`; several lines of one are summed.

    Raises:
        UnknownLayout: the file is of no layout that is known.
    """
    raw = _rows(path)
    names = {column.strip().lower().replace("_", " "): column for column in raw.columns}
    wanted = ("country", "drug", "year", "kg equivalent")
    if not set(wanted) <= names.keys():
        has = ", ".join(raw.columns) or "nothing at all"
        raise UnknownLayout(
            f"{path.name} cannot be read: its heading has {has}. "
            f"Annual totals need {', '.join(wanted)}; single seizures {', '.join(_NEEDED)}."
        )
    group = pl.col(names["drug group"]) if "drug group" in names else pl.lit("")
    return (
        raw.select(
            scope=pl.col(names["country"]).str.strip_chars(),
            year=pl.col(names["year"]).cast(pl.Int32, strict=False),
            official_name=pl.col(names["drug"]).str.strip_chars(),
            official_group=group,
            kg=number(pl.col(names["kg equivalent"])),
        )
        .group_by("scope", "year", "official_name")
        .agg(official_group=pl.col("official_group").first(), official_kg=pl.col("kg").sum())
        .sort("scope", "year", "official_name")
    )


def number(text: pl.Expr) -> pl.Expr:
    """A number with point or comma as decimal mark, blanks or the other mark between thousands.

    One mark alone is taken for the decimal mark: "1,470" is 1.47.
    """
    bare = text.str.replace_all(r"[\s  ]", "")
    last_is_comma = bare.str.contains(r"\..*,\d*$") | (
        bare.str.contains(",", literal=True) & ~bare.str.contains(".", literal=True)
    )
    with_point = (
        pl.when(last_is_comma)
        .then(bare.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .otherwise(bare.str.replace_all(",", "", literal=True))
    )
    return with_point.cast(pl.Float64, strict=False)


def _rows(path: Path) -> pl.DataFrame:
    body = path.read_bytes()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1251")
    if text.lstrip().startswith(("[", "{")):
        told = json.loads(text)
        rows = [{k: None if v is None else str(v) for k, v in row.items()} for row in told]
        return pl.DataFrame(rows, infer_schema_length=None)
    header = text.split("\n", 1)[0]
    separator = max(";,\t|", key=header.count)
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    rows = list(reader)
    columns = list(reader.fieldnames or ())
    return pl.DataFrame(
        {name: [row.get(name) or None for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def _records(
    name: str,
    raw: pl.DataFrame,
    wire: Mapping[str, str],
    *,
    circumstances: tuple[str, ...],
    is_single: bool = True,
) -> Records:
    told = raw.select(
        **{
            ours: _told(pl.col(theirs)) if theirs in raw.columns else pl.lit(None, pl.String)
            for ours, theirs in wire.items()
        },
        circumstances=_circumstances([c for c in circumstances if c in raw.columns]),
    ).with_row_index("line", offset=1)
    for column in ("place", "area", "agency"):
        if column not in told.columns:
            told = told.with_columns(pl.lit(None, pl.String).alias(column))
    day = pl.coalesce(pl.col("day").str.to_date(form, strict=False) for form in _DAYS)
    known = (
        told.lazy()
        .with_columns(day=day, amount=number(pl.col("amount")))
        .pipe(names_of_drugs, drug="drug")
        .pipe(kg_of, amount="amount", unit="unit")
        .filter(pl.col("day").is_not_null(), pl.col("drug").is_not_null())
        .collect()
    )
    report_id = pl.col("line").cast(pl.String).str.zfill(7)
    reports = known.select(
        report_id=report_id,
        act_id=report_id,
        agency_code="agency",
        scope="scope",
        kind="substance",
        seized_on="day",
        amount=(pl.col("kg") * 1e6).round().cast(pl.Int64),
        place=pl.concat_str("place", "area", separator=", ", ignore_nulls=True).replace("", None),
        case_no=pl.lit(None, pl.String),
        operation_id=pl.lit(None, pl.String),
        told_on=pl.lit(None, pl.Date),
        circumstances="circumstances",
    )
    details = known.select(
        "drug",
        "official_name",
        "unit_code",
        "kg",
        report_id=report_id,
        scope="scope",
        year=pl.col("day").dt.year() if is_single else pl.col("day").dt.year() + 1,
    )
    return Records(
        name, reports.lazy().pipe(REPORTS.require).collect(), details, is_single=is_single
    )


def _told(cell: pl.Expr) -> pl.Expr:
    bare = cell.str.strip_chars()
    return pl.when(~bare.str.to_lowercase().is_in(_SAYS_NOTHING)).then(bare)


def _circumstances(columns: list[str]) -> pl.Expr:
    if not columns:
        return pl.lit([], dtype=pl.List(pl.String))
    told = [pl.lit(f"{column}=") + _told(pl.col(column)) for column in columns]
    return pl.concat_list(told).list.drop_nulls()
