"""The page of a declarant says in each language why each fact stands, without a code."""

from functools import cache

import polars as pl
import pytest

from infra.synthetic.worlds.border import border
from templates.declarant import Declarant, declarant_page
from templates.html import dossier_html
from templates.precursor_reasons import recognised, why
from templates.wording import LANGUAGES, NO_BREAK, wording
from tests.transforms.precursors.customs import goods_of, violations_of
from transforms.precursors.changes import VIOLATION_CHANGES
from transforms.precursors.declarant import of_declarant


@cache
def tables() -> dict[str, pl.DataFrame]:
    night, _ = border(11)
    return {
        "entity": night.feeds["legal_entities"].collect(),
        "violations": violations_of(**night.feeds).collect(),
        "goods": goods_of(night.feeds["import_declarations"]).collect(),
        "licences": night.feeds["precursor_licences"].collect(),
        "changes": pl.DataFrame(schema=VIOLATION_CHANGES.schema),
    }


def page(language: str, code: str) -> str:
    """The page of one who has a fact of that kind."""
    found = tables()["violations"].filter(pl.col("violation_code") == code)
    entity = str(found["consignee_bin"][0])
    rows = of_declarant({name: rows.lazy() for name, rows in tables().items()}, entity)
    known = Declarant(entity, border(11)[0].on, **rows)
    pages = {each: f"declarant.{each}.html" for each in LANGUAGES}
    made = dossier_html(declarant_page(known, language=language, pages=pages, files=()))
    return made.decode().replace(NO_BREAK, " ")


def test_every_fact_and_its_evidence_is_worded_in_every_language():
    facts = tables()["violations"]
    told = {
        language: [
            (
                why(row["reason_code"], row["explanation"], words),
                *recognised(row["evidence"], words),
            )
            for row in facts.iter_rows(named=True)
        ]
        for language in LANGUAGES
        for words in [wording(language)]
    }

    for sentences in zip(*told.values(), strict=True):
        for same_in_three in zip(*sentences, strict=True):
            assert len(set(same_in_three)) == 3, same_in_three
    assert not [s for fact in told["ru"] for s in fact if "=" in s or "→" in s]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("over_quota", "since the beginning of the year; the licences allow"),
        ("split_under_threshold", "4 items close together, 160.0 kg in all"),
        ("misdeclared", "Declared under subheading 340290; goods so described belong under"),
        ("consignee_newly_founded", "The consignee was founded on"),
        ("consignee_known_from_case", "is named in case 255500031000001 since"),
        ("no_end_use", "The licence in force states no end use."),
    ],
)
def test_the_page_says_why_with_the_numbers_of_the_fact(code: str, said: str):
    assert said in page("en", code)


def test_the_same_page_in_russian_and_kazakh():
    assert "в описании — название вещества" in page("ru", "unlicensed")
    assert "Лицензия" in page("ru", "over_quota")
    assert "күшіндегі лицензияда" in page("kk", "no_end_use").lower()
