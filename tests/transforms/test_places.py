"""Towns and districts to regions, whatever the spelling; a name that does not tell gives none."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.place_names import folded
from transforms.places import place_regions
from transforms.reference import reference
from transforms.regions import REGION_CODES

NOW, BEFORE = date(2025, 8, 18), date(2021, 8, 18)


def found(place: str, day: date = NOW) -> tuple[str | None, str]:
    rows = place_regions(pl.LazyFrame({"place": [place], "day": [day]})).collect()
    return rows.select("region_code", "place_code").row(0)


@pytest.mark.parametrize(
    "spelling",
    [
        "г. Жезказган",
        "г.Жезқазған",
        "Жезқазған қаласы",
        "Zhezkazgan city",
        "ДЖЕЗКАЗГАН",
        "Жезказгн",
    ],
)
def test_a_town_is_known_in_every_spelling(spelling: str):
    assert found(spelling) == ("62", "known")


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("г. Алматы", "75"),
        ("Алматинская область", "19"),
        ("Алматы облысы", "19"),
        ("Алматы, Бостандыкский район", "75"),
        ("Жамбылский район Алматинской области", "19"),
        ('Жамбылская область, трасса "Тараз-Алматы"', "31"),
        ("Панфилов ауданы Жетісу", "33"),
        ("г. Туркестан, ЮКО", "61"),
        ("Кордайский р-н", "31"),
        ("Қордай ауданы", "31"),
        ("Мангистауская область, ст.Шетпе", "47"),
        ("р-н Турара Рыскулова", "31"),
        ("г. Шар", "10"),
        ("Чиилийский район", "43"),
        ("Отрарский р-н", "61"),
    ],
)
def test_what_stands_beside_a_name_tells_city_district_and_region_apart(place: str, region: str):
    assert found(place) == (region, "known")


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("Абай", "ambiguous"),
        ("Есильский район", "ambiguous"),
        ("Алматинская область, г. Атырау", "contradictory"),
        ("пассажирский поезд № 305", "not_listed"),
        ("Париж", "not_listed"),
        ("", "not_listed"),
    ],
)
def test_a_name_that_does_not_tell_gives_no_region_and_says_why(place: str, why: str):
    assert found(place) == (None, why)


def test_a_town_that_went_over_in_2022_is_in_its_new_region_for_all_years():
    told = ["г. Семей, ВКО", "Талдыкорган, Алматинская область", "Жезказган Карагандинской обл."]
    places = pl.LazyFrame({"place": told, "day": [BEFORE] * 3})

    rows = place_regions(places).collect().select("region_code", "region_then_code").rows()

    assert sorted(rows) == [("10", "63"), ("33", "19"), ("62", "35")]


def test_a_region_told_before_it_was_divided_may_be_any_of_its_parts():
    assert found("Восточно-Казахстанская область", BEFORE) == (None, "divided")
    assert found("Восточно-Казахстанская область", NOW) == ("63", "known")
    assert found("Павлодарская область", BEFORE) == ("55", "known")


def test_places_of_the_list_are_of_known_regions_and_each_row_has_a_source():
    places = reference("places")

    assert set(places["kato2"]) == set(REGION_CODES)
    assert set(places["former_kato2"].drop_nulls()) <= set(REGION_CODES)
    assert places["source"].null_count() == 0
    assert (places["former_kato2"].is_null() == places["changed_on"].is_null()).all()


@pytest.mark.parametrize("column", ["name_ru", "name_kk", "name_en"])
def test_a_town_of_one_region_is_found_by_each_of_its_names(column: str):
    towns = reference("places").filter(pl.col("kind") == "city")
    told = pl.LazyFrame({"place": "г. " + towns[column], "day": [NOW] * towns.height})

    rows = place_regions(told).collect()

    joined = rows.join(towns.select(place="г. " + pl.col(column), right="kato2"), on="place")
    assert joined.filter(pl.col("region_code") != pl.col("right")).rows() == []
    assert joined["region_code"].null_count() <= 4  # towns that share a name: Abai, Aksu


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [("name_ru", "", " район"), ("name_kk", "", " ауданы"), ("name_en", "", " district")],
)
def test_a_district_is_found_by_each_of_its_names_and_stood_then_where_it_did(
    column: str, before: str, after: str
):
    districts = reference("places").filter(pl.col("kind") == "district")
    told = districts.select(
        place=before + pl.col(column) + after,
        right="kato2",
        then=pl.coalesce("former_kato2", "kato2"),
    )
    days = [NOW, BEFORE]
    asked = pl.concat([told.select("place").with_columns(day=pl.lit(day)) for day in days])

    rows = place_regions(asked.lazy()).collect().join(told, on="place")

    # "Есильский район" is in several regions: none is guessed.
    shared = told.group_by("place").agg(pl.col("right").n_unique()).filter(pl.col("right") > 1)
    lone = rows.join(shared, on="place", how="anti")
    assert lone.filter(pl.col("region_code") != pl.col("right")).rows() == []
    assert lone["region_code"].null_count() <= 0.03 * lone.height
    moved = lone.filter(pl.col("day") == BEFORE, pl.col("then") != pl.col("right"))
    moved = moved.filter(pl.col("region_code").is_not_null())
    assert moved.height >= 15
    assert moved.filter(pl.col("region_then_code") != pl.col("then")).rows() == []


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str):
    region, why = found(text)

    assert (region in REGION_CODES) == (why == "known")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="абвгджкчшэюяқғңөұһі -.ZhYkQ'", max_size=30))
def test_a_folded_name_is_of_plain_letters_and_blanks(text: str):
    folds = pl.DataFrame({"text": [text]}).select(folded(pl.col("text"))).item()

    assert set(folds) <= set("abcdefghijklmnopqrstuvwxyz ")
    assert folds == folds.strip()
