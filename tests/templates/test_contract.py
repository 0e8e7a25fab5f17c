"""The contract of a feed as a page: all that is asked, in every language, and nothing else."""

import re
from dataclasses import replace
from datetime import date, time

import polars as pl
import pytest
from lxml import etree

from templates.contract import UnknownType, contract
from templates.contract_model import Agreed, Contract, Message, Rule
from templates.html import contract_html
from templates.wording import LANGUAGES
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.feeds.feed import Feed

ORDERS, TRANSACTIONS = FEED_BY_NAME["card_arrest_orders"], FEED_BY_NAME["card_transactions"]
RULES = (
    Rule("CAO-01", is_rejecting=True, says="ORDER_NO is <there>.", source="Annex 2"),
    Rule("CAO-02", is_rejecting=False, says="KATO is known.", source="Annex 3"),
)
BANKS = Agreed(
    institutions=("CASPKZKA", "HSBKKZKX"),
    format="csv",
    separator=";",
    encoding="cp1251",
    is_decimal_comma=False,
    names="{feed}_{institution}_{yyyymmdd}*",
    columns={},
    calendar="every_day",
    since=date(2025, 8, 16),
    due=time(1),
    control="json",
    control_suffix=".control.json",
    is_mandatory=True,
)


def made(feed: Feed = TRANSACTIONS, language: str = "en", **changed) -> Contract:
    arguments = {
        "rules": RULES,
        "messages": (Message("auth.001", "ISO 20022 request of an authority"),),
        "agreed": (BANKS,),
        "most_rejected": 0.05,
        "pages": {each: f"{each}.html" for each in LANGUAGES},
    }
    return contract(feed, language=language, **{**arguments, **changed})


def parsed(page: Contract) -> etree._Element:
    return etree.fromstring(contract_html(page), etree.HTMLParser())


def words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_every_column_stands_in_the_page_with_its_meaning(feed, language):
    text = words(parsed(made(feed, language)))

    for field in feed.fields:
        assert field.wire in text
        assert field.column.name in text
        assert " ".join(field.column.description.split()) in text


def test_a_column_tells_type_unit_and_whether_it_may_be_empty_or_is_personal():
    rows = {row.wire: row for row in made().columns}

    assert (rows["AMOUNT"].dtype, rows["AMOUNT"].unit) == (
        "whole number",
        "hundredths of the currency",
    )
    assert (rows["AMOUNT"].needed, rows["AMOUNT"].personal) == ("must be there", "")
    assert (rows["DEVICE"].needed, rows["DEVICE"].personal) == ("may be empty", "personal data")


def test_each_rule_has_its_code_sentence_source_and_what_it_does_to_a_row():
    rows = parsed(made()).xpath("//section[@aria-labelledby='rules']//tbody/tr")

    assert [words(row) for row in rows] == [
        "CAO-01ORDER_NO is <there>.Annex 2set aside",
        "CAO-02KATO is known.Annex 3reported",
    ]


def test_the_terms_say_how_when_and_under_which_name_to_deliver():
    told = {fact.term: fact.text for fact in made().terms[0].facts}

    assert told == {
        "Form": "CSV, separated by “;”, encoding CP1251, plain, .gz, .zst or a .zip of one file",
        "Name of the file": "card_transactions_{institution}_{yyyymmdd}*, "
        "as card_transactions_CASPKZKA_20250816.csv",
        "Business dates": "every day since 16\N{NO-BREAK SPACE}August\N{NO-BREAK SPACE}2025",
        "Due": "by 01:00, Almaty time, on the day after the business date",
        "Beside the file": "name of the file + .control.json: JSON with rows, sha256 and, where "
        "agreed, sums by currency (AMOUNT, CURRENCY)",
        "If it does not come": "reports are provisional until it does",
    }


def test_columns_that_a_sender_names_otherwise_are_told():
    agreed = replace(BANKS, columns={"AMOUNT": "СУММА"}, is_mandatory=False)

    told = {fact.term: fact.text for fact in made(agreed=(agreed,)).terms[0].facts}

    assert told["Columns that have another name"] == "AMOUNT = СУММА"
    assert told["If it does not come"] == "reports do not wait for it"


def test_a_feed_that_nobody_delivers_says_so():
    assert "Nobody delivers this feed yet" in words(parsed(made(agreed=())))


def test_the_version_is_that_of_what_is_asked_and_not_of_the_language():
    stamps = {made(language=language).stamp for language in LANGUAGES}
    others = [made(rules=RULES[:1]), made(agreed=()), made(most_rejected=0.1), made(ORDERS)]

    assert len(stamps) == 1
    assert len({*stamps, *(other.stamp for other in others)}) == 5


def test_the_same_contract_gives_the_same_bytes():
    assert contract_html(made()) == contract_html(made())


def test_a_page_needs_nothing_from_outside():
    page = parsed(made())

    addresses = set(page.xpath("//@src | //@href | //@action"))
    assert addresses == {f"{language}.html" for language in LANGUAGES if language != "en"}
    assert page.xpath("//script | //link | //iframe | //img") == []
    assert not re.search(r"url\(|@import", " ".join(page.xpath("//style/text()")))


def test_a_page_that_stands_alone_links_nothing():
    assert parsed(made(pages={})).xpath("//@href") == []


def test_a_type_that_has_no_words_is_an_error_not_a_guess():
    first, *rest = ORDERS.fields
    odd = replace(first, column=replace(first.column, dtype=pl.Float32()))

    with pytest.raises(UnknownType, match="Float32 has no words"):
        made(replace(ORDERS, fields=(odd, *rest)))
