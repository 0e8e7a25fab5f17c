"""Descriptions of goods: what they mention, how surely, and what they only sound like."""

import polars as pl
import pytest

from tests.transforms.drawings import assert_drawn
from tests.transforms.precursors.customs import goods
from transforms.precursors.lists import is_listed_on, listed_things, listings
from transforms.precursors.mentions import cas_numbers, mentions
from transforms.precursors.spelling import key_of, plain
from transforms.precursors.text_matches import matches_of, unread
from transforms.reference import reference


def told(text: str) -> set[tuple[str, str]]:
    return {(m.listed_id, m.basis) for m in mentions([text])[text]}


def role(text: str) -> str:
    (only,) = mentions([text])[text]
    return only.role


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ацетон технический", ("acetone", "name")),
        ("Aцeтон", ("acetone", "name")),
        ("ацетоном", ("acetone", "name")),
        ("丙酮 工业级", ("acetone", "name")),
        ("bing tong", ("acetone", "transliteration")),
        ("уксусной к-ты ангидрид", ("acetic_anhydride", "name")),
        ("acetik anhidride", ("acetic_anhydride", "spelling")),
        ("псевдоефедрин", ("pseudoephedrine", "name")),
        ("psevdoefedrin", ("pseudoephedrine", "name")),
        ("кислота серная", ("sulphuric_acid", "name")),
        ("P-2-P", ("p2p", "abbreviation")),
        ("CAS 110 89 4", ("piperidine", "cas")),
        ("CAS № 28578 – 16 – 7", ("pmk_glycidate_ethyl", "cas")),
        ("CAS110894", ("piperidine", "cas")),
        ("Пресс таблеточный роторный", ("tablet_press", "name")),
        ("нитрометан", ("nitromethane", "name")),
        ("Essigsäureanhydrid", ("acetic_anhydride", "name")),
        ("acide phénylacétique", ("phenylacetic_acid", "spelling")),
        ("Piperidinum", ("piperidine", "name")),
        ("пентаметиленимин", ("piperidine", "name")),
        ("1-фенилпропан-2-он, жидкость", ("p2p", "name")),
    ],
)
def test_a_listed_thing_is_recognised_in_any_script_and_with_typos(text, found):
    assert found in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ацетонитрил",
        "диэтиловый эфир малоновой кислоты",
        "Толуилендиизоцианат",
        "Пиперазин",
        "пиперидиновый аналог",
        "лидокаина гидрохлорид",
        "этилбензол",
        "пропан-2-ол",
        "хлористый этил",
        "метилгексилкетон",
        "хлорацетон",
        "1-бензил-4-пиперидон",
        "硫酸钠",
        "уксусная кислота ледяная",
        "110-89-5",
        "склад 110 89 4",
    ],
)
def test_what_only_sounds_like_it_is_not(text):
    assert told(text) == set()


@pytest.mark.parametrize(
    ("text", "is_what"),
    [
        ("Ацетон 99,5%", "main"),
        ("acetone-free remover", "negated"),
        ("жидкость без ацетона", "negated"),
        ("Ацетона не менее 99 %", "main"),
        ("potassium permanganate free flowing", "main"),
        ("насос для ацетона", "purpose"),
        ("Газоанализатор паров ацетона", "mention"),
        ("смесь с ацетоном", "component"),
        ("краска, ацетон", "product"),
    ],
)
def test_the_words_around_a_name_say_what_it_is_in_the_goods(text, is_what):
    assert role(text) == is_what


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("30% ацетон", 30),
        ("ацетон, 40 %, толуол 35 %", 40),
        ("ацетон 5-10 %", 10),
        ("ацетон", None),
    ],
)
def test_a_share_is_read_where_it_is_told(text, percent):
    first = mentions([text])[text][0]

    assert (first.listed_id, first.percent) == ("acetone", percent)


def test_a_cas_number_needs_its_check_digit():
    assert [cas for _, _, cas in cas_numbers(plain("67-64-1; 67-64-2; 67‑64‑1"))] == ["67-64-1"] * 2


