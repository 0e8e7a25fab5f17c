"""How this installation runs Prefect: at home, without telemetry, results in the object store.

Prefect reads its environment when it is imported, so `prepare` comes first and nothing here
imports Prefect before it.
"""

import os
import subprocess
import sys
from pathlib import Path

from infra.settings import Settings

RESULTS_BLOCK = "aqsha-results"


def environment(settings: Settings) -> dict[str, str]:
    """What Prefect, Great Expectations and Polars are told through the environment."""
    # Polars paces its requests as the great clouds ask for; a server of our own does not.
    unpaced = {} if settings.s3_endpoint else {"POLARS_DISABLE_HTTP_RATE_LIMIT": "1"}
    return unpaced | {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK": f"s3-bucket/{RESULTS_BLOCK}",
        "PREFECT_CLI_PROMPT": "false",
        "AQSHA_DIRECTORY": str(Path.cwd()),
        "AQSHA_NIGHTLY_CRON": settings.nightly_cron,
        "AQSHA_TIMEZONE": settings.timezone,
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
    }


def prepare(settings: Settings) -> None:
    """Put that into this process's environment, where the operator has not said otherwise."""
    (settings.home / "prefect").mkdir(parents=True, exist_ok=True)
    for name, value in environment(settings).items():
        os.environ.setdefault(name, value)


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


def make_database() -> None:
    """Bring the database of Prefect's own server to the schema of the installed version."""
    subprocess.run(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
