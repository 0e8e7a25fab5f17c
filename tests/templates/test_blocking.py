"""The blocking list as a page and files: what is said of each account, in every language."""

from datetime import UTC, date, datetime
from io import BytesIO

import polars as pl
import pytest
from lxml import etree

from templates.blocking import Listed, blocking_page
from templates.dossier_model import Dossier, DossierTable
from templates.exports.blocking import drafts, tables
from templates.feature_terms import feature_name, feature_value
from templates.html import dossier_html
from templates.typology_terms import NAMES, SAYS
from templates.wording import LANGUAGES, wording
from transforms.droppers.blocking import BLOCKING
from transforms.droppers.learned import feature_names
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.windows import ACCOUNT_WINDOWS
from transforms.feeds import FEED_BY_NAME

NIGHT = date(2026, 3, 31)
AT = datetime(2026, 3, 31, 7, 30, tzinfo=UTC)
RULES = in_force_on(typologies(), NIGHT)


def reason(code: str, measured: float) -> dict[str, object]:
    rule = RULES.row(by_predicate=pl.col("code") == code, named=True)
    return {
        "typology_code": code,
        "measured": float(measured),
        **{name: rule[name] for name in ("window_days", "threshold", "points")},
    }


def row(account: str, state: str, rank: int, **cells: object) -> dict[str, object]:
    usual = dict.fromkeys(BLOCKING.schema)
    return usual | {
        "state_code": state,
        "rank": rank,
        "night": NIGHT,
        "account_iban": account,
        "holder_iin": f"iin-{account}",
        "bank_bic": "CASPKZKA",
        "region_code": "75",
        "score": 45,
        "typologies": 1,
        "produced_by_code": "rules",
        "amount_at_stake_tiyn": 150_050,
        "freshest_at": AT,
        "cards": [f"tok-{account}"],
        "is_held": False,
        "model_reasons": [],
        "reasons": [],
        **cells,
    }


ROWS = [
    row(
        "A",
        "to_block",
        1,
        reasons=[reason("DRP-03", 0.95), reason("DRP-16", 19), reason("CTR-05", 1)],
        probability=0.75,
        is_held=True,
        held_until_on=date(2026, 4, 2),
        arrest_code="refused",
    ),
    row("B", "to_block", 2, bank_bic="HSBKKZKX", region_code="unknown", cards=[], holder_iin=None),
    row("C", "ordered", 1, arrest_code="partly"),
    row("D", "exempted", 1, exemption_code="wages", exempt_until_on=date(2026, 4, 30)),
]


def listed(rows: list[dict[str, object]] = ROWS) -> Listed:
    return Listed(
        night=NIGHT,
        rows=pl.DataFrame(rows, schema=BLOCKING.schema, orient="row"),
        rules=RULES.rows_by_key("code", named=True, unique=True),
        rule_version="2025-01-01-abc",
        code_version="0.1+abc",
    )


def page(language: str = "en", rows: list[dict[str, object]] = ROWS) -> Dossier:
    return blocking_page(listed(rows), language=language, pages={}, files=())


def table(made: Dossier, name: str) -> DossierTable:
    return next(one for one in made.tables if one.id == name)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_each_reason_says_what_was_measured_and_from_when_on_it_counts():
    why = table(page(), "to-block").rows[0][-1].lines

    assert [plain(line) for line in why] == [
        "A payment is held until 2 April 2026",
        "Earlier order: refused",
        "+35 · Share in transit: came by transfer, left the same day over 30 days: 95.0%; threshold 80.0% (DRP-03)",
        "+10 · Age of a holder whom many pay: 19 years; threshold 22 years (DRP-16)",
        "\N{MINUS SIGN}30 · In favour of the holder: The account is of a registered firm (BIN) (CTR-05)",
        "Probability by the learned model: 75.0%",
    ]


def test_what_only_the_model_lists_is_explained_by_the_model():
    told = [{"feature_code": "payers_30d", "measured": 40.0, "contribution": 0.5}]
    of_model = {"probability": 0.9, "model_reasons": told}
    made = page(
        rows=[
            row("A", "to_block", 1, produced_by_code="model", **of_model),
            row("B", "to_block", 2, produced_by_code="both", **of_model),
        ]
    )

    of_a, of_b = ([plain(x) for x in r[-1].lines] for r in table(made, "to-block").rows)
    assert of_a == [
        "Probability by the learned model: 90.0%",
        "The model counts against it: different payers, over 30 days = 40",
    ]
    assert of_b == ["Probability by the learned model: 90.0%"]


def test_each_account_stands_in_one_table_with_holder_cards_bank_and_amount():
    made = page()

    assert [[r[0].text for r in t.rows] for t in made.tables] == [
        ["A", "B"],
        ["C"],
        ["D"],
        ["CTR-05.1", "DRP-03.1", "DRP-16.1"],
    ]
    first, second = table(made, "to-block").rows
    assert first[0].lines == ("IIN or BIN iin-A", "card tok-A")
    assert second[0].lines == ("holder unknown",)
    assert [cell.text for cell in first[1:4]] == ["Kaspi Bank, Almaty", "45", "1,500.50"]
    assert second[1].text == "Halyk Bank, Region unknown"
    assert table(made, "exempted").rows[0][5].text == "wages"
    assert plain(table(made, "exempted").rows[0][6].text) == "30 April 2026"


