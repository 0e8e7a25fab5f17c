"""The numbers of a report as data."""

import json

import pytest

from templates.data import figures_json
from templates.reports import DAILY, YEAR_TO_DATE
from templates.wording import LANGUAGES
from tests.templates.story import DRAWN_REPORTS, YEAR, composed


@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_the_data_is_the_same_in_every_language(report):
    first, *others = [figures_json(composed(report, language)) for language in LANGUAGES]

    assert all(other == first for other in others)


def test_a_figure_is_given_in_its_base_unit_with_its_name_definition_and_status(editions):
    document = json.loads(editions[YEAR_TO_DATE.id]["figures.json"])
    by_key = {figure["key"]: figure for figure in document["figures"]}

    figure = by_key["dropper_amount_arrested/year_to_date/2025-08-18/KZ"]

    assert figure == {
        "key": "dropper_amount_arrested/year_to_date/2025-08-18/KZ",
        "indicator": "dropper_amount_arrested",
        "name": {
            "ru": "Сумма, арестованная на картах дропперов",
            "kk": "Дроппер карталарында тыйым салынған сома",
            "en": "Amount arrested on dropper cards",
        },
        "definition": figure["definition"],
        "unit": "tiyn",
        "value": YEAR["dropper_amount_arrested"],
        "region_code": "KZ",
        "dimension": "",
        "member": "",
        "period": "year_to_date",
        "period_start": "2025-01-01",
        "period_end": "2025-08-18",
        "status_code": "provisional",
    }
    assert set(figure["definition"]) == set(LANGUAGES)
    assert all(figure["definition"].values())


def test_the_headlines_are_named_in_their_order(editions):
    document = json.loads(editions[DAILY.id]["figures.json"])

    assert [key.split("/")[0] for key in document["headlines"]] == list(DAILY.headlines)


def test_figures_are_sorted_by_key_and_stand_once(editions):
    keys = [f["key"] for f in json.loads(editions[DAILY.id]["figures.json"])["figures"]]

    assert keys == sorted(set(keys))
