"""The description of an edition's data, held against the Data Package specification, version 2."""

import csv
import hashlib
import json
import re
from datetime import date
from io import BytesIO, StringIO

import polars as pl
import pytest

from templates.wording import LANGUAGES

TYPES = {
    "string": str,
    "integer": int,
    "date": date.fromisoformat,
}


@pytest.fixture(scope="module", params=("daily", "year_to_date"))
def package(request, editions):
    files = editions[request.param]
    return files, json.loads(files["datapackage.json"])


def test_it_describes_every_file_beside_it_with_its_digest_and_size(package):
    files, described = package
    resources = {r["path"]: r for r in described["resources"] if "path" in r}

    assert resources.keys() == files.keys() - {"datapackage.json"}
    for path, resource in resources.items():
        assert resource["hash"] == "sha256:" + hashlib.sha256(files[path]).hexdigest()
        assert resource["bytes"] == len(files[path])
        assert resource["format"] == path.rpartition(".")[2]
        assert "/" in resource["mediatype"]


def test_names_and_paths_are_as_the_specification_wants_them(package):
    _, described = package
    names = [resource["name"] for resource in described["resources"]]

    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert len(set(names)) == len(names)
    for name in (described["name"], *names):
        assert re.fullmatch(r"[a-z0-9._/-]+", name)
    for resource in described["resources"]:
        assert ("path" in resource) != ("data" in resource)  # one of the two
        assert not resource.get("path", "x").startswith(("/", ".."))
    assert re.fullmatch(r"\d+\.\d+\.\d+", described["version"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:00", described["created"])


def test_titles_stand_in_all_languages(package):
    _, described = package
    (table,) = [r for r in described["resources"] if r.get("path") == "figures.csv"]

    for titled in (described, *described["sources"], *table["schema"]["fields"]):
        assert titled["titles"].keys() == set(LANGUAGES)
        assert titled["title"] == titled["titles"]["en"]
        assert all(titled["titles"].values())
    assert described["sources"]


def test_the_rows_are_what_the_schema_says(package):
    files, described = package
    (table,) = [r for r in described["resources"] if r.get("path") == "figures.csv"]
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    rows = list(csv.DictReader(StringIO(files["figures.csv"].decode(table["encoding"]))))

    assert list(rows[0]) == list(fields)
    for row in rows:
        for name, text in row.items():
            constraints = fields[name].get("constraints", {})
            assert text or not constraints.get("required")
            if text:
                TYPES[fields[name]["type"]](text)
            assert text in constraints.get("enum", [text])
    keys = [tuple(row[name] for name in table["schema"]["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_every_code_of_the_rows_is_explained(package):
    files, described = package
    resources = {r["name"]: r for r in described["resources"]}
    rows = pl.read_csv(BytesIO(files["figures.csv"]), infer_schema=False)

    for key in resources["figures-csv"]["schema"]["foreignKeys"]:
        (field,), (of,) = key["fields"], key["reference"]["fields"]
        listed = [row[of] for row in resources[key["reference"]["resource"]]["data"]]
        assert len(set(listed)) == len(listed)
        assert set(rows[field]) == set(listed)
    members = {(m["dimension"], m["member"]) for m in resources["members"]["data"]}
    given = rows.filter(pl.col("dimension").is_not_null(), pl.col("dimension") != "")
    assert set(given.select("dimension", "member").iter_rows()) == members


def test_an_inline_list_is_what_its_schema_says(package):
    _, described = package
    for resource in described["resources"]:
        if "data" in resource:
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert set(resource["schema"]["primaryKey"]) <= set(names)
            for row in resource["data"]:
                assert list(row) == names
                assert all(isinstance(value, str) for value in row.values())


def test_csv_and_parquet_are_the_same_table(package):
    files, _ = package
    typed = pl.read_parquet(BytesIO(files["figures.parquet"]))
    text = list(csv.DictReader(StringIO(files["figures.csv"].decode())))

    assert [{name: str(value) for name, value in row.items()} for row in typed.to_dicts()] == text