def test_what_left_after_the_arrest_is_told_first_of_the_account_and_in_all():
    leaks = {"arrest_code": "executed", "arrested_at": AT, "left_since_tiyn": 28_130_000}
    made = page(rows=[*ROWS, row("E", "ordered", 1, **leaks)])

    said = {r[0].text: [plain(x) for x in r[-1].lines] for r in table(made, "ordered").rows}
    assert said["C"] == ["arrested in part"]
    assert said["E"] == ["arrested", "Left after the arrest of 31/03/2026, 12:30: 281,300 tenge"]
    assert plain(made.lead[-1]).endswith("arrested: 281.3 thousand tenge, 1 account.")
    assert len(page().lead) == 2


def test_amounts_are_of_accounts_to_block_alone():
    made = page()

    assert plain(made.amounts[0].note) == "3,001 tenge exactly"
    assert [a.text for a in made.amounts[1:5]] == ["2", "2", "1", "1"]


def test_a_list_of_nobody_says_so():
    made = page(rows=[])

    assert made.lead == ("No account is to be blocked.",)
    assert all(not one.rows for one in made.tables)
    assert b"Nobody." in dossier_html(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_marked_and_complete_in_every_language(language):
    made = page(language)

    tree = etree.fromstring(dossier_html(made), etree.HTMLParser())
    marks = [p.text for p in tree.iter("p") if p.get("class") == "marking"]
    assert marks == [made.marking]
    assert len(list(tree.iter("li"))) > 6
    assert not tree.xpath("//script | //link[@rel='stylesheet'] | //img")


def test_languages_differ_and_every_text_of_the_typologies_is_marked_for_translation():
    assert len({page(language).tables[0].rows[0][-1].lines for language in LANGUAGES}) == 3
    assert set(typologies()["name"]) == set(NAMES)
    assert set(typologies()["says"]) == set(SAYS)


def test_a_draft_has_all_columns_of_an_order_and_nothing_that_only_a_prosecutor_knows():
    made = drafts(listed())

    assert list(made) == ["draft-CASPKZKA-2026-03-31.csv", "draft-HSBKKZKX-2026-03-31.csv"]
    read = {n: pl.read_csv(b, separator=";", infer_schema=False) for n, b in made.items()}
    first = read["draft-CASPKZKA-2026-03-31.csv"]
    assert tuple(first.columns) == FEED_BY_NAME["card_arrest_orders"].wire_columns
    assert first.select("BANK_BIC", "CARD_TOKEN", "ACCOUNT", "IIN").rows() == [
        ("CASPKZKA", "tok-A", "A", "iin-A")
    ]
    for column in ("ORDER_NO", "CASE_NO", "ORDERED_ON", "KATO", "AGENCY"):
        assert set(first[column]) <= {None, ""}
    assert read["draft-HSBKKZKX-2026-03-31.csv"]["CARD_TOKEN"].to_list() in ([None], [""])


def test_a_reason_is_looked_up_by_its_code_with_its_source_and_all_its_numbers():
    source = RULES.row(by_predicate=pl.col("code") == "DRP-03", named=True)["source"]
    cells = table(page(), "typologies").rows[1]
    assert cells[0].lines == ("Passes on what comes", source)
    assert [plain(c.text) for c in cells[1:]] == ["80.0% over 30 days", "35", "1"]

    made = tables(listed(), "en")
    read = pl.read_csv(made["evidence.csv"])
    assert read.select("account_iban", "typology_code", "version", "measured", "points").rows() == [
        ("A", "DRP-03", 1, 0.95, 35),
        ("A", "DRP-16", 1, 19.0, 10),
        ("A", "CTR-05", 1, 1.0, -30),
    ]
    assert read["source"][0] == source
    sheet = pl.read_excel(BytesIO(made["blocking.xlsx"]), sheet_name="evidence", engine="calamine")
    assert sheet["measured"].to_list() == read["measured"].to_list()


def test_tables_hold_every_account_with_its_reasons_in_words():
    made = tables(listed(), "en")

    read = pl.read_csv(made["blocking.csv"])
    assert read["account_iban"].to_list() == ["A", "B", "C", "D"]
    assert read["amount_at_stake_tiyn"].to_list() == [150_050] * 4
    assert "threshold 80.0%" in plain(read["reasons"][0])
    sheet = pl.read_excel(BytesIO(made["blocking.xlsx"]), sheet_name="blocking", engine="calamine")
    assert sheet["amount_at_stake_tenge"].to_list() == [1500.5] * 4
    assert made == tables(listed(), "en")


def test_every_feature_that_a_model_may_look_at_has_words_in_each_language():
    nobody = pl.LazyFrame(schema=ACCOUNT_WINDOWS.schema)
    codes = feature_names(nobody)

    for language in LANGUAGES:
        words = wording(language)
        named = [feature_name(code, words) for code in codes]
        assert len(set(named)) == len(codes)
    assert "million" in feature_value("cash_out_tiyn_30d", 1_250_000_00, wording("en"))
    assert feature_value("passed_on_share_7d", 0.5, wording("en")) == "50.0%"
