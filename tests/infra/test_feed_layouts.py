"""The page of layouts is that of the feeds as they are."""

from infra.feed_layouts import PAGE, page
from infra.wire.messages import FORMATS
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.feeds.cells import FORMS


def test_the_page_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m infra.feed_layouts"


def test_every_form_of_a_cell_has_words():
    used = {field.read for feed in FEEDS for field in feed.fields}

    assert used <= FORMS.keys()


def test_every_message_format_fills_a_feed_and_needs_columns_that_it_has():
    for known in FORMATS:
        assert set(known.needs) <= set(FEED_BY_NAME[known.feed].message_columns), known.name


def test_no_format_stands_twice_for_one_feed():
    names = [(known.name, known.feed) for known in FORMATS]

    assert len(names) == len(set(names))
