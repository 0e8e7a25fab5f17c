"""`aqsha trace`: the money of a case followed on demand; its dossier and files in a folder."""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from flows.contract import Language
from flows.dossiers import show, write
from flows.seeds import names, names_in

if TYPE_CHECKING:
    from infra.installation import Installation
    from transforms.trail.naming import Named
    from transforms.trail.reach import Limits
    from transforms.trail.tracing import Traced

_MOST_TOLD = 3


class Rule(StrEnum):
    """How tainted money is told from clean."""

    HAIRCUT = "haircut"
    FIFO = "fifo"
    POISON = "poison"


class NothingToFollow(LookupError):
    """No seed is known for what was asked, or none of its money moved."""


class NoNight(LookupError):
    """No night has told the transfers of the days that were asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to follow, how, how far, and in which days.

    `case_no` is null where identifiers were named; a limit, where the method's own counts.
    """

    case_no: str | None
    names: tuple["Named", ...]
    rule: Rule
    is_backward: bool
    since: date | None
    night: date | None
    most_hops: int | None = None
    least_tiyn: int | None = None
    stops: tuple["Named", ...] = ()


def trace(
    what: Annotated[
        str,
        typer.Argument(
            metavar="CASE|IDENTIFIER",
            help="Register number of a case (15 digits), or an IBAN, card token, address, "
            "network:address, EXCHANGE/client, IIN or BIN; - reads identifiers from standard "
            "input, a line each, so that they stand in no shell's history.",
        ),
    ],
    *,
    rule: Annotated[
        Rule, typer.Option("--rule", help="Whose figures lead; the others stand beside them.")
    ] = Rule.HAIRCUT,
    backward: Annotated[
        bool, typer.Option("--backward", help="Where the money came from, not where it went.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], help="First day; else the first that is known."
        ),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Last day; else the latest night."),
    ] = None,
    hops: Annotated[
        int | None,
        typer.Option(
            "--hops",
            min=1,
            help="Most transfers from a seed; else the method's. Poison: never more than that.",
        ),
    ] = None,
    least: Annotated[
        int | None,
        typer.Option(
            "--least",
            metavar="TENGE",
            min=1,
            help="Least tainted amount that is followed; else the method's.",
        ),
    ] = None,
    stops: Annotated[
        Path | None,
        typer.Option(
            "--stops",
            exists=True,
            dir_okay=False,
            help="File of identifiers, a line each, at which the trail ends.",
        ),
    ] = None,
    language: Annotated[
        Language | None, typer.Option("--lang", help="The dossier in this language only.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the files; else dossiers in AQSHA_HOME.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Follow the money of a case, or of what is named, and write its dossier.

    A case begins at its seeds (aqsha seeds) and the cards that are arrested in it. The folder gets
    the dossier in ru, kk and en, the trail as GraphML and FollowTheMoney entities, each table as
    CSV, and a workbook. They hold personal data and are written for their owner only; the answer
    here does not. Files of an earlier trace there are replaced. Exits 1 when nothing was found to
    follow; nothing is written then.
    """
    from infra.installation import installation  # noqa: PLC0415
    from transforms.money import TIYN_PER_TENGE  # noqa: PLC0415
    from transforms.trail.naming import is_case  # noqa: PLC0415

    is_of_case = is_case(what)
    asked = Asked(
        case_no=what.strip() if is_of_case else None,
        names=() if is_of_case else tuple(names(what)),
        rule=rule,
        is_backward=backward,
        since=since.date() if since else None,
        night=day.date() if day else None,
        most_hops=hops,
        least_tiyn=least * TIYN_PER_TENGE if least else None,
        stops=tuple(names_in(stops.read_text(encoding="utf-8"), "in --stops")) if stops else (),
    )
    if asked.since and asked.night and asked.since > asked.night:
        raise typer.BadParameter("--since is later than --date.")
    at = installation()
    case = followed(at, asked)
    folder = to or _folder(at.settings.home, asked, case.night)
    languages = [language] if language else list(Language)
    written = write(case, asked.case_no or _told(asked.names), folder, languages)
    if as_json:
        sys.stdout.write(json.dumps(asdict(written), default=str) + "\n")
    else:
        show(Console(), written)


def followed(at: "Installation", asked: Asked) -> "Traced":
    """The trail of what was asked, from the lake as it is.

    Raises:
        NoNight: the days that were asked for are not told by any night.
        NothingToFollow: there are no seeds, or they moved nothing.
        NotConserved: the money does not add up.
    """
    from flows.derived import wallets_of  # noqa: PLC0415
    from transforms.arrests.accounts import ACCOUNT_ARRESTS  # noqa: PLC0415
    from transforms.arrests.assets import ASSET_ARRESTS  # noqa: PLC0415
    from transforms.arrests.measures import MEASURES  # noqa: PLC0415
    from transforms.arrests.wallets import WALLET_FREEZES  # noqa: PLC0415
    from transforms.feeds import FEED_BY_NAME  # noqa: PLC0415
    from transforms.trail.crossing import CROSSINGS  # noqa: PLC0415
    from transforms.trail.parameters import ties  # noqa: PLC0415
    from transforms.trail.role_signs import signs  # noqa: PLC0415
    from transforms.trail.tracing import Measures, traced  # noqa: PLC0415
    from transforms.trail.trails import Told  # noqa: PLC0415
    from transforms.trail.transfers import TRANSFERS  # noqa: PLC0415

    first, night = _days(at, asked)
    labels = FEED_BY_NAME["wallet_labels"].accepted_table
    moved = at.lake.read(TRANSFERS, since=first, until=night)
    tied = at.lake.read(CROSSINGS, since=first - timedelta(days=1), until=night)
    found = traced(
        Told(moved, tied, at.lake.read(labels)),
        _seeds(at, asked, first, night),
        Measures(
            lives=at.lake.read(MEASURES),
            account_arrests=at.lake.read(ACCOUNT_ARRESTS),
            asset_arrests=at.lake.read(ASSET_ARRESTS),
            wallet_freezes=at.lake.read(WALLET_FREEZES),
            case_wallets=wallets_of(at.lake, night),
        ),
        rule=asked.rule,
        limits=_limits(at, asked, night),
        ties=ties(),
        signs=signs(),
        since=first,
        night=night,
        is_backward=asked.is_backward,
    )
    if found.is_empty:
        way = "came to" if asked.is_backward else "left"
        raise NothingToFollow(
            f"From {first} to {night} no money {way} what was asked, as far as anybody told. "
            f"Nothing was written. Check what was named, or ask for more days."
        )
    return found


def _days(at: "Installation", asked: Asked) -> tuple[date, date]:
    from transforms.trail.transfers import TRANSFERS  # noqa: PLC0415

    told = [d for d in at.lake.partition_digests(TRANSFERS) if not asked.night or d <= asked.night]
    if not told or (asked.since and asked.since > max(told)):
        raise NoNight(
            "No transfers of these days are told yet, so nothing was followed. Run aqsha nightly "
            "for a day that holds them, or ask for other days."
        )
    return max(asked.since or min(told), min(told)), max(told)


def _limits(at: "Installation", asked: Asked, night: date) -> "Limits":
    """Where the trails end: as asked, otherwise by the method."""
    from transforms.trail.parameters import limits  # noqa: PLC0415

    own = limits()
    most_hops = asked.most_hops or own.most_hops
    return replace(
        own,
        most_hops=most_hops,
        most_poison_hops=min(own.most_poison_hops, most_hops),
        least_tiyn=asked.least_tiyn or own.least_tiyn,
        stops=tuple(_named(at, asked.stops, night, night)["node_id"]) if asked.stops else (),
    )


def _named(at: "Installation", named: Sequence["Named"], first: date, night: date) -> Any:
    """`SEED_NODES` of what was named, followed from the first day on."""
    from flows.sown import named_seeds  # noqa: PLC0415
    from transforms.trail.seeds import NO_CASE, decisions  # noqa: PLC0415

    decided = decisions(
        named,
        case_no=NO_CASE,
        decided_on=night,
        from_on=first,
        reason="traced on demand",
        set_by="aqsha trace",
    )
    return named_seeds(at, decided, night).collect()


def _seeds(at: "Installation", asked: Asked, first: date, night: date) -> Any:
    """`SEED_NODES` of what was asked."""
    from flows.sown import case_seeds, windows_covering  # noqa: PLC0415

    if not windows_covering(at, night):
        raise NoNight(
            "No night was computed, so the accounts of cards and people are not known and nothing "
            "was followed. Run aqsha nightly."
        )
    if asked.case_no is None:
        sown = _named(at, asked.names, first, night)
        if sown.is_empty():
            raise NothingToFollow(
                "No account of this card or person is known, so nothing was followed. Name the "
                "account itself, or a later --date."
            )
        return sown.lazy()
    every = case_seeds(at, night).collect()
    sown = every.filter(case_no=asked.case_no)
    if sown.is_empty():
        raise NothingToFollow(
            f"This case has no seed up to {night}: none was named, and no card arrested in it is "
            f"of a known account. {every['case_no'].n_unique()} other cases have some. Name one "
            f"with aqsha seeds add, or trace an identifier."
        )
    return sown.lazy()


def _told(named: Sequence["Named"]) -> str:
    """What was named, as the heading of a page; of many the first and how many there are."""
    shown = ", ".join(name.id for name in named[:_MOST_TOLD])
    return shown if len(named) <= _MOST_TOLD else f"{shown} … ({len(named)})"


def _folder(home: Path, asked: Asked, night: date) -> Path:
    """A folder for each question, named without personal data."""
    way = "-backward" if asked.is_backward else ""
    days = f"{asked.since}--{night}" if asked.since else f"{night}"
    own = (asked.most_hops, asked.least_tiyn, *sorted(name.id for name in asked.stops))
    limited = f"-limited-{_digest(repr(own))[:6]}" if any(own) else ""
    subject = asked.case_no or _digest("\n".join(sorted(name.id for name in asked.names)))
    return home / "dossiers" / subject / f"{days}-{asked.rule}{way}{limited}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
