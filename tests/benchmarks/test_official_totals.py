"""Public single seizures of several layouts are read as one, linked, and held to official totals."""

import json
from pathlib import Path

import polars as pl
import pytest

from benchmarks import official_totals
from benchmarks.distances import joined_by_chance, made_of
from benchmarks.double_reports import double_reports, judged
from benchmarks.official_totals import linked, overall, own_pairs, totals
from benchmarks.seizure_records import UnknownLayout, annual_totals, number, records
from benchmarks.splinked import splinked_pairs

SINGLE = """COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT;TRANSPORT
Atlantis;;г. Термез;2011-01-29;Опий;940,51;Gram;Rail
Atlantis;Surkhandarya;Termez city;2011-01-30;Opium;0.94051;Kilogram;Rail
Atlantis;;Termez city;2011-06-30;Heroin;2;Litre;
Atlantis;;Termez city;2011-06-30;Heroin;3;;
Atlantis;;;2012-06-30;Mandrake;1 470.5;kg;Unknown
"""
ANNUAL = """Region,country,Drug Group,Drug,Year,KG Equivalent
Ocean,Atlantis,Opioids,Opium,2011,0.9
Ocean,Atlantis,Opioids,Opium,2011,0.1
Ocean,Atlantis,Opioids,Morphine,2011,5
Ocean,Atlantis,Opioids,Opium,1999,7
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_units_marks_and_names_become_kilograms_of_a_substance(tmp_path, encoding):
    found = records(written(tmp_path, "single.csv", SINGLE, encoding))

    assert found.details.select("official_name", "year", "kg").rows() == [
        ("Opium", 2011, 0.94051),
        ("Opium", 2011, 0.94051),
        ("Heroin", 2011, 2.0),
        ("Heroin", 2011, None),  # no unit: no weight is guessed
        ("Mandrake", 2012, 1470.5),
    ]
    assert found.reports["circumstances"].to_list()[4] == []  # what is unknown says nothing


def test_the_distance_falls_into_what_is_untold_missing_above_and_merged(tmp_path):
    found = records(written(tmp_path, "single.csv", SINGLE))
    official = annual_totals(written(tmp_path, "annual.csv", ANNUAL))

    (year,) = made_of(totals(found, official)).iter_rows(named=True)

    told = year["raw_kg"] + year["missing_kg"] - year["above_kg"] + year["untold_kg"]
    assert told == pytest.approx(year["official_kg"])
    assert (year["untold_kg"], year["above_kg"]) == (5.0, pytest.approx(0.88102))
    assert year["merged_kg"] == pytest.approx(0.94051)
    assert "joins 1 pairs" in joined_by_chance(linked(found.reports), found.reports)


def test_a_single_mark_is_the_decimal_one():
    told = pl.DataFrame({"told": ["2,363", "1 470,5", "1.470,5", "1,470.5", "1.00E-04", "x"]})

    assert told.select(number(pl.col("told")))["told"].to_list() == [
        *(2.363, 1470.5, 1470.5, 1470.5, 0.0001, None)
    ]


def test_each_total_stands_beside_the_raw_and_the_merged_sum(tmp_path):
    found = records(written(tmp_path, "single.csv", SINGLE))
    official = annual_totals(written(tmp_path, "annual.csv", ANNUAL))

    cells = totals(found, official)

    assert cells.select("official_name", "year", "official_kg", "raw_kg", "ours_kg").rows() == [
        ("Heroin", 2011, None, 2.0, 2.0),
        ("Mandrake", 2012, None, 1470.5, 1470.5),
        ("Morphine", 2011, 5.0, None, None),
        ("Opium", 2011, 1.0, pytest.approx(1.88102), pytest.approx(0.94051)),
    ]
    ways = overall(cells).select("way", "nearer", "farther").rows()
    assert ways[0] == ("raw", 0, 0)
    assert ways[3] == ("ours", 1, 0)


def test_reports_of_one_agency_are_never_merged_and_sums_of_many_are_not_linked(tmp_path):
    row = {"fecha": "2018-01-03T00:00:00.000", "cantidad": "1234", "unidad_de_medida": "GRAMO"}
    row |= {"clase_de_estupefaciente": "BASE DE COCA", "municipio": "LETICIA (CT)"}
    columbia = records(written(tmp_path, "c.json", json.dumps([row, row])))
    line = "2019,APR,Office,ATLANTA,Ecstasy,3,8.5\n"
    header = "FY,Month (abbv),Component,Area of Responsibility,Drug Type,Count of Event"
    cbp = records(written(tmp_path, "cbp.csv", f"{header},Sum Qty (lbs)\n{line}{line}"))

    for found, kg in ((columbia, 2.468), (cbp, 17 * 0.45359237)):
        cells = totals(found, annual_totals(written(tmp_path, "a.csv", ANNUAL)))
        assert cells["ours_kg"].to_list() == [pytest.approx(kg)]
    assert cells["year"].to_list() == [2019]


def test_an_unknown_layout_is_named_with_its_columns(tmp_path, capsys):
    path = written(tmp_path, "notes.csv", "a,b\n1,2\n")

    with pytest.raises(UnknownLayout, match=r"columns a, b"):
        records(path)
    assert official_totals.main([str(path)]) == 2
    assert "single seizures COUNTRY, SEIZURE_DATE" in capsys.readouterr().err


def test_a_folder_is_read_whole_and_a_file_without_rows_is_no_error(tmp_path, capsys):
    written(tmp_path, "annual.csv", ANNUAL)
    written(tmp_path, "single.csv", SINGLE.split("\n", maxsplit=1)[0] + "\n")

    assert official_totals.main([str(tmp_path), "--totals-only"]) == 0
    assert "single" in capsys.readouterr().out


def test_planted_doubles_are_found_at_least_as_well_as_by_splink():
    of = double_reports(7, seizures=1200)

    ours = judged(own_pairs(of.reports), of, only_planted=False)
    theirs = judged(splinked_pairs(of.reports, official_totals._RULES), of, only_planted=False)

    assert ours.precision > 0.93
    assert ours.recall > theirs.recall > 0.5
