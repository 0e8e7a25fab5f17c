"""`aqsha release`, `withdraw`, `log`, `link`, `keys`: who stands behind an edition."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.console import Console

from flows.exit_codes import Exit

if TYPE_CHECKING:
    from infra.installation import Installation

Which = Annotated[
    str, typer.Argument(metavar="EDITION", help="Such as daily/KZ/2025-08-18/r1, or an URL of it.")
]
Who = Annotated[str, typer.Option("--who", help="Who decides.")]
Why = Annotated[str, typer.Option("--why", help="Why, in words that an auditor will read.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]

_AN_HOUR = 3600
_MOST_HOURS = 7 * 24

keys = typer.Typer(help="The keys that editions are signed with.", no_args_is_help=True)


def release(edition: Which, *, who: Who, why: Why) -> None:
    """Let out an edition that waits for a second person; who made it cannot.

    Where an embargo lasts, it comes out by itself when the embargo ends.
    """
    from flows.releases import let_out  # noqa: PLC0415

    is_out = let_out(edition, *said(who, why))
    Console().print(f"{edition} is {'out' if is_out else 'approved; its embargo still lasts'}.")


def withdraw(edition: Which, *, who: Who, why: Why) -> None:
    """Take back an edition: it stays where it is, marked, and readers are led to the one before."""
    from flows.releases import take_back  # noqa: PLC0415

    take_back(edition, *said(who, why))
    Console().print(f"{edition} is withdrawn.")


def log(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Tell whether entries were changed or are missing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Who approved, released or withdrew what, when and why; exits 1 where --check fails."""
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    problems = at.log.check(at.shelf.released()) if check else []
    entries = list(at.log.entries())
    if as_json:
        told = {"entries": [asdict(one) for one in entries], "problems": problems}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        console = Console(highlight=False, soft_wrap=True)
        for one in entries:
            why = f" ({one.why})" if one.why else ""
            line = f"{one.number:>6}  {one.at}  {one.action:<9}  {one.edition}  {one.who}{why}"
            console.print(line, markup=False)
        for problem in problems:
            console.print(f"✗ {problem}", style="red", markup=False)
        if check and not problems:
            console.print(f"[green]✓[/] {len(entries)} entries, each follows the one before.")
    raise typer.Exit(Exit.FAILED if problems else Exit.FINE)


def link(
    edition: Annotated[
        str,
        typer.Argument(metavar="EDITION", help="As for release; portal for all."),
    ],
    *,
    hours: Annotated[
        int, typer.Option("--hours", min=1, max=_MOST_HOURS, help="How long it opens.")
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Addresses that open an edition's files for some hours, without a key of the store."""
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    links = _of_portal(at, hours) if edition == "portal" else links_of(at, edition, hours)
    if as_json:
        sys.stdout.write(json.dumps(links) + "\n")
    else:
        for name, address in links.items():
            sys.stdout.write(f"{name}  {address}\n")


def links_of(at: "Installation", edition: str, hours: int) -> dict[str, str]:
    """An address that runs out for each file of an edition that is out, by name.

    Raises:
        NoSuchEdition: it is not out.
        NotSigned: it is not what was signed.
    """
    from infra.editions import place_of  # noqa: PLC0415

    place, revision = place_of(edition)
    address = place.edition(revision)
    reports, names = at.shelf.reports, at.shelf.manifest(address)["files"]
    return {name: reports.presigned_url(f"{address}/{name}", hours * _AN_HOUR) for name in names}


def _of_portal(at: "Installation", hours: int) -> dict[str, str]:
    """A copy of the country's page whose links run out with it, in each language."""
    from templates.html import portal_html  # noqa: PLC0415
    from templates.portal import page  # noqa: PLC0415
    from templates.wording import LANGUAGES  # noqa: PLC0415
    from transforms.regions import COUNTRY  # noqa: PLC0415

    store = at.connection.bucket(at.settings.results_bucket)
    year = max(at.portal.shelves().get(COUNTRY, [0]))
    rows, folder, found = at.portal.listed(COUNTRY, year), f"shared/{uuid4().hex}", {}
    for language in LANGUAGES:
        made = page(
            COUNTRY,
            year,
            language,
            rows=rows,
            shelves={},
            address=lambda key: at.shelf.reports.presigned_url(key, hours * _AN_HOUR),
        )
        key = f"{folder}/{language}.html"
        store.put_new(key, portal_html(made), "text/html; charset=utf-8")
        found[f"{language}.html"] = store.presigned_url(key, hours * _AN_HOUR)
    return found


@keys.command("new")
def new_key() -> None:
    """Make a key to sign with from now on; what earlier keys signed stays valid."""
    from infra.installation import installation  # noqa: PLC0415
    from infra.signing import rotate  # noqa: PLC0415

    at = installation()
    made = rotate(at.settings.secrets)
    at.shelf.publish_key(made.key_id, made.public_pem)
    Console().print(f"Editions are signed with {made.key_id} from now on.", highlight=False)


@keys.command("list")
def list_keys() -> None:
    """The keys whose signatures count here."""
    from infra.installation import installation  # noqa: PLC0415
    from infra.signing import keyring  # noqa: PLC0415

    for name in keyring(installation().settings.secrets).keys:
        sys.stdout.write(f"{name}\n")


def said(who: str, why: str) -> tuple[str, str]:
    if not (who.strip() and why.strip()):
        raise typer.BadParameter("--who and --why may not be empty: they are kept for good.")
    return who.strip(), why.strip()
