"""What tests share: one real object server per worker, and the option that accepts editions."""

from collections.abc import Generator, Iterator
from uuid import uuid4

import pytest
from hypothesis import settings

from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings

# How long an example takes says something of the machine, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-editions",
        action="store_true",
        help="rewrite the golden editions of tests/editions; review them as a diff",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    """Name what failed once more at the very end: of a long log people see only its last lines."""
    yield
    failed = [r for how in ("failed", "error") for r in terminalreporter.stats.get(how, ())]
    for report in failed:
        terminalreporter.write_line(f"not passed: {report.nodeid}")


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an embedded installation that lasts as long as the tests."""
    return Settings(_env_file=None, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def endpoint(installation: Settings) -> Iterator[str]:
    """Address of a running object server with our seven buckets."""
    with object_server(installation) as address:
        yield address


@pytest.fixture(scope="session")
def connection(installation: Settings, endpoint: str) -> Connection:
    return Connection.of(installation, endpoint)


@pytest.fixture
def fresh() -> str:
    """A word that no other test uses: tests share buckets, never keys."""
    return uuid4().hex
