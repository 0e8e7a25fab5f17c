"""What the tests of this room share."""

from uuid import uuid4

import pytest

from infra.object_store import Connection, ObjectStore
from infra.settings import Settings


@pytest.fixture
def store(connection: Connection, installation: Settings) -> ObjectStore:
    return connection.bucket(installation.results_bucket)


@pytest.fixture
def fresh() -> str:
    """A word that no other test uses: tests share buckets, never keys."""
    return uuid4().hex
