"""Codes in words: what a codelist names, the catalogues say."""

import pytest

from templates.terms import member_name
from templates.wording import LANGUAGES, wording
from transforms.reference import reference


def test_a_break_is_named_as_in_its_codelist_and_otherwise_in_other_languages():
    rules = reference("arrest_breaks")

    for code, name in rules.select("code", "name").iter_rows():
        said = {
            language: member_name("break_code", code, wording(language)) for language in LANGUAGES
        }

        assert said["en"] == name
        assert len(set(said.values())) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_breaks_have_one_name(language):
    codes = reference("arrest_breaks")["code"]

    assert len({member_name("break_code", c, wording(language)) for c in codes}) == len(codes)
