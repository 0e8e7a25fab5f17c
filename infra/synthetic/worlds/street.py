"""One day of a street: who of a kind lives it, by which chance, and where it is noted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infra.synthetic.days import lively_seconds
from infra.synthetic.dice import Ints, number, rng
from infra.synthetic.worlds.books import DAY, NOBODY, Books
from infra.synthetic.worlds.desk import Desk
from infra.synthetic.worlds.people import People


@dataclass(frozen=True, slots=True)
class Street:
    """One day of the lives that look alike: who, when, and where it is noted."""

    seed: int
    people: People
    books: Books
    n: int

    def each(self, kind: str) -> Iterator[tuple[int, np.random.Generator, Desk]]:
        """Everybody of a kind, with their chance of the day and a desk for their own money."""
        for who in self.people.of(kind).tolist():
            dice = rng(self.seed, kind, who, self.n)
            yield who, dice, self.desk(dice)

    def desk(self, dice: np.random.Generator) -> Desk:
        nobody = np.array([], dtype=np.int64)
        return Desk(dice, self.books, NOBODY, self.people.exchange, (), nobody)

    def others(self, dice: np.random.Generator, who: int, count: int) -> Ints:
        """So many persons, anybody but one; firms are not among them."""
        persons = self.people.persons
        chosen = persons[dice.integers(0, len(persons) - 1, count)]
        return np.where(chosen == who, persons[-1], chosen)

    def when(self, dice: np.random.Generator, count: int) -> Ints:
        return self.n * DAY + lively_seconds(dice.random(count))

    def turn(self, kind: str, who: int, every: int) -> tuple[int, int]:
        """Which of a person's campaigns it is, and its day."""
        shift = number(self.seed, kind, "turn", who) % every
        return divmod(self.n + shift, every)
