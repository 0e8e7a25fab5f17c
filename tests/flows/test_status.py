"""What the status page says of editions: what readers see, not what was made."""

from collections.abc import Iterator
from datetime import date

import pytest

from flows.status import _standing
from flows.steps import done
from infra import installation as built
from infra.editions import Place
from infra.installation import Installation
from infra.publication import Terms
from infra.settings import Settings
from templates.status_model import EditionState

DAY = date(2024, 5, 6)
PLACE = Place("daily", "KZ", DAY)


@pytest.fixture(scope="module")
def at(installation, endpoint) -> Iterator[Installation]:
    """The server that all tests share; nobody else publishes for the day."""
    chosen = Settings(_env_file=None, home=installation.home)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(built, "settings", lambda: chosen)
        built.installation.cache_clear()
        yield built.installation()
        built.installation.cache_clear()


def make(at, text: str, terms: Terms, gaps: int) -> None:
    made = at.publisher.publish(PLACE, lambda _: {"ru.html": text.encode()}, {"tables": {}}, terms)
    said = {"address": made.address, "revision": made.revision, "gaps": gaps}
    at.ledger.settle(done(DAY, "publish", "daily", text, **said))


def test_an_edition_is_out_when_it_was_released_and_until_it_is_withdrawn(at):
    def stands() -> EditionState:
        return _standing(at, PLACE)

    def state(**told: object) -> EditionState:
        return EditionState("daily", DAY, **told)

    first = {"address": PLACE.edition(1), "revision": 1, "gaps": 2}
    second = {"address": PLACE.edition(2), "revision": 2, "gaps": 0}
    by_person = Terms("maker", rule="")

    assert stands() == state()
    make(at, "a", by_person, gaps=2)
    assert stands() == state(waiting=1)
    at.releases.release(PLACE.edition(1), who="reader", why="read")
    assert stands() == state(**first)
    make(at, "b", by_person, gaps=0)
    assert stands() == state(**first, waiting=2)
    at.releases.release(PLACE.edition(2), who="reader", why="read")
    assert stands() == state(**second)
    at.releases.withdraw(PLACE.edition(2), who="reader", why="wrong")
    assert stands() == state(**first)
    at.releases.withdraw(PLACE.edition(1), who="reader", why="wrong")
    assert stands() == state(withdrawn=2)
