"""`aqsha verify`: whether an edition is what was signed, and what its sources still give."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from csv import DictReader
from dataclasses import asdict, dataclass, field
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from flows.provenance import Sources
    from infra.editions import Place
    from infra.installation import Installation

_READERS = 8
_FIGURES = "figures.json"
_FILES = "provenance.files.csv"
_MOST = 20


@dataclass(slots=True)
class Verified:
    """What was compared, what differs, and what one should know beside it."""

    edition: str
    checked: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, count: int, differences: Iterator[str] | list[str]) -> None:
        self.checked[what] = count
        self.differences += differences


def verify(
    edition: Annotated[
        str,
        typer.Argument(help="Such as daily/KZ/2025-08-18/r1, or an URL of one of its files."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Compute an edition again from the very table versions that it names, and compare everything.

    The signature; every file, byte by byte; every row of the tables that it was made from; facts
    from accepted rows, figures from facts, pages and annex from both; every delivered file against
    its SHA-256. Exits 1 where anything differs, and says what.
    """
    from infra.installation import installation  # noqa: PLC0415

    found = verified(installation(), edition)
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
    else:
        _show(found)
    raise typer.Exit(Exit.FAILED if found.differences else Exit.FINE)


def verified(at: "Installation", edition: str) -> Verified:
    """Compare an edition with all that it rests on.

    Raises:
        NoSuchEdition: there is none.
    """
    from flows.provenance import Sources  # noqa: PLC0415
    from infra.editions import place_of  # noqa: PLC0415
    from infra.signing import NotSigned  # noqa: PLC0415

    place, revision = place_of(edition)
    address = place.edition(revision)
    states = {one.revision: one for one in at.shelf.standings(place)}
    is_pending = revision in states and not at.shelf.reports.exists(f"{address}/manifest.json")
    told = Verified(address)
    body = at.shelf.manifest_bytes(address, waiting=is_pending)
    try:
        manifest = at.shelf.manifest(address, waiting=is_pending)
        told.add("signatures", 1, [])
    except NotSigned as why:
        told.add("signatures", 1, [str(why)])
        try:
            manifest = json.loads(body)
        except ValueError:
            told.differences.append("manifest.json cannot be read, so nothing else was compared")
            return told
    files = at.shelf.files(address)
    told.add("files", len(manifest["files"]), _files(files, manifest["files"]))
    sources = Sources.named(at, manifest["tables"])
    told.add("tables", len(manifest["tables"]), _tables(at, manifest["tables"]))
    told.add("deliveries", *_deliveries(at, files))
    steps = [
        partial(
            _recompute,
            at,
            place,
            revision,
            files,
            sources=sources,
            by=manifest["release"]["by"],
            owed=manifest.get("owed_by"),
        )
    ]
    if manifest.get("annex"):
        steps.append(partial(_compare_annex, at, place, address, sources))
    for step in steps:
        try:
            step(told)
        except Exception as error:  # noqa: BLE001 - a changed data file may not be one any more
            told.differences.append(
                f"it cannot be computed again from the tables that it names "
                f"({type(error).__name__})"
            )
    told.notes += _notes(at, manifest, states[revision].state)
    return told


def _files(files: Mapping[str, bytes], sums: Mapping[str, str]) -> Iterator[str]:
    beside = {"manifest.json", "manifest.sig", "approved.json"}
    for name in sorted({*files, *sums} - beside):
        if name not in sums:
            yield f"{name}: the manifest does not name this file"
        elif name not in files:
            yield f"{name}: the file is missing"
        elif (found := hashlib.sha256(files[name]).hexdigest()) != sums[name]:
            yield f"{name}: SHA-256 {found}, the manifest says {sums[name]}"


