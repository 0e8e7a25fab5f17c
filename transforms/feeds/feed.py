"""A feed: one kind of delivered row, and how its cells become the columns of a staged row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import text

PROVENANCE = (
    Column("business_date", pl.Date(), "The day, in Almaty, that the delivery is for."),
    Column("institution", pl.String(), "Who delivered: a BIC, or a register's short name."),
    Column("delivery", pl.String(), "SHA-256 of the delivered file, hexadecimal."),
    Column("line", pl.Int64(), "Row of the delivered file, the first below the header being 1."),
    Column(
        "place",
        pl.String(),
        "XPath, JSON pointer or line of the row in a file that is not a table; else null.",
        nullable=True,
    ),
    Column(
        "as_delivered",
        pl.String(),
        "The whole row as JSON text where some cell could not be read; else null.",
        nullable=True,
        is_personal=True,
    ),
    Column(
        "corrected_by",
        pl.String(),
        "Who corrected cells of the row or waived a rule for it; null for a row as delivered.",
        nullable=True,
    ),
    Column(
        "waived_rules",
        pl.List(pl.String()),
        "Codes of rules that this row need not keep, by the decision of `corrected_by`.",
        nullable=True,
    ),
)

_ALWAYS_TOLD = ("business_date", "institution", "delivery", "line")
_MAY_BE_ABSENT = ("place", "corrected_by", "waived_rules")

VIOLATED_RULES = Column(
    "violated_rules", pl.List(pl.String()), "Codes of all rules that the row broke."
)
RUN = Column("run", pl.String(), "Name of the run that set the row aside.")

CORRECTED_CELLS = "corrected_cells"
"""Column of delivered text: JSON of the cells that somebody corrected, by their wire names."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in the delivered file, what it becomes, and how it is read.

    `in_tables` is false for what only messages (camt, customs XML, exchange JSON) say and no
    CSV, Parquet or XLSX of ours has a column for; it is null in rows of those.
    `is_later`: the column came into a layout that was in use; it stands behind the others, and a
    file without it is one of the earlier layout.
    """

    wire: str
    column: Column
    read: Callable[[pl.Expr], pl.Expr]
    in_tables: bool = True
    is_later: bool = False


def maybe(wire: str, name: str, says: str, *, is_personal: bool = False) -> Field:
    """A column of text that a sender may leave empty."""
    column = Column(name, pl.String(), says, nullable=True, is_personal=is_personal)
    return Field(wire, column, text)


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of delivered row. `name` names it in every room, in the keys and in the UI.

    `happens` are columns of when it happened, the first that is told counts. `adds_up` is the
    column whose sum a control file states, and the column of its currency or asset, or the one
    currency that there is. Of a feed with very many rows `looked_up_by` is the column of the
    account, and what orders rows of one: accepted rows lie in this order, so that whoever looks
    for an account reads little.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    happens: tuple[str, ...] = ()
    adds_up: tuple[str, str] | None = None
    looked_up_by: tuple[str, str] | None = None

    @property
    def wire_columns(self) -> tuple[str, ...]:
        """Columns of the feed's own layout, as CSV, JSON Lines, Parquet and XLSX have them."""
        return tuple(field.wire for field in self.fields if field.in_tables)

    @property
    def later_columns(self) -> frozenset[str]:
        """Those that a file of an earlier layout lacks."""
        return frozenset(field.wire for field in self.fields if field.is_later)

    @property
    def message_columns(self) -> tuple[str, ...]:
        """Those, and what only messages say."""
        return tuple(field.wire for field in self.fields)

    @property
    def staged_table(self) -> Table:
        """Every delivered row, typed; nothing judged, nothing dropped.

        Rows stay until they are accepted or set aside: the files say them again at any time.
        """
        return replace(self._table("staged", ()), is_passing=True)

    @property
    def accepted_table(self) -> Table:
        """Staged rows that broke no rule that rejects."""
        return self._table("accepted", ())

    @property
    def quarantine_table(self) -> Table:
        """Staged rows set aside, each with all the rules that it broke."""
        return self._table("quarantine", (VIOLATED_RULES, RUN))

    def _table(self, stage: str, further: tuple[Column, ...]) -> Table:
        return Table(
            name=f"{stage}.{self.name}",
            grain=self.grain,
            key=("delivery", "line"),
            columns=(*PROVENANCE, *(field.column for field in self.fields), *further),
        )

    def staged(self, wire: pl.LazyFrame) -> pl.LazyFrame:
        """Rows as delivered → staged rows, in the order of the files.

        Args:
            wire: text columns named as in the delivered file, with `business_date`,
                `institution`, `delivery` and `line`; `place` and what only messages say may
                be absent. What `transforms.corrections` adds to it replaces cells, but never
                what `as_delivered` keeps.
        """
        given = wire.collect_schema()
        is_corrected = CORRECTED_CELLS in given
        told = [field for field in self.fields if field.wire in given or field.in_tables]
        silent = [field.column for field in self.fields if field not in told]
        may_be_absent = [c for c in PROVENANCE if c.name in _MAY_BE_ABSENT]
        return (
            wire.with_columns(**{_read(field): field.read(pl.col(field.wire)) for field in told})
            .select(
                *_ALWAYS_TOLD,
                as_delivered=_as_delivered(told),
                **{
                    c.name: pl.col(c.name) if c.name in given else pl.lit(None, c.dtype)
                    for c in may_be_absent
                },
                **{
                    field.column.name: _corrected(field) if is_corrected else pl.col(_read(field))
                    for field in told
                },
                **{column.name: pl.lit(None, column.dtype) for column in silent},
            )
            .select(self.staged_table.schema.names())
            .pipe(self.staged_table.require)
        )


def _read(field: Field) -> str:
    return f"{field.wire} as read"


def _corrected(field: Field) -> pl.Expr:
    correction = pl.col(CORRECTED_CELLS).str.json_path_match(f"$['{field.wire}']")
    # Most rows have none, and both branches are always evaluated: of those, only nulls are read.
    return (
        pl.when(correction.is_null()).then(pl.col(_read(field))).otherwise(field.read(correction))
    )


def _as_delivered(fields: Sequence[Field]) -> pl.Expr:
    unreadable = [_is_told(field) & pl.col(_read(field)).is_null() for field in fields]
    is_unreadable = pl.any_horizontal(unreadable)
    # Both branches are always evaluated: masked first, only the few unreadable rows are encoded.
    cells = pl.when(is_unreadable).then(pl.struct([field.wire for field in fields]))
    return pl.when(is_unreadable).then(cells.struct.json_encode())


def _is_told(field: Field) -> pl.Expr:
    return (pl.col(field.wire).str.strip_chars() != "").fill_null(value=False)


def is_unreadable_as(field: Field) -> pl.Expr:
    """The cell says something, but not what the column is for."""
    return _is_told(field) & field.read(pl.col(field.wire)).is_null()
