"""The provenance page: every figure of the edition is on it, with where it comes from."""

import json
from datetime import date

import polars as pl
import pytest
from lxml import etree

from templates.provenance import MOST_FILES, Traced, provenance
from templates.wording import LANGUAGES
from tests.templates.story import NIGHT
from transforms.indicators import INDICATOR_BY_ID
from transforms.provenance import DELIVERY_FILES
from transforms.regions import COUNTRY

SEAL = {"version": 12, "files": 3, "sha256": "ab" * 32}


def traced(editions) -> Traced:
    figures = json.loads(editions["daily"]["figures.json"])["figures"]
    files = pl.DataFrame(
        [
            {
                "feed": "seizures",
                "business_date": date(2025, 7, 1 + day),
                "institution": "police",
                "file_name": f"acts <{day}>.csv",
                "sha256": f"{day:064x}",
                "address": "deliveries/x",
                "bytes": 10,
                "rows_delivered": 3,
                "rows_accepted": 2,
                "rows_quarantined": 1,
            }
            for day in range(MOST_FILES + 2)
        ],
        schema=DELIVERY_FILES.schema,
    )
    tables = {i.fact.table.name: SEAL for i in INDICATOR_BY_ID.values() if i.fact}
    behind = {("seizure_acts", "day", str(NIGHT)): [NIGHT]}
    return Traced(
        "daily", COUNTRY, NIGHT, figures, INDICATOR_BY_ID, tables, behind, files, "0.1+a", "7"
    )


@pytest.fixture(scope="module")
def made(editions):
    return provenance(traced(editions), LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_page_leads_to_its_own_row(editions, made, language):
    edition = etree.fromstring(editions["daily"][f"{language}.html"], etree.HTMLParser())
    page = etree.fromstring(made[f"provenance.{language}.html"], etree.HTMLParser())

    figures = edition.xpath("//a[@data-figure]")
    links = {a.get("href") for a in figures}
    assert links == {f"provenance.{language}.html#{a.get('data-figure')}" for a in figures}
    notes = edition.xpath("//section[contains(@class, 'notes')]//a[contains(@href, 'provenance')]")
    ids = page.xpath("//@id")
    assert {link.partition("#")[2] for link in links} <= set(ids)
    assert {a.get("href").partition("#")[2] for a in notes} <= set(ids)
    assert len(ids) == len(set(ids))
    inner = [href[1:] for href in page.xpath("//@href") if href.startswith("#")]
    assert {one for one in inner if not one.startswith("feed-")} <= set(ids)


def test_the_page_needs_nothing_from_outside_and_escapes_what_senders_named(made):
    page = made["provenance.en.html"].decode()

    assert "http" not in page and "<script" not in page
    assert "acts &lt;3&gt;.csv" in page
    assert "2 more files in" in page and "27 files" in page


def test_machines_read_the_same(editions, made):
    told = json.loads(made["provenance.json"])

    assert len(told["figures"]) == len(json.loads(editions["daily"]["figures.json"])["figures"])
    seizures = told["indicators"]["seizure_acts"]
    assert "seized_on" in seizures["filter"] and seizures["grain_feed"] == "seizures"
    assert seizures["days"] == {f"day/{NIGHT}": [str(NIGHT)]}
    assert told["tables"]["facts.seizures"] == SEAL
    assert made["provenance.files.csv"].count(b"\n") == MOST_FILES + 3


def test_the_same_inputs_give_the_same_bytes(editions, made):
    assert provenance(traced(editions), LANGUAGES) == made
