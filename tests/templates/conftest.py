"""The option that rewrites golden editions, and the editions that the tests look at."""

import pytest

from templates.reports import REPORTS
from tests.templates.story import rendered


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-editions",
        action="store_true",
        help="rewrite the golden editions of tests/editions; review them as a diff",
    )


@pytest.fixture(scope="session")
def editions() -> dict[str, dict[str, bytes]]:
    """The files of each report of the story's night, by id of the report."""
    return {report.id: rendered(report) for report in REPORTS}
