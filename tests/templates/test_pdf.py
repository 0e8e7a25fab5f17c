"""What an archive, a screen reader and a printer find in a PDF: the main checks of veraPDF.

Of PDF/A-2a: the declaration, embedded fonts, an output intent, no scripts, no encryption, no
outside content, Unicode for every glyph. Of PDF/UA-1: tags for all content, title, language,
headings without gaps, headers of tables, alternative texts, artifacts marked as such.
"""

import re
from dataclasses import dataclass, replace
from importlib.resources import files
from io import BytesIO
from itertools import pairwise

import pikepdf
import polars as pl
import pypdfium2
import pytest

from templates.fonts import characters, readable
from templates.model import Edition
from templates.pdf import messages_of, pdf
from templates.reports import DAILY
from templates.wording import LANGUAGES
from tests.templates.shown import settled
from tests.templates.story import DRAWN_REPORTS, completeness, composed
from tests.templates.tagged import Element, elements

BY_ID = {report.id: report for report in DRAWN_REPORTS}
PDFS = [(report.id, language) for report in DRAWN_REPORTS for language in LANGUAGES]
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
XMP = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}


@dataclass(frozen=True)
class Printed:
    """One PDF: its bytes, its objects, its structure, its pages as text, what it was made from."""

    language: str
    document: pikepdf.Pdf
    root: Element
    pages: list[str]
    edition: Edition


@pytest.fixture(scope="module", params=PDFS, ids="-".join)
def printed(request, editions):
    report, language = request.param
    body = editions[report][f"{language}.pdf"]
    made = composed(BY_ID[report], language)
    with pikepdf.open(BytesIO(body)) as document:
        yield Printed(language, document, elements(body), texts(body), made)


def texts(body: bytes) -> list[str]:
    with pypdfium2.PdfDocument(body) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_it_declares_both_standards(printed):
    document = printed.document
    with document.open_metadata() as xmp:
        declared = {
            key: xmp.get(f"{{{XMP[space]}}}{name}")
            for key, space, name in [
                ("part", "pdfaid", "part"),
                ("level", "pdfaid", "conformance"),
                ("accessible", "pdfuaid", "part"),
            ]
        }

    assert declared == {"part": "2", "level": "A", "accessible": "1"}


def test_it_is_named_dated_and_in_its_language(printed):
    document = printed.document
    with document.open_metadata() as xmp:
        title, languages, made = xmp["dc:title"], xmp.get("dc:language"), xmp["xmp:CreateDate"]

    assert str(document.Root.Lang).split("-")[0] == printed.language
    assert printed.language in str(languages)
    assert printed.edition.issuer in str(document.docinfo["/Author"])
    assert title == str(document.docinfo["/Title"])
    assert made.startswith("2025-08-18")
    assert document.Root.ViewerPreferences.DisplayDocTitle is True


def test_all_content_is_tagged_or_an_artifact(printed):
    document = printed.document
    assert document.Root.MarkInfo.Marked is True

    for page in document.pages:
        depth, outside = 0, []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            if (
                name
                in {
                    "Tj",
                    "TJ",
                    "'",
                    '"',
                    "Do",
                    "S",
                    "s",
                    "f",
                    "F",
                    "f*",
                    "B",
                    "B*",
                    "b",
                    "b*",
                    "sh",
                }
                and not depth
            ):
                outside.append((name, operands))
        assert outside == []
        assert depth == 0
        assert page.Tabs == "/S" if "/Annots" in page else True


def test_headings_step_down_one_by_one_and_are_the_outline(printed):
    document = printed.document
    headings = list(printed.root.all("H1", "H2", "H3"))
    levels = [int(h.kind[1]) for h in headings]
    with document.open_outline() as outline:
        bookmarks = [item.title for item in outline.root]

    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert bookmarks == [h.text.strip() for h in headings if h.kind == "H1"]
    assert len(bookmarks) >= 8


def test_a_table_has_headers_and_full_rows(printed):
    tables = list(printed.root.all("Table"))

    assert len(tables) > 20
    for table in tables:
        (head,) = table.all("THead")
        headings = list(head.all("TH"))
        assert {h.scope for h in headings} == {"/Column"}
        assert all(h.text.strip() for h in headings)
        for row in table.all("TR"):
            assert len(list(row.all("TH", "TD"))) == len(headings)


