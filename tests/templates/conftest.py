"""The editions that the tests look at."""

import pytest

from templates.reports import REPORTS
from tests.templates.story import rendered


@pytest.fixture(scope="session")
def editions() -> dict[str, dict[str, bytes]]:
    """The files of each report of the story's night, by id of the report."""
    return {report.id: rendered(report) for report in REPORTS}
