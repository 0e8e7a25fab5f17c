"""What was planted, kept where no flow reads: targets, networks, violations, faults, bad rows."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from infra.synthetic.exchanges import network_wallets
from infra.synthetic.faults import FAULTS
from infra.synthetic.networks import NETWORKS, Traffic
from infra.synthetic.outbox import BadRow, Outgoing
from infra.synthetic.scenario import STRETCHES

_IN_BULK = ("card_transactions", "crypto_transfers", "fiat_transfers", "p2p_orders")


@dataclass(frozen=True, slots=True)
class Handed:
    """One file that lies in the folder door."""

    place: str
    feed: str
    institution: str
    business_date: date
    handed_over_at: datetime
    rows: int

    @classmethod
    def of(cls, file: Outgoing) -> "Handed":
        return cls(
            file.place,
            file.feed,
            file.institution,
            file.business_date,
            file.handed_over_at,
            file.rows,
        )


class Truth:
    """The folder of truth, and what has been handed over so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.new_files = 0
        self.members = pl.DataFrame()
        self.innocents = pl.DataFrame()
        self.violations = pl.DataFrame()
        self.double_seizures = pl.DataFrame()
        self._nights: list[date] = []
        self._handed: dict[str, Handed] = {}
        self._bad_rows: dict[tuple[str, int], BadRow] = {}

    @classmethod
    def at(cls, folder: Path, seed: int) -> "Truth":
        """The truth kept in a folder; an empty one where there is none yet.

        Raises:
            ValueError: the folder holds the truth of another seed.
        """
        truth = cls(folder, seed)
        state = folder / "state.json"
        if not state.exists():
            (folder / "edges").mkdir(parents=True, exist_ok=True)
            return truth
        words = json.loads(state.read_bytes())
        if words["seed"] != seed:
            raise ValueError(
                f"{folder} holds the truth of seed {words['seed']}, asked for is seed {seed}. "
                "Nothing was written. Choose empty folders for another seed."
            )
        truth._nights = [date.fromisoformat(night) for night in words["nights"]]
        for row in pl.read_parquet(folder / "handed_over.parquet").iter_rows(named=True):
            truth._handed[row["place"]] = Handed(**row)
        for row in pl.read_parquet(folder / "bad_rows.parquet").iter_rows(named=True):
            file = row.pop("file")
            truth._bad_rows[file, row["line"]] = BadRow(**row)
        return truth

    def covers(self, business_date: date, night: datetime, outside: Path) -> bool:
        """Whether an earlier call left all that is handed over by that night in place."""
        return any(n >= business_date for n in self._nights) and all(
            (outside / handed.place).exists() for handed in self.until(night)
        )

    def has_all_of(self, day: date, outside: Path) -> bool:
        """Whether all bulk files of a day, the late ones too, lie in place."""
        return any(night > day for night in self._nights) and all(
            (outside / handed.place).exists()
            for handed in self._handed.values()
            if handed.business_date == day and handed.feed in _IN_BULK
        )

    def until(self, night: datetime) -> list[Handed]:
        return [h for h in self._handed.values() if h.handed_over_at <= night]

    def note(self, file: Outgoing, *, is_new: bool) -> None:
        """Remember a file that lies in the folder door, with its planted bad rows."""
        self._handed[file.place] = Handed.of(file)
        self.new_files += is_new
        if file.bytes_sent is None:
            self._bad_rows.update({(file.name, bad.line): bad for bad in file.bad_rows})

    def plant_traffic(self, day: date, planted: Traffic) -> None:
        """Keep what the networks moved on one day: who paid whom, when, how much, or took cash."""
        columns = ["network", "step", "second", "minor"]
        ends = ["bank", "iban", "iin"]
        payers, payees = [f"from_{c}" for c in ends], [f"to_{c}" for c in ends]
        spent = [
            rows.with_columns(step=pl.lit(step)).select(
                *columns, *(pl.col(c).alias(f"from_{c}") for c in ends)
            )
            for step, rows in (("cash", planted.withdrawals), ("topup", planted.topups))
        ]
        moved = planted.transfers.select(*columns, *payers, *payees)
        pl.concat([moved, *spent], how="diagonal").sort(
            "network", "second", maintain_order=True
        ).rename({"second": "second_of_day", "minor": "amount_tiyn"}).write_parquet(
            self.folder / "edges" / f"{day}.parquet"
        )

    def write(self, business_date: date) -> None:
        """Put everything away; the state comes last, so that a broken-off call is repeated."""
        targets = {
            stretch.name: {
                "since": stretch.since,
                "until": stretch.until,
                **asdict(stretch.figures),
            }
            for stretch in STRETCHES
        }
        faults = [
            {k: v for k, v in asdict(fault).items() if k != "handed_over"} for fault in FAULTS
        ]
        self._json("targets.json", targets)
        self._json("faults.json", faults)
        self._json("wallets.json", {n: network_wallets(self.seed, n) for n in NETWORKS})
        self.members.write_parquet(self.folder / "members.parquet")
        self.innocents.write_parquet(self.folder / "innocents.parquet")
        self.violations.write_parquet(self.folder / "violations.parquet")
        self.double_seizures.write_parquet(self.folder / "double_seizures.parquet")
        bad = [{"file": file, **asdict(row)} for (file, _), row in self._bad_rows.items()]
        pl.DataFrame(bad, schema=_BAD_ROWS).sort(
            "feed", "business_date", "file", "line"
        ).write_parquet(self.folder / "bad_rows.parquet")
        pl.DataFrame([asdict(h) for h in self._handed.values()], schema=_HANDED).sort(
            "place"
        ).write_parquet(self.folder / "handed_over.parquet")
        self._nights = sorted({*self._nights, business_date})
        self._json("state.json", {"seed": self.seed, "nights": self._nights})

    def _json(self, name: str, words: object) -> None:
        text = json.dumps(words, ensure_ascii=False, indent=2, default=str)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")


_BAD_ROWS = {
    "file": pl.String(),
    "feed": pl.String(),
    "institution": pl.String(),
    "business_date": pl.Date(),
    "line": pl.Int64(),
    "reason": pl.String(),
}
_HANDED = {
    "place": pl.String(),
    "feed": pl.String(),
    "institution": pl.String(),
    "business_date": pl.Date(),
    "handed_over_at": pl.Datetime("us", "UTC"),
    "rows": pl.Int64(),
}
