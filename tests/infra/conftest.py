"""What the tests of this room share."""

import pytest

from infra.object_store import Connection, ObjectStore
from infra.settings import Settings


@pytest.fixture
def store(connection: Connection, installation: Settings) -> ObjectStore:
    return connection.bucket(installation.results_bucket)
