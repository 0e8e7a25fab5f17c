"""The layout of each feed in words, for those who set up a source: `docs/feeds.md`.

`python -m infra.feed_layouts` writes it anew; a test keeps it fresh.
"""

from pathlib import Path

from infra.wire.messages import FORMATS
from transforms.feeds import FEEDS
from transforms.feeds.cells import FORMS
from transforms.feeds.feed import Feed, Field

PAGE = Path(__file__).parent.parent / "docs" / "feeds.md"

_OPENING = """\
# Feeds: what institutions deliver, and how it is written

Made by `python -m infra.feed_layouts` from `transforms/feeds`; do not edit it by hand.

A table (CSV, JSON Lines, Parquet, XLSX) has the columns below, in this order, named so or as
`columns` of the source in the catalogue says. All cells are text in the form given; a cell that
must be there is marked •, one with personal data ✱. Messages of the standards that are named
fill the same feed; they also fill what is listed as told by messages only.
"""


def page() -> str:
    """All feeds as Markdown."""
    return "\n".join([_OPENING, *(_section(feed) for feed in FEEDS)])


def _section(feed: Feed) -> str:
    tables = [_row(field) for field in feed.fields if field.in_tables]
    messages = [_row(field) for field in feed.fields if not field.in_tables]
    formats = [f"- `{known.name}`: {known.says}" for known in FORMATS if known.feed == feed.name]
    parts = [f"## {feed.name}", "", f"One row is {feed.grain}.", "", _HEAD, *tables, ""]
    if messages:
        parts += ["Told by messages only:", "", _HEAD, *messages, ""]
    if formats:
        parts += ["Messages:", "", *formats, ""]
    return "\n".join(parts)


_HEAD = "| column | | form | meaning |\n| --- | --- | --- | --- |"


def _row(field: Field) -> str:
    column = field.column
    marks = ("" if column.nullable else "•") + ("✱" if column.is_personal else "")
    form = FORMS.get(field.read, "text")
    return f"| `{field.wire}` | {marks} | {form} | {column.description} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
