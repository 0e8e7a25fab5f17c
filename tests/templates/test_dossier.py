"""The dossier of a case as a page: every figure is the transform's, in every language."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from templates.dossier import dossier
from templates.dossier_model import Dossier, DossierTable
from templates.flow_diagram import ENDS, Layout, Link, laid_out
from templates.html import dossier_html
from templates.wording import LANGUAGES
from tests.transforms.drawings import rows_of
from tests.transforms.trail.drawn import transfers_of
from tests.transforms.trail.test_roles import NETWORK
from tests.transforms.trail.test_tracing import traced_from
from transforms.trail.held import WALLETS
from transforms.trail.tracing import Traced

THINNEST = 0.6  # a band is drawn half a point wide, however little it carries; rounded to tenths
NUMBER = re.compile(r"-?\d+\.\d+|nan|inf")
SUBJECT = "257500000012345"


@pytest.fixture(scope="module")
def case() -> Traced:
    return traced_from(transfers_of(NETWORK), "shop")


@pytest.fixture(scope="module")
def backward() -> Traced:
    return traced_from(transfers_of(NETWORK), "organizer", is_backward=True, rule="fifo")


def made(case: Traced, language: str = "en", **changed) -> Dossier:
    arguments = {
        "subject": SUBJECT,
        "pages": {each: f"{each}.html" for each in LANGUAGES},
        "files": ("trail.graphml", "steps.csv"),
        "code_version": "0.1+abc",
    }
    return dossier(case, language=language, **{**arguments, **changed})


def parsed(page: Dossier) -> etree._Element:
    return etree.fromstring(dossier_html(page), etree.HTMLParser())


def table(page: Dossier, name: str) -> DossierTable:
    return next(one for one in page.tables if one.id == name)


def tiyn(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * 100)


def test_amounts_by_all_rules_stand_side_by_side_and_are_the_transforms(case):
    shown = table(made(case), "rules")

    assert [heading for _, heading in shown.headings] == [
        "", "Haircut", "FIFO", "Poison (upper bound)",
    ]  # fmt: skip
    told = {row[0].text: [tiyn(cell.text) for cell in row[1:]] for row in shown.rows}
    by_rule = {row["rule_code"]: row for row in case.figures.iter_rows(named=True)}
    rules = [by_rule[rule] for rule in ("haircut", "fifo", "poison")]
    for heading, column in {
        "Entered the trail, tenge": "entered_tiyn",
        "Held, tenge": "held_tiyn",
        "Can still be arrested, tenge": "arrestable_tiyn",
        "Taken as cash, tenge": "cash_tiyn",
        "Sent to exchanges, tenge": "exchange_tiyn",
    }.items():
        assert told[heading] == [row[column] for row in rules]


def test_held_money_and_exits_add_up_to_what_entered(case):
    page = made(case)

    held = sum(tiyn(row[2].text) for row in table(page, "held").rows)
    left = sum(tiyn(row[4].text) for row in table(page, "exits").rows)
    entered = case.figures.filter(pl.col("rule_code") == "haircut")["entered_tiyn"].item()
    assert held + left == entered


def test_every_person_but_payers_is_told_with_role_and_reason(case):
    shown = table(made(case), "persons")

    roles = {row[1].text: row[0].text for row in shown.rows}
    assert roles["organizer"] == "Organizer"
    assert roles["dropper"] == "Dropper"
    assert "buyer1" not in roles
    assert shown.note == "4 payers are not listed here but in the files."
    assert all(row[4].lines for row in shown.rows if row[0].text not in ("Recipient",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("direction", ["case", "backward"])
def test_the_page_is_whole_in_every_language_and_marked_as_case_material(
    direction, language, request
):
    page = made(request.getfixturevalue(direction), language)
    root = parsed(page)

    text = " ".join("".join(root.itertext()).split())
    assert text.count(page.marking) == 2
    assert root.get("lang") == language
    assert "nan" not in text.lower().split()
    assert len(root.xpath("//main//svg")) == 1 + len(page.diagram.rows)
    assert root.xpath("//nav/span/@lang") == [language]
    assert [a.get("href") for a in root.xpath("//footer//a")] == list(page.files)


def test_wallets_are_worth_then_and_now_in_tenge_and_dollars_and_sums_are_by_state(case):
    drawn = rows_of(
        WALLETS,
        """
        address | asset_code | quantity | state_code | frozen_on  | is_first_case | value_tiyn | value_usd_cent | night_value_tiyn | night_value_usd_cent
        -----------------------------------------------------------------------------------------------------------------------------------------------------
        T1      | USDT       | 10.50    | executed   | 2026-01-05 | true          | 525000     | 1050           | 535500           | 1049
        T2      | TRX        | 7        | executed   | 2026-01-05 | false         | 100        | 20             | 300              | 60
        T3      | TRX        | 7        | lifted     | 2026-01-05 | true          | 100        | 20             | -                | -
        """,
    ).collect()
    page = made(replace(case, wallets=drawn))

    rows = [[(cell.text, *cell.lines) for cell in row] for row in table(page, "wallets").rows]
    assert rows == [
        [
            ("T1",),
            ("arrested", "5\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2026"),
            ("10.5", "USDT"),
            ("5,250", "$10.50"),
            ("5,355", "$10.49"),
        ],
        [
            ("T2", "under a measure of an earlier case too"),
            ("arrested", "5\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2026"),
            ("7", "TRX"),
            ("1", "$0.20"),
            ("3", "$0.60"),
        ],
        [
            ("T3",),
            ("lifted", "5\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2026"),
            ("7", "TRX"),
            ("1", "$0.20"),
            ("—",),
        ],
        [("All",), ("arrested",), ("",), ("5,251", "$10.70"), ("5,358", "$11.09")],
        [("All",), ("lifted",), ("",), ("1", "$0.20"), ("—",)],
    ]
    shown = "".join(parsed(page).xpath("//table[contains(@class, 'wallets')]//td//text()"))
    assert "$10.49" in shown
    assert "wallets" not in {one.id for one in made(case).tables}


def test_what_was_confiscated_stands_below_the_arrest(case):
    held = case.held.with_columns(confiscated_tiyn=pl.lit(12_345))
    root = parsed(made(replace(case, held=held)))

    assert "confiscated: 123.45 tenge" in "".join(
        root.xpath("//table[contains(@class, 'held')]//text()")
    )


def test_backward_nothing_is_said_to_be_arrestable(backward):
    page = made(backward)

    assert page.title == "Where the money came from"
    assert page.lead[1] == "Of this: 2\N{NO-BREAK SPACE}tenge not explained further."
    assert {one.id for one in page.tables} == {"persons", "exits", "timeline", "rules"}
    told = "".join(amount.name for amount in page.amounts)
    assert "arrest" not in told


def test_equal_cases_give_equal_bytes(case):
    assert dossier_html(made(case)) == dossier_html(made(case))


def test_a_text_from_outside_cannot_become_markup(case):
    page = dossier_html(made(case, subject="<script>1</script>")).decode()

    assert "<script" not in page


roles = st.sampled_from(["shop", "dropper", "collector", "organizer", "account", *ENDS])
links = st.lists(
    st.builds(
        Link,
        from_layer=st.integers(0, 9),
        from_role=roles,
        to_layer=st.integers(0, 9),
        to_role=roles,
        transactions=st.integers(1, 9),
        tainted_tiyn=st.integers(1, 10**15),
    ),
    max_size=25,
)


def drawing(layout: Layout) -> tuple[set[object], set[object]]:
    places = {
        (p.column, p.role, p.x, p.y, p.height, p.came, p.went) for p in layout.places.values()
    }
    return places, {(band.path, band.tainted_tiyn) for band in layout.bands.values()}


@given(links)
def test_all_money_is_drawn_or_said_not_to_be(found):
    layout = laid_out(found)

    drawn = sum(band.tainted_tiyn for band in layout.bands.values())
    assert drawn + layout.undrawn_tiyn == sum(link.tainted_tiyn for link in found)
    transactions = sum(band.transactions for band in layout.bands.values())
    assert transactions + layout.undrawn_transactions == sum(link.transactions for link in found)


def test_a_trail_that_starts_at_a_wallet_is_drawn_from_it():
    layout = laid_out(
        [Link(0, "wallet", 1, "exchange_client", 1, 5), Link(1, "account", 2, "cash", 1, 5)]
    )

    assert {(place.column, place.role) for place in layout.places.values()} == {
        (0, "wallet"),
        (1, "exchange_client"),
        (1, "account"),
        (2, "cash"),
    }
    assert layout.undrawn_tiyn == 0


@given(links)
def test_bands_stay_inside_the_drawing_and_are_numbers(found):
    layout = laid_out(found)

    for band in layout.bands.values():
        numbers = [float(text) for text in NUMBER.findall(band.path)]
        xs = numbers[0:8:2] + numbers[9::2]
        ys = numbers[1:8:2] + numbers[8::2]
        assert all(0 <= x <= layout.width for x in xs)
        assert all(0 <= y <= layout.height + THINNEST for y in ys)
        assert band.payer.x < band.payee.x
    for place in layout.places.values():
        assert 0 <= place.x <= layout.width - layout.bar_width
        assert place.y + place.height <= layout.height + 1e-6


@given(links)
def test_bars_of_a_column_leave_each_other_room_for_two_lines(found):
    layout = laid_out(found)

    for column in range(layout.columns):
        bars = sorted((p.y, p.height) for p in layout.places.values() if p.column == column)
        for (y, height), (below, _) in pairwise(bars):
            assert below >= y + max(height, 40)


@given(links, st.randoms())
def test_the_order_of_links_does_not_matter(found, random):
    mixed = random.sample(found, len(found))

    assert drawing(laid_out(mixed)) == drawing(laid_out(found))