def _tables(at: "Installation", sealed: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    from flows.provenance import TABLES  # noqa: PLC0415

    by_name = {table.name: table for table in TABLES}
    for name, seal in sealed.items():
        if name in by_name:
            yield from at.seals.broken(by_name[name], seal)
        else:
            yield f"{name}: this code knows no such table, it was not compared"


def _deliveries(at: "Installation", files: Mapping[str, bytes]) -> tuple[int, list[str]]:
    """Each delivered file read and digested once more."""
    from infra.object_store import NoSuchObject  # noqa: PLC0415

    store = at.connection.bucket(at.settings.deliveries_bucket)
    rows = list(DictReader(StringIO(files.get(_FILES, b"").decode())))

    def compared(row: Mapping[str, str]) -> str | None:
        try:
            found = store.sha256(row["address"])
        except NoSuchObject:
            return f"{row['address']}: the delivered file is gone"
        if found == row["sha256"]:
            return None
        return f"{row['address']}: SHA-256 {found}, delivered was {row['sha256']}"

    with ThreadPoolExecutor(_READERS) as readers:
        found = [said for said in readers.map(compared, rows) if said]
    return len(rows), found


def _compare_annex(
    at: "Installation", place: "Place", address: str, sources: "Sources", told: Verified
) -> None:
    from flows.annexed import differing_annex  # noqa: PLC0415
    from flows.provenance import trace_of  # noqa: PLC0415
    from infra.object_store import StoreRefused  # noqa: PLC0415
    from templates.reports import REPORT_BY_ID  # noqa: PLC0415

    trace = trace_of(REPORT_BY_ID[place.report], place.period_end, sources)
    try:
        told.add("annexes", 1, differing_annex(at, trace, address, place.area))
    except StoreRefused:
        told.notes.append("Its annex is for analysts alone, and was not compared.")


def _recompute(
    at: "Installation",
    place: "Place",
    revision: int,
    files: Mapping[str, bytes],
    told: Verified,
    *,
    sources: "Sources",
    by: str,
    owed: str | None,
) -> None:
    from flows.owed import owed_by  # noqa: PLC0415
    from flows.provenance import disclosable, inputs_of, rendered  # noqa: PLC0415
    from flows.recomputed import (  # noqa: PLC0415
        differing_completeness,
        differing_facts,
        differing_found,
        facts_at,
        recomputed_inputs,
    )
    from templates.reports import REPORT_BY_ID  # noqa: PLC0415

    report = REPORT_BY_ID[place.report]
    told.add("facts", *differing_facts(sources.lake, place.period_end))
    whole = facts_at(sources.lake)
    told.add("tables beside", *differing_found(report, place.period_end, sources.lake, whole))
    if owed == owed_by(at):
        told.add("completeness", 1, differing_completeness(at, place.period_end, sources.lake))
    else:
        told.notes.append(
            "What is owed, or how much is usual, was set otherwise then: "
            "completeness is held by the seal of its table."
        )
    again, differences = recomputed_inputs(report, place.period_end, sources.lake, whole)
    told.add("figures computed", again.indicators.height, differences)
    kept = inputs_of(report, place.period_end, sources.lake)
    both = ((again, "computed again"), (kept, "from the table of indicators"))
    for inputs, of_what in both if differences else both[:1]:  # equal figures give equal files
        of_area = disclosable(inputs, place.period_end).of(place.area)
        made = rendered(place, of_area, by, revision)
        if all(files.get(name) == body for name, body in made.items()):
            continue
        told.differences += _figures(files.get(_FIGURES, b""), made[_FIGURES], of_what)
        told.differences += [
            f"{name}: rendered {of_what}, its bytes are others"
            for name, body in sorted(made.items())
            if files.get(name) != body
        ]
    told.checked["files rendered"] = len(made)


def _figures(published: bytes, computed: bytes, of_what: str) -> Iterator[str]:
    """Figure by figure, what the edition says and what comes out now."""
    try:
        then, now = (
            {f["key"]: f["value"] for f in json.loads(text)["figures"]}
            for text in (published, computed)
        )
    except (ValueError, KeyError):
        yield f"{_FIGURES} cannot be read"
        return
    changed = [key for key in sorted({*then, *now}) if then.get(key) != now.get(key)]
    for key in changed[:_MOST]:
        yield f"{key}: {then.get(key, 'nothing')} is published, {now.get(key, 'nothing')} {of_what}"
    if len(changed) > _MOST:
        yield f"{len(changed) - _MOST} more figures differ {of_what}"


def _notes(at: "Installation", manifest: Mapping[str, Any], state: str) -> Iterator[str]:
    from infra.code_version import code_version  # noqa: PLC0415

    if state != "current":
        yield f"This edition is {state}."
    if manifest["code_version"] != code_version():
        yield (
            f"It was made by the code {manifest['code_version']}, compared by {code_version()}: "
            f"differing pages may come from the code."
        )
    from flows.provenance import TABLES  # noqa: PLC0415

    now = at.lake.versions(TABLES)
    newer = [n for n, seal in manifest["tables"].items() if now.get(n) != seal["version"]]
    if newer:
        yield f"{len(newer)} tables have newer versions than it was made from: {', '.join(newer)}."


def _show(found: Verified) -> None:
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    compared = ", ".join(f"{count:,} {what}" for what, count in found.checked.items())
    console.print(f"{found.edition}: {compared} compared.")
    for line in found.notes:
        console.print(f"  {line}", markup=False)
    for line in found.differences:
        console.print(f"✗ {line}", style="red", markup=False)
    if not found.differences:
        console.print("[green]✓[/] Nothing differs.")
