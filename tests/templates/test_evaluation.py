"""The page of an evaluation: its figures, its reservations, and who was wronged."""

from datetime import date

import polars as pl
import pytest
from lxml import etree

from infra.synthetic.worlds.crews import ROLES_OF
from infra.synthetic.worlds.people import KINDS
from templates.evaluation import Measured, evaluation_page
from templates.evaluation_terms import role_name, scheme_name
from templates.html import dossier_html
from templates.wording import LANGUAGES, wording
from tests.tables import table
from transforms.droppers.evaluation import TRUTH, evaluation
from transforms.droppers.typologies import in_force_on, typologies

NIGHT = date(2026, 3, 2)
WORLD = """
account_iban | is_member | role      | network  | scheme
--------------------------------------------------------
a            | true      | dropper   | 1:slow-1 | slow
b            | true      | collector | 1:slow-1 | slow
c            | false     | seller    | -        | -
d            | false     | seller    | -        | -
e            | false     | charity   | -        | -
"""
LIST = """
account_iban | score
--------------------
a            | 90
c            | 80
"""
SIGNS = """
account_iban | typology_code | points
-------------------------------------
a            | DRP-01        | 40
c            | DRP-03        | 80
"""


def measured(*, has_model: bool = False, on_list: str = LIST) -> Measured:
    listed, signs = (table(d).with_columns(night=pl.lit(NIGHT)) for d in (on_list, SIGNS))
    truth = table(WORLD).cast(dict(TRUTH.schema))
    told = pl.DataFrame([("collector", 60, 4, 3, 2), ("innocent", 50, 0, 1, 0)], orient="row")
    rows = evaluation(
        listed, signs, truth, rule_version="7", tops=(1,), seed=1, trail_roles=told
    ).collect()
    rules = in_force_on(typologies(), NIGHT).rows_by_key("code", named=True, unique=True)
    return Measured(NIGHT, rows, rules, (501, 502), has_model)


def page(language: str = "en", **changed) -> etree._Element:
    pages = {each: f"{each}.html" for each in LANGUAGES}
    made = evaluation_page(measured(**changed), language=language, pages=pages)
    return etree.fromstring(dossier_html(made), etree.HTMLParser())


def rows(of: etree._Element, name: str) -> list[list[str]]:
    found = of.findall(f".//table[@aria-labelledby='{name}']/tbody/tr")
    return [[" ".join("".join(c.itertext()).split()) for c in row] for row in found]


def test_each_typology_has_its_precision_and_recall_with_intervals():
    assert rows(page(), "typologies") == [
        ["DRP-01Many payers", "1", "1", "100.0% (20.7% – 100.0%)", "50.0% (9.5% – 90.5%)"],
        ["DRP-03Passes on what comes", "1", "0", "0.0% (0.0% – 79.3%)", "0.0% (0.0% – 65.8%)"],
    ]


def test_roles_of_the_trail_have_their_precision_and_recall():
    assert rows(page(), "trail-roles") == [
        ["collector", "4", "3", "2", "66.7% (20.8% – 93.9%)", "50.0% (15.0% – 85.0%)"]
    ]
    assert "Innocents whom the money met: 50. Told in one of these roles: 1." in said(page())


def said(of: etree._Element) -> str:
    return " ".join("".join(of.itertext()).split())


def test_innocents_are_told_by_kind_and_the_wronged_first():
    assert rows(page(), "innocents") == [
        ["seller at home or at a market", "2", "1", "50.0% (9.5% – 90.5%)"],
        ["charity", "1", "0", "0.0% (0.0% – 79.3%)"],
    ]


def test_networks_and_roles_have_their_recall_least_found_first():
    assert rows(page(), "roles")[0][:3] == ["collector", "1", "0"]
    assert rows(page(), "schemes")[0][:3] == ["slow, days between the steps", "2", "1"]
    assert rows(page(), "networks")[0][:3] == ["1:slow-1", "2", "1"]


@pytest.mark.parametrize("has_model", [False, True])
def test_the_page_says_first_that_all_is_simulated_and_what_a_model_knows(has_model):
    text = " ".join("".join(page(has_model=has_model).itertext()).split())

    assert "Measured on simulated accounts only." in text
    assert "these figures flatter" in text
    assert ("no measure of its worth" in text) == has_model


def test_a_list_without_a_single_innocent_is_no_achievement():
    found_alone = LIST.replace("c            | 80\n", "")

    easy, hard = ("".join(page(on_list=drawn).itertext()) for drawn in (found_alone, LIST))

    assert "too easy" in easy
    assert "too easy" not in hard


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_scheme_and_kind_of_life_of_the_simulator_has_words(language):
    words, english = wording(language), wording("en")
    roles = {"shop", *KINDS, *(role for of in ROLES_OF.values() for role in of)}

    for name, codes in ((scheme_name, ROLES_OF), (role_name, roles)):
        for code in codes:
            assert name(code, words) != name(code, english)
