"""Golden editions: the page of each report as it was last accepted, byte for byte."""

from pathlib import Path

import pytest

from templates.charts import _drawn
from tests.templates.story import DRAWN_REPORTS, indicators, rendered

EDITIONS = Path(__file__).parent.parent / "editions"
KEPT = ("ru.html", "kk.html", "en.html")


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_an_edition_is_as_accepted(request, editions, report, name):
    kept = EDITIONS / report.id / name
    made = editions[report.id][name]
    if request.config.getoption("--accept-editions", default=False):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(made)

    assert made.decode() == kept.read_text(encoding="utf-8"), (
        "The edition differs from the accepted one. Look at it; if it should be so: "
        "pytest tests/templates --accept-editions"
    )


@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_the_same_inputs_give_the_same_bytes(editions, report):
    _drawn.cache_clear()

    assert rendered(report) == editions[report.id]


def test_the_order_of_rows_changes_no_byte(editions):
    mixed = indicators().sample(fraction=1, shuffle=True, seed=11)

    assert rendered(DRAWN_REPORTS[0], indicators=mixed) == editions[DRAWN_REPORTS[0].id]
