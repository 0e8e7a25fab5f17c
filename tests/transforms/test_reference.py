"""Every row of a reference says where it comes from, and calls an assumption by its name."""

from importlib.resources import files

import polars as pl
import pytest

from transforms.reference import reference

_WITHOUT = {"banks", "regions", "tile_grid"}  # their columns name a source of their own
NAMES = sorted(
    path.name.removesuffix(".csv")
    for path in files("transforms.reference").iterdir()
    if path.name.endswith(".csv")
)
_VAGUE = r"(?i)\bmemory\b|unverified|general knowledge$"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in _WITHOUT])
def test_every_row_has_a_source(name):
    source = reference(name)["source"]

    assert source.null_count() == 0
    assert (source.str.strip_chars().str.len_chars() > 0).all()


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("precursor", "seizure"))])
def test_what_no_source_says_is_called_an_assumption(name):
    source = reference(name)["source"]

    assert source.filter(source.str.contains(_VAGUE)).to_list() == []
    assert all(
        "assumption: " in text for text in source if "remembered" in text or "not found" in text
    )


def test_places_of_the_regions_of_2022_name_the_decree_or_an_assumption():
    moved = reference("places").filter(pl.col("former_kato2").is_not_null())

    is_told = moved["source"].str.contains("decree of the President|assumption: ")
    assert moved.filter(~is_told)["name_ru"].to_list() == []
