"""Records come out of an answer exactly as they were written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.doors.json_pieces import NoSuchPiece, elements, piece_at, said_at

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_numbers_keep_every_digit_and_zero():
    page = '{"data": {"items": [{"q": 0.10000000000000000001}, {"q": 1e3}], "next": 12}}'

    assert elements(piece_at(page, "data.items")) == [
        '{"q": 0.10000000000000000001}',
        '{"q": 1e3}',
    ]
    assert said_at(page, "data.next") == "12"
    assert said_at(page, "data.nothing") is None


def test_a_record_over_many_lines_becomes_one_line():
    assert elements('[{"a":\r\n 1},\n {"b": "x\\ny"}]') == ['{"a":   1}', '{"b": "x\\ny"}']


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 2]))
def test_the_elements_of_any_array_are_those_of_a_json_library(values, indent):
    text = json.dumps({"x": 0, "rows": values}, indent=indent)

    assert [json.loads(one) for one in elements(piece_at(text, "rows"))] == values


@pytest.mark.parametrize("text", ["", "{", '{"a"', '{"a": 1', "[1, 2", "[1 2]", "1", "{'a': 1}"])
def test_what_is_not_whole_is_refused(text):
    with pytest.raises(NoSuchPiece):
        elements(piece_at(text, "a") if text.startswith("{") else text)