def test_a_header_is_repeated_on_each_page_of_its_table(printed):
    edition = printed.edition
    heading = edition.rules.headings[1]
    (table,) = [t for t in printed.root.all("Table") if heading in t.text]

    assert table.text.count(heading) == 1  # read once, printed on every page
    assert sum(heading in page for page in printed.pages) >= 1


def test_every_picture_has_an_alternative_text_with_its_numbers(printed):
    edition = printed.edition
    figures = list(printed.root.all("Figure"))

    assert len(figures) >= 1 + len(edition.charts)
    for figure in figures:
        assert len(figure.alt) > 20
        assert re.search(r"\d", figure.alt)


def test_every_font_is_embedded_ours_and_says_what_its_glyphs_mean(printed):
    document = printed.document
    fonts = [
        f
        for o in document.objects
        if isinstance(o, pikepdf.Dictionary)
        for f in [o]
        if o.get("/Type") == "/Font"
    ]

    names = {str(f.BaseFont).partition("+")[2] for f in fonts}
    assert names <= {
        "PTSans-Regular",
        "PTSans-Bold",
        "PTSans-Regular-Identity-H",
        "PTSans-Bold-Identity-H",
    }
    for font in fonts:
        if font.Subtype == "/Type0":
            assert "/ToUnicode" in font
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_it_has_an_output_intent_and_nothing_that_runs_or_is_fetched(printed):
    document = printed.document
    keys = {key for o in document.objects if isinstance(o, pikepdf.Dictionary) for key in o}

    assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert not document.is_encrypted
    assert keys.isdisjoint({"/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFile", "/RichMedia"})
    assert "/OpenAction" not in document.Root
    images = [
        o
        for o in document.objects
        if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
    ]
    assert all(image.get("/Interpolate", False) is False for image in images)


def test_the_first_page_holds_all_that_leadership_reads_and_no_more(printed):
    edition, said = printed.edition, settled(printed.pages[0])
    shown = [h.name for h in edition.headlines] + [h.figure.text for h in edition.headlines]
    shown += [alert.title for alert in edition.alerts]
    shown += [step.text for step in edition.tile_map.legend] + [edition.tile_map.unknown_title]

    assert [text for text in shown if settled(text) not in said] == []
    later = settled(" ".join(printed.pages[1:]))
    assert edition.alerts[-1].title not in later
    assert settled(edition.lead[0]) not in later


def test_a_front_page_of_many_alerts_is_set_smaller_not_longer():
    edition = composed(DAILY, "kk")
    more = replace(edition, alerts=edition.alerts * 2)

    few, many = texts(pdf(edition)), texts(pdf(more))

    assert len(many) == len(few)
    assert settled(many[0]).count(settled(edition.alerts[-1].title)) == 2


def test_alerts_that_fit_at_no_size_go_on_over_the_next_page():
    edition = composed(DAILY, "en")

    pages = texts(pdf(replace(edition, alerts=edition.alerts * 9)))

    said = settled(" ".join(pages[:3]))
    assert said.count(settled(edition.alerts[-1].title)) == 9


def test_pages_are_numbered_and_say_the_period_and_the_status(printed):
    for number, page in enumerate(map(settled, printed.pages), start=1):
        assert f"{number} / {len(printed.pages)}" in page
        assert printed.edition.status in page


def test_kazakh_letters_are_printed_and_can_be_copied():
    assert {ord(letter) for letter in KAZAKH} <= characters()
    made = pdf(composed(DAILY, "kk", fingerprint=KAZAKH))

    assert KAZAKH in "".join(texts(made))


def test_every_word_of_the_template_and_catalogues_can_be_printed():
    for language in ("ru", "kk"):
        path = files("templates") / "locale" / language / "LC_MESSAGES" / "messages.po"
        said = " ".join(re.findall(r'^msg(?:str|id).*"(.*)"$', path.read_text("utf-8"), re.M))
        assert {c for c in said if ord(c) not in characters()} <= set("→↔▲▼⚠✓")


def test_a_name_with_letters_that_the_font_lacks_does_not_stop_the_print():
    odd = completeness().with_columns(reason=pl.lit("文件 \x07 <b>$x$ #eval(1)"))

    made = pdf(composed(DAILY, "en", completeness=odd))

    text = "".join(texts(made))
    assert "[U+6587][U+4EF6]" in text
    assert "<b>$x$ #eval(1)" in text
    assert readable("a\u202fb") == "a\N{NO-BREAK SPACE}b"


def test_the_template_says_nothing_that_is_not_translated():
    assert list(messages_of('say("Late") #say("Rows") say(text)')) == ["Late", "Rows"]
