"""A border over two nights, and what is wrong by each of them, to the item and the gram.

Every violation is worded plainly, so that nothing hangs on recognition. In the second night
declarations are amended, cancelled, sent again and told late; what was so in the first night may
be so no longer. The truth is kept as it is planted, and never computed from what is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import polars as pl

from infra.synthetic.dice import rng
from infra.synthetic.goods import ORDINARY
from infra.synthetic.identities import iins
from infra.synthetic.worlds.accepted import accepted
from infra.synthetic.worlds.imports import World, told_by
from infra.synthetic.worlds.wordings import HARMLESS
from transforms.regions import REGION_CODES

FIRST_NIGHT, SECOND_NIGHT = date(2025, 11, 10), date(2025, 11, 11)
_NIGHTS = (FIRST_NIGHT, SECOND_NIGHT)
_SINCE = date(2025, 1, 6)
_PLAIN = {  # substance: its subheading, and a wording that nobody can mistake
    "acetic_anhydride": ("291524", "Уксусный ангидрид"),
    "acetone": ("291411", "Ацетон"),
    "potassium_permanganate": ("284161", "Перманганат калия"),
    "p2p": ("291431", "Фенилацетон, CAS 103-79-7"),
    "phenylacetic_acid": ("291634", "Phenylacetic acid"),
    "piperonal": ("293293", "Пиперональ"),
    "pseudoephedrine": ("293942", "Псевдоэфедрина гидрохлорид"),
    "piperidine": ("293332", "Piperidine"),
}
_OTHER_HEADING = "340290"
_TRADED = "potassium_permanganate"
_QUOTA_KG, _TURN_KG = 10_000, 3_200.0

Row = dict[str, object]
Fact = tuple[str, int, str, str, str, str, date, int]

FACT = {
    "declaration_no": pl.String(),
    "item_no": pl.Int64(),
    "violation_code": pl.String(),
    "substance_id": pl.String(),
    "consignee_bin": pl.String(),
    "region_code": pl.String(),
    "registered_on": pl.Date(),
    "net_g": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Night:
    """What has been told by the end of a night, by feed, and what is so: rows of `FACT`."""

    on: date
    feeds: dict[str, pl.LazyFrame]
    truth: pl.DataFrame


@dataclass(slots=True)
class _Plan:
    world: World
    told: tuple[list[Row], list[Row]] = field(default_factory=lambda: ([], []))
    truth: tuple[list[Fact], list[Fact]] = field(default_factory=lambda: ([], []))

    @property
    def dice(self) -> np.random.Generator:
        return self.world.dice

    def kg(self) -> float:
        """Hundreds of kilograms, to the milligram."""
        return float(np.round(self.dice.lognormal(5.5, 0.8), 6))

    def drawn(
        self, firm: str, substance: str, kg: float, day: int, *, hs6: str = "", region: str = ""
    ) -> Row:
        """An item of a precursor, not yet told to anybody."""
        own, text = _PLAIN[substance]
        self.world.item(firm, hs6 or own, text, kg=kg, price=25.0, day=day)
        return self.taken(region, f"{kg:.6f}")

    def taken(self, region: str, net_kg: str) -> Row:
        row = self.world.items.pop()
        number = f"B/{len(self.told[0]) + len(self.told[1]):05d}/{self.dice.integers(10**6):06d}"
        place = region or str(self.dice.choice(REGION_CODES))
        return row | {"DECLARATION_NO": number, "CONSIGNEE_KATO": place, "NET_KG": net_kg}

    def tell(self, *rows: Row, night: int = 0) -> None:
        self.told[night].extend(rows)

    def so(self, row: Row, substance: str, *codes: str, since: int = 0, until: int = 1) -> None:
        """It is wrong, in the nights `since` to `until`, as the row has it."""
        grams = (Decimal(str(row["NET_KG"])) * 1000).quantize(Decimal(1), ROUND_HALF_UP)
        for night in range(since, until + 1):
            self.truth[night].extend(
                (
                    str(row["DECLARATION_NO"]),
                    1,
                    code,
                    substance,
                    str(row["CONSIGNEE_BIN"]),
                    str(row["CONSIGNEE_KATO"]),
                    date.fromisoformat(str(row["REGISTERED_ON"])),
                    int(grams),
                )
                for code in codes
            )

    def day(self) -> int:
        return int(self.dice.integers(40, 280))

    def substance(self) -> str:
        return str(self.dice.choice(list(_PLAIN)))


def border(seed: int) -> tuple[Night, Night]:
    """Both nights; the same seed makes the same ones."""
    world = World(seed, rng(seed, "border"), written=0)
    plan = _Plan(world)
    for plant in _PLANTED:
        plant(plan)
    feeds = {feed: rows for feed, rows in told_by(world).items() if feed != "import_declarations"}
    known = {feed: accepted(feed, rows, on=FIRST_NIGHT) for feed, rows in feeds.items()}
    told = [
        accepted("import_declarations", rows, on=on, delivery=f"{on}")
        for rows, on in zip(plan.told, _NIGHTS, strict=True)
    ]
    declarations = (told[0], pl.concat(told))
    first, second = (
        Night(
            on,
            known | {"import_declarations": rows},
            pl.DataFrame(truth, schema=FACT, orient="row").sort(list(FACT)),
        )
        for on, rows, truth in zip(_NIGHTS, declarations, plan.truth, strict=True)
    )
    return first, second


def _lawful(plan: _Plan) -> None:
    """Ordinary goods, goods that only sound so, and traders with a licence."""
    firms = [plan.world.firm() for _ in range(20)]
    for n in range(120):
        firm = str(plan.dice.choice(firms))
        good = ORDINARY[int(plan.dice.integers(len(ORDINARY)))]
        harmless = HARMLESS[int(plan.dice.integers(len(HARMLESS)))]
        hs6, text = (good.hs_code[:6], good.text) if n % 2 else harmless
        plan.world.item(firm, hs6, text, kg=300.0, price=8.0, day=plan.day())
        plan.tell(plan.taken("", f"{plan.kg():.6f}"))
    for _ in range(10):
        firm, substance = plan.world.firm(), plan.substance()
        plan.world.licence(firm, substance)
        plan.tell(*(plan.drawn(firm, substance, plan.kg(), plan.day()) for _ in range(3)))


def _unlicensed(plan: _Plan) -> None:
    for n in range(12):
        firm, substance = plan.world.firm(), plan.substance()
        if n % 3 == 1:
            plan.world.licence(firm, substance, VALID_FROM="2023-01-01", VALID_TO="2024-12-31")
        for _ in range(1 + n % 2):
            row = plan.drawn(firm, substance, plan.kg(), plan.day() - n % 2)
            plan.tell(row)
            plan.so(row, substance, "unlicensed")


def _hidden(plan: _Plan) -> None:
    for _ in range(6):
        substance = plan.substance()
        row = plan.drawn(plan.world.firm(), substance, plan.kg(), plan.day(), hs6=_OTHER_HEADING)
        plan.tell(row)
        plan.so(row, substance, "unlicensed", "misdeclared")


def _quotas(plan: _Plan) -> None:
    """Over the quota from the fourth turn on; where the first is cancelled, from the fifth."""
    for is_undone in (False, True):
        firm = plan.world.firm()
        plan.world.licence(firm, "acetone", QUOTA_KG=str(_QUOTA_KG))
        turns = [plan.drawn(firm, "acetone", _TURN_KG, 30 + 40 * n) for n in range(5)]
        plan.tell(*turns)
        plan.so(turns[3], "acetone", "over_quota", until=0 if is_undone else 1)
        plan.so(turns[4], "acetone", "over_quota")
        if is_undone:
            plan.tell(_cancelled(turns[0]), night=1)


def _splits(plan: _Plan) -> None:
    """Four below the threshold; where two are cancelled the others are only unlicensed."""
    for is_undone in (False, True):
        firm, start = plan.world.firm(), plan.day()
        parts = [plan.drawn(firm, "acetone", 40.0, start + 5 * n) for n in range(4)]
        plan.tell(*parts)
        for n, row in enumerate(parts):
            is_cancelled = is_undone and n > 1
            plan.so(row, "acetone", "unlicensed", until=0 if is_cancelled else 1)
            plan.so(row, "acetone", "split_under_threshold", until=0 if is_undone else 1)
            if is_cancelled:
                plan.tell(_cancelled(row), night=1)
    head = iins(np.array([plan.dice.integers(2**60)], dtype=np.uint64))[0]
    start = plan.day()
    for n in range(3):
        row = plan.drawn(plan.world.firm(HEAD_IIN=head), "acetone", 45.0, start + 4 * n)
        plan.tell(row)
        plan.so(row, "acetone", "unlicensed", "split_among_related")


def _consignees(plan: _Plan) -> None:
    """Each with a licence, so that only who they are, or what it says, is wrong."""
    for n in range(8):
        substance, day = plan.substance(), plan.day()
        on = _SINCE + timedelta(days=day)
        code = (
            "consignee_newly_founded",
            "consignee_unregistered",
            "consignee_known_from_case",
            "no_end_use",
        )[n % 4]
        founded = on - timedelta(days=30 + n) if n % 4 == 0 else date(2015, 3, 2)
        is_there = code != "consignee_unregistered"
        firm = (
            plan.world.firm(founded=founded)
            if is_there
            else plan.world.firm(founded=None, STATUS="not_found")
        )
        if code == "consignee_known_from_case":
            head = plan.world.entities[-1]["HEAD_IIN"]
            plan.world.orders.append({"IIN": head, "ORDERED_ON": f"{on - timedelta(days=9)}"})
        plan.world.licence(firm, substance, END_USE="none" if code == "no_end_use" else "trade")
        row = plan.drawn(firm, substance, plan.kg(), day)
        plan.tell(row)
        plan.so(row, substance, code)


def _odd(plan: _Plan) -> None:
    """Beside a usual trade: prices, packages and routes far from it, and some only a little so."""
    for n in range(28):
        firm = plan.world.firm()
        plan.world.licence(firm, _TRADED)
        plan.tell(_priced(plan, firm, 40 + 4 * n, 1.0))
    for times, is_wrong, told in (
        (9.0, True, {}),
        (0.05, True, {}),
        (1.0, True, {"PACKAGES": "5"}),
        (2.2, False, {}),
        (2.2, True, {"ORIGIN": "AF"}),
        (2.2, True, {"DISPATCH_COUNTRY": "AE"}),
        (1.0, False, {"ORIGIN": "AF"}),
    ):
        firm = plan.world.firm()
        plan.world.licence(firm, _TRADED)
        row = _priced(plan, firm, 200, times) | told
        plan.tell(row)
        if is_wrong:
            plan.so(row, _TRADED, "misdeclared")


def _priced(plan: _Plan, firm: str, day: int, times: float) -> Row:
    """Some tonnes in sacks of 25 kg, at so many times the usual price."""
    kg = 25.0 * int(plan.dice.integers(80, 360))
    price = 25.0 * times * float(plan.dice.uniform(0.95, 1.05))
    row = plan.drawn(firm, _TRADED, kg, day)
    return row | {"INVOICE": f"{price * kg:.2f}", "PACKAGES": f"{kg / 25:.0f}"}


def _amended(plan: _Plan) -> None:
    """Another weight, in whole or in part; other goods; a precursor after all."""
    for is_partial in (False, True):
        substance = plan.substance()
        row = plan.drawn(plan.world.firm(), substance, plan.kg(), plan.day())
        weighed = row | {"NET_KG": f"{plan.kg():.6f}"}
        cells = ("DECLARATION_NO", "ITEM_NO", "NET_KG")
        told = {c: weighed[c] for c in cells} | {"IS_PARTIAL": "true"} if is_partial else weighed
        plan.tell(row)
        plan.tell(_version(told, 2), night=1)
        plan.so(row, substance, "unlicensed", until=0)
        plan.so(weighed, substance, "unlicensed", since=1)
    substance = plan.substance()
    row = plan.drawn(plan.world.firm(), substance, plan.kg(), plan.day())
    harmless = row | {"HS_CODE": "6203423100", "GOODS": "Брюки мужские из денима"}
    plan.tell(row, _twin(harmless, "N"))
    plan.tell(_version(harmless, 2), _version(_twin(row, "N"), 2), night=1)
    plan.so(row, substance, "unlicensed", until=0)
    plan.so(_twin(row, "N"), substance, "unlicensed", since=1)


def _again(plan: _Plan) -> None:
    """Sent twice in one night and once more in the next; cancelled, and then sent once more."""
    substance = plan.substance()
    twice, gone = (plan.drawn(plan.world.firm(), substance, plan.kg(), plan.day()) for _ in "ab")
    plan.tell(twice, twice, gone)
    plan.tell(twice, _cancelled(gone), gone, night=1)
    plan.so(twice, substance, "unlicensed")
    plan.so(gone, substance, "unlicensed", until=0)


def _late(plan: _Plan) -> None:
    """Registered months ago and told now; and an amendment that came before what it amends."""
    substance = plan.substance()
    late, early = (plan.drawn(plan.world.firm(), substance, plan.kg(), plan.day()) for _ in "ab")
    amendment = early | {"NET_KG": f"{plan.kg():.6f}"}
    plan.tell(_version(amendment, 2))
    plan.tell(late, early, night=1)
    plan.so(late, substance, "unlicensed", since=1)
    plan.so(amendment, substance, "unlicensed")


def _cancelled(row: Row) -> Row:
    told = {c: row[c] for c in ("DECLARATION_NO", "REGISTERED_ON")}
    return told | {"ACTION": "cancellation", "VERSION": "9"}


def _version(row: Row, number: int) -> Row:
    return row | {"ACTION": "amendment", "VERSION": str(number)}


def _twin(row: Row, letter: str) -> Row:
    return row | {"DECLARATION_NO": f"{row['DECLARATION_NO']}{letter}"}


_PLANTED: tuple[Callable[[_Plan], None], ...] = (
    _lawful,
    _unlicensed,
    _hidden,
    _quotas,
    _splits,
    _consignees,
    _odd,
    _amended,
    _again,
    _late,
)
