"""The editions that the tests look at."""

import pytest

from tests.templates.story import DRAWN_REPORTS, rendered


@pytest.fixture(scope="session")
def editions() -> dict[str, dict[str, bytes]]:
    """The files of each report of the story's night, by id of the report."""
    return {report.id: rendered(report) for report in DRAWN_REPORTS}