def test_every_cas_number_and_name_of_the_lists_is_recognised_as_itself():
    names = reference("precursor_names").filter(pl.col("kind") != "formula")
    found = mentions(names["name"].to_list())

    wrong = [
        (name, listed_id)
        for name, listed_id in names.select("name", "listed_id").iter_rows()
        if listed_id not in {m.listed_id for m in found[name]}
    ]

    assert wrong == []


def test_no_harmless_name_is_taken_for_a_listed_one():
    harmless = reference("precursor_lookalikes")["name"].to_list()

    found = mentions(harmless)

    assert [name for name in harmless if found[name]] == []


def test_a_key_is_one_for_both_scripts():
    assert key_of("Пиперидин") == key_of("Piperidine")
    assert key_of("изосафрола") == key_of("isosafrole")


def test_only_descriptions_that_were_not_read_are_read():
    texts = pl.LazyFrame({"goods_text": ["b", "a", "c"]})

    assert unread(texts, texts.filter(pl.col("goods_text") == "b")).collect()[
        "goods_text"
    ].to_list() == ["a", "c"]
    assert matches_of(["сахар"])["listed_id"].to_list() == [None]


GOODS = """
declaration_no | item_no | procedure_code | hs_code    | goods_text                     | registered_on | net_kg
---------------------------------------------------------------------------------------------------------------
1              | 1       | 40             | 2914110000 | ацетон                         | 2026-03-02    | 10
1              | 2       | 40             | 3814000000 | растворитель, ацетон 59 %      | 2026-03-02    | 10
1              | 3       | 40             | 3814000000 | растворитель, ацетон 60 %      | 2026-03-02    | 10
1              | 4       | 40             | 3208900000 | краска с ацетоном              | 2026-03-02    | 10
1              | 5       | 40             | 8413700000 | насос для ацетона              | 2026-03-02    | 10
1              | 6       | 40             | 3814000000 | смесь, уксусный ангидрид       | 2026-03-02    | 10
1              | 7       | 40             | 2912210000 | бензальдегид                   | 2026-03-02    | 10
1              | 8       | 40             | 8479890000 | таблеточный пресс              | 2014-07-02    | 10
"""


def test_goods_are_listed_with_score_reason_share_and_what_counts():
    assert_drawn(
        goods(GOODS).filter(pl.col("score") > 0.5),
        """
        item_no | listed_id        | list_code      | score  | role_code | told_percent | substance_g | is_counted
        ----------------------------------------------------------------------------------------------------
        1       | acetone          | united_nations | 0.9985 | main      | -            | 10000       | true
        2       | acetone          | united_nations | 0.97   | product   | 59           | 5900        | false
        3       | acetone          | united_nations | 0.97   | product   | 60           | 6000        | true
        4       | acetone          | united_nations | 0.97   | product   | -            | -           | false
        6       | acetic_anhydride | united_nations | 0.97   | component | -            | -           | true
        7       | benzaldehyde     | watch          | 0.9985 | main      | -            | 10000       | true
        """,
    )
    evidence = goods(GOODS).filter(pl.col("item_no") == 1).collect()["evidence"].item()
    assert evidence == "name «ацетон» → Acetone; code 291411"


def test_what_was_listed_on_the_day_decides():
    days = pl.LazyFrame({"day": ["2024-05-22", "2024-05-23"], "listed_id": "bromoketone_4"})

    found = days.with_columns(pl.col("day").str.to_date()).join(listings(), on="listed_id")

    assert found.filter(is_listed_on("day")).collect()["list_code"].to_list() == [
        "watch",
        "national",
    ]


def test_everything_listed_has_a_list_and_a_name():
    things = listed_things().select("listed_id")

    named = reference("precursor_names").lazy()
    assert things.join(listings(), on="listed_id", how="anti").collect().is_empty()
    assert things.join(named, on="listed_id", how="anti").collect().is_empty()
    assert listings().join(things, on="listed_id", how="anti").collect().is_empty()
    assert listings().filter(pl.col("list_code") == "united_nations").collect().height == 51
