"""What an installation is set up and kept with: buckets, deployments, copies and their way back."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import orchestrator
from infra.access import annex_policy, identities, policies
from infra.backup import back_up, bring_back
from infra.object_server import make_buckets, object_server
from infra.object_store import Connection, StoreRefused
from infra.settings import Settings, settings
from infra.signing import signer

_console = Console(stderr=True)


def bootstrap(
    to: Annotated[
        Path | None, typer.Option("--policies", help="Write each role's IAM policy here.")
    ] = None,
    seaweedfs: Annotated[
        Path | None,
        typer.Option(
            "--identities", help="Only write SeaweedFS's file of identities, new secrets."
        ),
    ] = None,
) -> None:
    """Make the seven buckets: versions and life cycle, and object lock with AQSHA_RETENTION_DAYS.

    And the key that editions are signed with, where the folder of secrets has none.
    The bucket of annexes gets its policy: names are read by publish, analyse and the owner alone.

    Running it again changes nothing that is there. With --identities no server is needed: the
    file is what it starts with.
    """
    chosen = settings()
    if seaweedfs:
        seaweedfs.touch(mode=0o600, exist_ok=False)
        seaweedfs.write_text(json.dumps(identities(chosen), indent=2), encoding="utf-8")
        return
    if to:
        to.mkdir(parents=True, exist_ok=True)
        for name, document in (policies(chosen) | {"annex-bucket": annex_policy(chosen)}).items():
            text = json.dumps(document, indent=2)
            (to / f"{name}.json").write_text(text, encoding="utf-8")
    signer(chosen.secrets, may_create=True)
    with object_server(chosen) as endpoint:
        make_buckets(chosen, endpoint)
        connection = Connection.of(chosen, endpoint)
        for bucket in (chosen.deliveries_bucket, chosen.reports_bucket, chosen.annex_bucket):
            connection.keep_versions(bucket)
        is_guarded = _guarded(connection, chosen)
    if not is_guarded:
        _console.print(
            f"[yellow]![/] {chosen.annex_bucket} has no policy: that of --policies would lock out "
            f"who asks. Name your user in annex-bucket.json, and put it there.",
            highlight=False,
        )
    _console.print(f"[green]✓[/] {', '.join(chosen.buckets)}", highlight=False)


def deploy() -> None:
    """Tell the Prefect server that PREFECT_API_URL names what runs when, and where results lie."""
    from flows import up as installation  # noqa: PLC0415

    if "PREFECT_API_URL" not in os.environ:
        raise typer.BadParameter("PREFECT_API_URL must name the Prefect server to deploy to.")
    chosen = settings()
    orchestrator.prepare(chosen)
    with object_server(chosen) as endpoint:
        orchestrator.keep_results(chosen, endpoint)
    installation.deploy(chosen)
    _console.print("[green]✓[/] Deployed. A worker: aqsha prefect worker start --pool night")


def prefect(
    words: Annotated[list[str], typer.Argument(help="What Prefect's own command is given.")],
) -> None:
    """Prefect's own command as this installation runs it: without telemetry, results in S3."""
    orchestrator.prepare(settings())
    os.execv(sys.executable, [sys.executable, "-m", "prefect", *words])  # noqa: S606


def _guarded(connection: Connection, chosen: Settings) -> bool:
    """Whether the bucket of annexes has its policy now: not where it would lock us out too."""
    connection.guard(chosen.annex_bucket, annex_policy(chosen))
    try:
        list(connection.bucket(chosen.annex_bucket).keys("nothing/"))
    except StoreRefused:
        connection.unguard(chosen.annex_bucket)
        return False
    return True


def backup(folder: Annotated[Path, typer.Argument(help="Where copies lie.")]) -> None:
    """Copy the buckets and Prefect's database into a folder; what is there already stays."""
    chosen = settings()
    with object_server(chosen) as endpoint:
        made = back_up(chosen, Connection.of(chosen, endpoint), folder, datetime.now(UTC))
    _console.print(f"[green]✓[/] {made}", highlight=False)


def restore(copy: Annotated[Path, typer.Argument(help="Its list: `….json`.")]) -> None:
    """Bring a copy back into empty buckets and an empty database; nothing is overwritten."""
    chosen = settings()
    with object_server(chosen) as endpoint:
        if chosen.s3_endpoint:
            make_buckets(chosen, endpoint)
        count = bring_back(chosen, Connection.of(chosen, endpoint), copy)
    _console.print(f"[green]✓[/] {count} objects are there again.", highlight=False)
