"""Files that institutions really sent, which only those who work on the project have."""

from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """Path of a sample by its place in the collection; skips where there is none."""

    def path_of(relative: str) -> Path:
        path = SAMPLES / relative
        if not path.exists():
            pytest.skip("the collection of samples is not here")
        return path

    return path_of
