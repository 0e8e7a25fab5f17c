"""How much of a transfer is tainted: poison, haircut and FIFO, over transfers in order of time.

- *haircut*: a transfer carries tainted money in the share that it has in what is there; the part
  of a tiyn that cannot be carried stays, so that nothing is lost or made.
- *fifo*: what came first goes first (Clayton's Case, 1816; for crypto Anderson, Shumailov and
  Ahmed, "Making Bitcoin Legal", 2018).
- *poison*: whatever leaves while something tainted is there is tainted throughout (Möser, Böhme
  and Breuker, "Towards Risk Scoring of Bitcoin Transactions", 2014). It grows by mixing, and is
  an upper bound, never a sum to be asked for.

What was on an account before it first got tainted money is not known. It is taken to be clean,
and to leave last: only what goes out beyond all that was seen to come in. So a figure rests on
nothing but what happened before, and a trail extended night by night is the trail replayed.
An account from which the last tainted tiyn has left is forgotten: what is left there is clean.

At a seed all money is tainted: what comes in, but for wages and benefits, and what goes out
beyond that. There the money enters the trail: by haircut and FIFO, entered = held + ended.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

RULES = ("poison", "haircut", "fifo")

NEVER = 2**63 - 1


class NotConserved(ArithmeticError):
    """Tainted money was made or lost on the way."""

    def __init__(self, rule: str, entered: int, held: int, ended: int) -> None:
        super().__init__(
            f"{rule}: {entered} tiyn entered the trail, but {held} are held and {ended} ended, "
            f"{entered - held - ended} tiyn too few. Nothing was stored. This is a fault of the "
            f"program, not of a delivery: call the developers."
        )


def require_conserved(rule: str, entered: int, held: int, ended: int) -> None:
    """Nothing was made or lost: what entered is held or ended. Not asked of poison, which grows.

    Raises:
        NotConserved: something was.
    """
    if rule != "poison" and entered != held + ended:
        raise NotConserved(rule, entered, held, ended)


def conserved(holdings: pl.DataFrame) -> pl.DataFrame:
    """`holdings`, when nothing was made or lost, in all and at the nodes.

    Args:
        holdings: `rule_code`, and `entered_tiyn`, `came_in_tiyn`, `went_out_tiyn`, `held_tiyn` and
            `ended_tiyn` of each node.

    Raises:
        NotConserved: something was; by poison too, where what came does not stay, end or leave.
    """
    sums = ("entered", "came_in", "went_out", "held", "ended")
    of_rules = holdings.group_by("rule_code", maintain_order=True).agg(
        pl.col(f"{name}_tiyn").sum() for name in sums
    )
    for rule, entered, came_in, went_out, held, ended in of_rules.iter_rows():
        require_conserved(rule, entered, held, ended)
        if came_in - went_out != held + ended:
            raise NotConserved(rule, came_in - went_out, held, ended)
    return holdings


Move = tuple[int, int, int, int, str | None, bool]
"""When (microseconds), payer and payee (numbers of `Pots`), amount, why it ends there by what
the payee is, and whether it is a wage or a benefit. A tuple: there are millions."""


Carried = tuple[int, int, int, str | None]
"""What a transfer carried: the place of its move, how much, how far from a seed, why it ended."""


@dataclass(slots=True)
class Pots:
    """What is at each node, by the node's number.

    `since` is from when on it is a seed, `hops` how many transfers what it holds made from one,
    `layer` the fewest that any tainted money made to it.
    """

    rule: str
    most_hops: int
    least_tiyn: int
    since: list[int] = field(default_factory=list)
    balance: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    came_in: list[int] = field(default_factory=list)
    went_out: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    entered: list[int] = field(default_factory=list)
    hops: list[int] = field(default_factory=list)
    layer: list[int] = field(default_factory=list)
    first_at: list[int] = field(default_factory=list)
    last_at: list[int] = field(default_factory=list)
    lots: list[deque[int] | None] = field(default_factory=list)

    def grow(self, nodes: int) -> None:
        """Room for nodes up to this number, which hold nothing yet."""
        more = nodes - len(self.since)
        for zero in (self.balance, self.held, self.came_in, self.went_out, self.ended):
            zero.extend([0] * more)
        for zero in (self.entered, self.hops):
            zero.extend([0] * more)
        for unknown in (self.since, self.layer, self.first_at):
            unknown.extend([NEVER] * more)
        self.last_at.extend([-NEVER] * more)
        self.lots.extend([None] * more)

    def seed(self, node: int, since: int) -> None:
        """All money of the node is tainted from then on."""
        self.since[node] = min(since, self.since[node])
        self.first_at[node] = min(since, self.first_at[node])
        self.last_at[node] = max(since, self.last_at[node])
        self.layer[node] = 0

    def resume_lots(self, node: int, lots: Iterable[int]) -> None:
        """Put back what `lots` were, oldest first; a clean one is negative."""
        self.lots[node] = deque(lots)

    def pay(self, node: int, amount: int, at: int) -> int:
        """Let an amount leave a seed or what holds something, and say how much is tainted."""
        is_seed = self.since[node] <= at
        unseen = amount - self.balance[node]
        tainted = _TAKEN[self.rule](self, node, amount)
        if unseen > 0 and (is_seed or self.rule == "poison"):
            tainted += unseen
            self._enters(node, unseen)
        if tainted:
            self.went_out[node] += tainted
            self.last_at[node] = max(self.last_at[node], at)
        if not (is_seed or self.held[node]):
            self.balance[node] = 0
            self.lots[node] = None
        return tainted

    def receive(self, node: int, tainted: int, clean: int, at: int, layer: int) -> None:
        """Let money come to a node that is no seed: with tainted money, or where there is some."""
        if tainted:
            self.hops[node] = min(layer, self.hops[node]) if self.held[node] else layer
            self._came(node, tainted, at, layer)
        if self.rule == "poison":
            self._enters(node, clean)
            tainted, clean = tainted + clean, 0
        self._put(node, tainted, clean)

    def receive_at_seed(self, node: int, tainted: int, clean: int, at: int, wage: int) -> None:
        """Let money come to a seed, where all but a wage becomes tainted; a poisoned wage too."""
        wage = 0 if self.rule == "poison" else wage
        self.hops[node] = 0
        self._enters(node, clean - wage)
        self._came(node, tainted, at, 0)
        self._put(node, tainted + clean - wage, wage)

    def end(self, node: int, tainted: int, at: int, layer: int) -> None:
        """Let tainted money come to where its trail ends."""
        self._came(node, tainted, at, layer)
        self.ended[node] += tainted

    def limit(self, node: int, tainted: int, layer: int) -> str | None:
        """Which limit of the trail ends it at this node, if any."""
        if layer >= self.most_hops and not self.held[node]:
            return "hops"
        return "amount" if tainted < self.least_tiyn else None

    def _came(self, node: int, tainted: int, at: int, layer: int) -> None:
        self.came_in[node] += tainted
        self.layer[node] = min(self.layer[node], layer)
        self.first_at[node] = min(self.first_at[node], at)
        self.last_at[node] = max(self.last_at[node], at)

    def _enters(self, node: int, tainted: int) -> None:
        self.entered[node] += tainted
        self.came_in[node] += tainted

    def _put(self, node: int, tainted: int, clean: int) -> None:
        self.balance[node] += tainted + clean
        self.held[node] += tainted
        if self.rule == "fifo":
            lots = self.lots[node]
            if lots is None:
                lots = self.lots[node] = deque()
            # Nothing tells the order within one transfer: the part that is asked for goes first.
            if tainted:
                lots.append(tainted)
            if clean:
                lots.append(-clean)


def carried(moves: Iterable[Move], pots: Pots) -> list[Carried]:
    """Follow tainted money along moves in order of time, and leave the pots as they are after.

    A trail ends with the transfer that is `pots.most_hops` from its seed, and with one of which
    less than `pots.least_tiyn` is tainted.
    """
    held, since, hops = pots.held, pots.since, pots.hops
    found: list[Carried] = []
    for n, (at, payer, payee, amount, ends, is_wage) in enumerate(moves):
        is_from_seed = since[payer] <= at
        tainted = pots.pay(payer, amount, at) if held[payer] or is_from_seed else 0
        layer = 1 if is_from_seed else hops[payer] + 1
        clean, why = amount - tainted, None
        if since[payee] <= at:
            pots.receive_at_seed(payee, tainted, clean, at, clean if is_wage else 0)
        elif tainted:
            why = ends or pots.limit(payee, tainted, layer)
            if why:
                pots.end(payee, tainted, at, layer)
            if why is None or held[payee]:
                pots.receive(payee, 0 if why else tainted, clean, at, layer)
        elif held[payee]:
            pots.receive(payee, 0, clean, at, layer)
        if tainted:
            found.append((n, tainted, layer, why))
    return found


def _by_share(pots: Pots, node: int, amount: int) -> int:
    balance, held = pots.balance[node], pots.held[node]
    # What is left of a tiyn stays, so that the tainted part is never more than the balance.
    tainted = held if amount >= balance else amount * held // balance
    pots.balance[node] = balance - amount if amount < balance else 0
    pots.held[node] = held - tainted
    return tainted


def _by_age(pots: Pots, node: int, amount: int) -> int:
    lots, left, tainted = pots.lots[node], amount, 0
    while lots and left:
        lot = lots.popleft()
        size = lot if lot > 0 else -lot
        if size > left:
            lots.appendleft(lot - left if lot > 0 else lot + left)
            size = left
        left -= size
        if lot > 0:
            tainted += size
    pots.balance[node] -= amount - left
    pots.held[node] -= tainted
    return tainted


def _throughout(pots: Pots, node: int, amount: int) -> int:
    there = min(amount, pots.balance[node])
    pots.balance[node] -= there
    pots.held[node] -= there
    return there


_TAKEN: dict[str, Callable[[Pots, int, int], int]] = {
    "poison": _throughout,
    "haircut": _by_share,
    "fifo": _by_age,
}
