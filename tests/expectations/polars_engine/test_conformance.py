"""Every supported expectation says what GX's own pandas engine says, but for what is listed."""

import dataclasses

import pytest

from expectations.polars_engine import REFUSED
from tests.expectations.polars_engine.cases import cases
from tests.expectations.polars_engine.conformance import (
    FORMATS,
    PAGE,
    found_differences,
    is_listed,
    page,
    said_by_polars,
)
from tests.expectations.polars_engine.differences import DIFFERENCES, REPRESENTATIONS
from tests.expectations.polars_engine.test_graph import CORE

by_what = pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.about)


def test_each_core_expectation_is_compared_or_refused():
    compared = {case.expectation.expectation_type for case in cases()}

    assert compared | set(REFUSED) == CORE
    assert compared & set(REFUSED) == set()


def test_each_expectation_is_compared_in_each_result_format():
    asked = {(said.of.expectation.expectation_type, said.in_format) for said in said_by_polars()}

    assert asked == {(kind, each) for kind in CORE - set(REFUSED) for each in FORMATS}


def test_each_difference_from_pandas_is_listed():
    unlisted = {
        (case, kind)
        for case, kind in found_differences()
        if not any(is_listed(difference, case, kind) for difference in DIFFERENCES)
    }

    assert unlisted == set()


@by_what
def test_each_listed_difference_still_occurs(difference):
    found = [case for case, kind in found_differences() if kind == difference.kind]

    idle = [
        pattern
        for pattern in difference.cases
        if not any(
            is_listed(replaced(difference, pattern), case, difference.kind) for case in found
        )
    ]

    assert idle == []


@pytest.mark.parametrize("representation", REPRESENTATIONS, ids=lambda each: each.what)
def test_each_way_of_writing_is_still_needed(representation):
    without = [each for each in REPRESENTATIONS if each is not representation]

    assert found_differences(without) > found_differences()


def test_the_page_of_differences_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page()


def replaced(difference, pattern):
    return dataclasses.replace(difference, cases=(pattern,))
