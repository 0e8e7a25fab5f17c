"""How this installation runs Prefect: at home, without telemetry, results in the object store.

Prefect reads its environment when it is imported, so `prepare` comes first and nothing here
imports Prefect before it.
"""

import atexit
import hashlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import yaml

from flows.kept import Kept
from infra.code_version import code_version
from infra.settings import Settings

_LEASES_ON_DISK = "prefect.server.concurrency.lease_storage.filesystem"
RESULTS_BLOCK = "aqsha-results"
_DEPLOYED = "aqsha_deployed"
_PATIENCE = 180.0


class ServerDied(RuntimeError):
    """A server of Prefect did not come up."""


def environment(settings: Settings) -> dict[str, str]:
    """What Prefect, Great Expectations and Polars are told through the environment."""
    # Polars paces its requests as the great clouds ask for; a server of our own does not.
    unpaced = {} if settings.s3_endpoint else {"POLARS_DISABLE_HTTP_RATE_LIMIT": "1"}
    return unpaced | {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",  # `keep_results` registers its own
        # Kept in memory, as usual, a lease is lost with the server, and its slot taken for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": _LEASES_ON_DISK,
        # Runs, with their logs and artifacts, go after 90 days, events after 7; the ledger stays.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 86_400),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK": f"s3-bucket/{RESULTS_BLOCK}",
        "PREFECT_CLI_PROMPT": "false",
        "AQSHA_DIRECTORY": str(Path.cwd()),
        "AQSHA_NIGHTLY_CRON": settings.nightly_cron,
        "AQSHA_MAIL_CRON": settings.mail_cron,
        "AQSHA_TIMEZONE": settings.timezone,
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def prepare(settings: Settings) -> None:
    """Put that into this process's environment, where the operator has not said otherwise."""
    (settings.home / "prefect").mkdir(parents=True, exist_ok=True)
    for name, value in environment(settings).items():
        os.environ.setdefault(name, value)


def serve(settings: Settings) -> None:
    """Run a Prefect server beside this process until it ends, unless there is one to talk to.

    Prefect would begin the same server by itself, but load all of it into this process before.

    Raises:
        ServerDied: it ended, or did not answer in time; the message says what it said last.
    """
    if "PREFECT_API_URL" in os.environ:
        return
    until_we_end = ExitStack()
    atexit.register(until_we_end.close)
    os.environ["PREFECT_API_URL"] = until_we_end.enter_context(serving(settings))


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """A Prefect server without its UI; yields the address of its API.

    Raises:
        ServerDied: as `serve` does.
    """
    log = log_of(settings, "prefect")
    variables = environment(settings) | os.environ
    variables |= {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1"}

    def begin() -> "subprocess.Popen[bytes]":
        with log.open("ab") as out:
            return subprocess.Popen(
                server_command(door),
                env=variables,
                pass_fds=[door.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    with socket.create_server(("127.0.0.1", 0)) as door, ExitStack() as until_the_end:
        api = f"http://127.0.0.1:{door.getsockname()[1]}/api"
        log.unlink(missing_ok=True)
        server = Kept(begin)
        until_the_end.callback(server.end)
        until_it_answers(server.process, f"{api}/health", log)
        until_the_end.enter_context(server.looked_after())
        yield api


def server_command(door: socket.socket) -> list[str]:
    """Prefect's server behind a port that is ours already: nobody can take it in between."""
    return [
        *(sys.executable, "-m", "uvicorn", "--factory", "--fd", str(door.fileno())),
        *("--log-level", "error", "prefect.server.api.server:create_app"),
    ]


def until_it_answers(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    """Wait for a server that was begun.

    Raises:
        ServerDied: as `serve` does.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise ServerDied(f"Prefect's server did not come up. {last_words(log)} See {log}.")


def address(settings: Settings) -> str | None:
    """The API of the Prefect that runs this installation; null where nobody has named it."""
    with suppress(FileNotFoundError):
        return address_noted(settings).read_text(encoding="utf-8")
    return os.environ.get("PREFECT_API_URL")


def address_noted(settings: Settings) -> Path:
    """Where a running installation notes the address of its Prefect, for whoever watches it."""
    return settings.home / "prefect.url"


def log_of(settings: Settings, name: str) -> Path:
    """Where a part of the installation writes what it has to say."""
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def last_words(log: Path) -> str:
    """The last line of a log, as a sentence."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f"It said: {said[-1][:300]}" if said else "It said nothing."


def keep_results(settings: Settings, endpoint: str) -> None:
    """Tell the Prefect server where results lie, so that a Retry anywhere finds them."""
    from prefect_aws import AwsClientParameters, MinIOCredentials, S3Bucket  # noqa: PLC0415

    credentials = MinIOCredentials(
        minio_root_user=settings.s3_key_id,
        minio_root_password=settings.s3_secret,
        region_name=settings.s3_region,
        aws_client_parameters=AwsClientParameters(endpoint_url=endpoint),
    )
    S3Bucket(bucket_name=settings.results_bucket, credentials=credentials).save(
        RESULTS_BLOCK, overwrite=True
    )


def deployments() -> Path:
    """`prefect.yaml` stands beside the packages, in a checkout and in an image alike."""
    return Path(__file__).parent.parent / "prefect.yaml"


def is_deployed(pool: str) -> bool:
    """The server has each deployment of `prefect.yaml`, as this code and these settings make it.

    What an operator changed in the UI meanwhile stays; `aqsha deploy` brings the file back.
    """
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.variables import Variable  # noqa: PLC0415

    if Variable.get(_DEPLOYED) != _stamp():
        return False
    wanted = {one["name"] for one in yaml.safe_load(deployments().read_bytes())["deployments"]}
    with get_client(sync_client=True) as client:
        found = {deployment.name for deployment in client.read_deployments(limit=200)}
    return has_pool(pool) and wanted <= found


def has_pool(name: str) -> bool:
    """The server has this work pool, whatever its type."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        return name in {found.name for found in client.read_work_pools()}


def note_deployed() -> None:
    """From now on `is_deployed`, until the file, a setting in it, or the code changes."""
    from prefect.variables import Variable  # noqa: PLC0415

    Variable.set(_DEPLOYED, _stamp(), overwrite=True)


def _stamp() -> str:
    text = deployments().read_text(encoding="utf-8")
    filled_in = [os.environ.get(name) for name in re.findall(r"\$(AQSHA_\w+)", text)]
    made_by = (code_version(), version("prefect"))
    return hashlib.sha256(repr((text, filled_in, made_by)).encode()).hexdigest()


def make_database() -> None:
    """Bring the database of Prefect's own server to the schema of the installed version."""
    subprocess.run(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
