"""The parts of this installation, put together once in a process."""

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial

from infra.catalogue import Catalogue
from infra.changes import Changes
from infra.doors.credentials import Credentials
from infra.doors.opening import Doorkeeper
from infra.editions import Shelf
from infra.intake import Intake
from infra.lake import Lake
from infra.ledger import Ledger
from infra.lineage import Lineage
from infra.object_server import object_server
from infra.object_store import Connection, ObjectStore
from infra.portal import Portal
from infra.publication import Publisher
from infra.quarantine import Quarantine
from infra.receipts import Receipts
from infra.release import Releases
from infra.release_log import ReleaseLog
from infra.seals import Seals
from infra.settings import Settings, settings
from infra.signing import Signer, keyring, signer
from infra.staging import Staging


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that a step needs of the world outside the process."""

    settings: Settings
    connection: Connection
    catalogue: Catalogue
    lake: Lake
    seals: Seals
    ledger_store: ObjectStore
    ledger: Ledger
    changes: Changes
    intake: Intake
    staging: Staging
    signer: Callable[[], Signer]
    shelf: Shelf
    log: ReleaseLog
    releases: Releases
    portal: Portal
    publisher: Publisher
    quarantine: Quarantine
    receipts: Receipts


@cache
def installation() -> Installation:
    """Opened at first use; the embedded object server runs until the process ends."""
    chosen = settings()
    server = ExitStack()
    atexit.register(server.close)
    connection = Connection.of(chosen, server.enter_context(object_server(chosen)))
    catalogue = Catalogue.read(chosen.sources)
    lineage = Lineage(chosen.lineage, chosen.lake_bucket)
    lake = Lake(connection, chosen.lake_bucket, lineage)
    deliveries = connection.bucket(chosen.deliveries_bucket)
    ledger_store = connection.bucket(chosen.ledger_bucket)
    changes = Changes(lake, ledger_store)
    staging = Staging(lake, deliveries, catalogue, connection.storage_options())
    reports = connection.bucket(chosen.reports_bucket, kept_days=chosen.retention_days)
    # The key is asked for when something is signed: an installation that only reads needs none.
    signing = cache(lambda: signer(chosen.secrets, may_create=chosen.s3_endpoint is None))
    known = partial(keyring, chosen.secrets)
    waiting, annexes = map(connection.bucket, (chosen.waiting_bucket, chosen.annex_bucket))
    shelf = Shelf(reports, waiting, annexes, known)
    log = ReleaseLog(ledger_store, signing, known)
    return Installation(
        settings=chosen,
        connection=connection,
        catalogue=catalogue,
        lake=lake,
        seals=Seals(lake, ledger_store),
        ledger_store=ledger_store,
        ledger=Ledger(ledger_store),
        changes=changes,
        intake=Intake(
            lake,
            deliveries,
            catalogue,
            Doorkeeper(chosen.outside, chosen.home / "incoming", Credentials(chosen.secrets)),
        ),
        staging=staging,
        signer=signing,
        shelf=shelf,
        log=log,
        releases=Releases(shelf, log),
        portal=Portal(shelf),
        publisher=Publisher(shelf, signing, log),
        quarantine=Quarantine(lake, staging),
        receipts=Receipts(lake, deliveries, changes),
    )
