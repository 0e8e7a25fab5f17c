"""Every message in every language, with its forms and its places for values."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import IO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from templates.measures import scale, told
from templates.pdf import messages_of
from templates.terms import UNIT_NOUNS
from templates.wording import LANGUAGES, UnknownLanguage, wording
from transforms.indicators import INDICATORS

KEYWORDS = {
    "say": None,
    "message": None,
    "count": (1, 2),
    "messages": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
}
METHODS = [
    ("**.py", "python"),
    ("**.j2", "jinja2.ext:babel_extract"),
    ("**.typ", "tests.templates.test_wording:typst"),
]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACES = re.compile(r"%\((\w+)\)s")


def typst(
    template: IO[bytes], *_: object, **__: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's method for templates of Typst."""
    for text in messages_of(template.read().decode()):
        yield 1, "say", text, []


@pytest.fixture(scope="module")
def said() -> dict[str, str | tuple[str, str]]:
    """Messages in code and templates, by their English singular."""
    found = extract_from_dir(str(files("templates")), METHODS, keywords=KEYWORDS)
    texts = [text for _, _, text, _, _ in found]
    return {text if isinstance(text, str) else text[0]: text for text in texts}


def catalogue(language: str) -> Catalog:
    path = files("templates") / "locale" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as po:
        return read_po(po, locale=language, abort_invalid=True)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_missing_and_none_is_left_over(said, language):
    translated = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue(language) if m.id}

    assert sorted(said.keys() - translated) == []
    assert sorted(translated - said.keys()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_with_all_its_forms_and_values(said, language):
    po = catalogue(language)

    for message in po:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy, key
        assert all(forms), key
        assert message.pluralizable == isinstance(said[key], tuple), key
        assert len(forms) == (po.num_plurals if message.pluralizable else 1), key
        for form in forms:
            if "_day)s" not in key:  # a language chooses: 1 January – 18 August 2025
                assert sorted(PLACES.findall(form)) == sorted(PLACES.findall(key)), key


def test_no_compiled_catalogue_is_kept():
    assert list(files("templates").glob("**/*.mo")) == []


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("ru", 1, "1 карта"),
        ("ru", 3, "3 карты"),
        ("ru", 11, "11 карт"),
        ("ru", 21, "21 карта"),
        ("ru", 85_214, "85 214 карт"),
        ("ru", 2_000_000, "2,0 млн карт"),
        ("kk", 1, "1 карта"),
        ("kk", 85_214, "85 214 карта"),
        ("en", 1, "1 card"),
        ("en", 85_214, "85,214 cards"),
        ("en", 2_000_000, "2.0 million cards"),
    ],
)
def test_a_number_and_its_noun_agree(language, number, words):
    assert plain(told(number, "cards", wording(language))) == words


@pytest.mark.parametrize(
    ("language", "value", "unit", "words"),
    [
        ("ru", 2_304_618_273_46, "tiyn", "2,3 млрд тенге"),
        ("kk", 2_304_618_273_46, "tiyn", "2,3 млрд теңге"),
        ("en", 2_304_618_273_46, "tiyn", "2.3 billion tenge"),
        ("ru", 85_201_00, "tiyn", "85,2 тыс. тенге"),
        ("ru", 6_013_482_57, "usd_cent", "$6,0 млн"),
        ("en", 6_013_482_57, "usd_cent", "$6.0 million"),
        ("ru", 999_960_000_00, "tiyn", "1,0 млрд тенге"),
        ("ru", 0, "tiyn", "0 тенге"),
        ("ru", 999, "gram", "999 г"),
        ("ru", 14_838, "gram", "14,8 кг"),
    ],
)
def test_amounts_are_told_in_the_language_and_rounded_once(language, value, unit, words):
    assert plain(told(value, unit, wording(language))) == words


def test_what_is_not_zero_never_looks_like_zero():
    russian = wording("ru")

    tenge = scale("tiyn", [3_00, 9_243_187_406_91], russian)

    assert plain(tenge.text(3_00, russian)) == "< 1"
    assert tenge.text(0, russian) == "0"


def test_dates_follow_the_language():
    day = date(2025, 8, 18)

    assert plain(wording("ru").long_date(day)) == "18 августа 2025 г."
    assert plain(wording("kk").long_date(day)) == "2025 ж. 18 тамыз"
    assert plain(wording("en").long_date(day)) == "18 August 2025"


def test_kazakh_letters_stand_in_their_place_in_the_alphabet():
    words = ["Ұлытау", "Түркістан", "Қарағанды", "Костанай", "Ақмола", "Әулие", "Өскемен", "Орал"]

    kazakh = sorted(words, key=wording("kk").sort_key)
    russian = sorted(["Ұлытау", "Туркестан", "Шымкент"], key=wording("ru").sort_key)

    assert kazakh == [
        "Ақмола", "Әулие", "Костанай", "Қарағанды", "Орал", "Өскемен", "Түркістан", "Ұлытау",
    ]  # fmt: skip
    assert russian == ["Туркестан", "Ұлытау", "Шымкент"]


def test_percent_has_one_decimal():
    assert plain(wording("ru").percent(Decimal("0.1234"))) == "12,3 %"
    assert wording("kk").percent(Decimal("0.1234")) == "12,3%"


def test_every_unit_of_the_catalogue_has_words():
    assert {i.unit for i in INDICATORS} <= {
        *(*UNIT_NOUNS, "tiyn", "usd_cent", "gram", "per_10_million")
    }


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(UnknownLanguage, match="Use one of ru, kk, en"):
        wording("de")


def plain(text: str) -> str:
    """With ordinary spaces."""
    return re.sub(r"\s", " ", text)
