"""Everything that differs between installations, read once from `AQSHA_…` and `.env`."""

import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from getpass import getuser
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AQSHA_"

DAYS_OF_RESULTS = 60
"""How long a failed run can be retried from what it had finished."""

_EMBEDDED_SECRET = SecretStr("aqsha-embedded")
_ENDPOINT = re.compile(r"https?://[^\s/]+")
_ADDRESS = re.compile(r"https?://[^\s?#]+[^\s?#/]")
_CRON = re.compile(r"[0-9A-Za-z*/,\-]+( [0-9A-Za-z*/,\-]+){4}")
_BUCKET_PREFIX = re.compile(r"([a-z0-9][a-z0-9-]{0,40})?")


class SettingsError(ValueError):
    """The installation is set up wrongly; nothing was started."""


class Settings(BaseSettings):
    """One installation. Each field is the variable `AQSHA_{FIELD}`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        dotenv_filtering="match_prefix",
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    home: Path = Field(
        Path("var"),
        description="Folder of all that the embedded installation keeps: the object store's "
        "data, Prefect's home, logs, exported reports. A relative one starts where the "
        "program is started.",
    )
    s3_endpoint: str | None = Field(
        None,
        description="Address of an S3 server, without a path. Absent: a server of our own is "
        "started for as long as somebody uses it.",
    )
    s3_key_id: str = Field("aqsha", min_length=1, description="Who we are to the S3 server.")
    s3_secret: SecretStr = Field(
        _EMBEDDED_SECRET,
        min_length=8,
        description="Proof of it. The default opens the embedded server only.",
    )
    s3_region: str = Field("us-east-1", min_length=1, description="Region named in signatures.")
    bucket_prefix: str = Field(
        "aqsha-",
        description="Beginning of the names of our seven buckets, so that installations can "
        "share one S3 server.",
    )
    reports_url: str | None = Field(
        None,
        description="Where browsers find the bucket of the reports, such as "
        "https://reports.example.kz/aqsha-reports; links in Prefect begin so. Absent: the S3 "
        "server's own address. The embedded one lets anyone on this machine read that bucket; "
        "another asks for a signature, unless its owner has opened the bucket.",
    )
    outside: Path = Field(
        Path("outside"),
        description="Root of the folder door, `{institution}/{feed}/` beneath it; by default "
        "`outside` in the home.",
    )
    secrets: Path = Field(
        Path("secrets"),
        description="Folder with one file for each secret that the catalogue of sources names "
        "and the environment does not hold; by default `secrets` in the home.",
    )
    sources: Path | None = Field(
        None,
        description="Own catalogue of who delivers what, by when; absent: the one in the package.",
    )
    most_rejected_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Share of a delivery's rows that may break one critical rule before the "
        "whole delivery is rejected.",
    )
    volume_floor: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of the usual rows of a mandatory feed below which no report that rests "
        "on it is published; 0 publishes all the same.",
    )
    volume_ceiling: float = Field(
        2.0,
        ge=1,
        description="Multiple of the usual rows above which a report warns.",
    )
    short_delivery_share: float = Field(
        0.8,
        ge=0,
        le=1,
        description="Share of one institution's usual rows below which its delivery is said to be "
        "short, and what rests on it is provisional.",
    )
    regions: str = Field(
        "all",
        description="Which regions have editions of their own beside the country: all, none, or "
        "KATO codes of two digits parted by commas.",
    )
    lock_minutes: int = Field(
        10,
        gt=0,
        description="How long a night that died keeps its date locked; one that lives renews.",
    )
    release: Literal["rule", "person"] = Field(
        "rule",
        description="Who lets an edition out: the rule that enough came and that all sums "
        "reconcile, or a second person with `aqsha release`.",
    )
    operator: str = Field(
        default_factory=getuser,
        min_length=1,
        description="Who makes editions here, as the release log and the manifest say it; by "
        "default the user that runs the program. The same person cannot release them.",
    )
    embargo: time | None = Field(
        None,
        description="Time of the day after the business date, in the zone of business dates, "
        "before which no edition is out and no mail is sent; absent: none.",
    )
    retention_days: int = Field(
        0,
        ge=0,
        description="Days for which nobody can delete or replace what was published, by object "
        "lock, where the bucket has it; a bucket that we make has it when this is not 0.",
    )
    smtp_authority: Path | None = Field(
        None, description="File of its certificate authority, where that is one of your own."
    )
    recipients: Path | None = Field(
        None,
        description="TOML file of the roles that get mail: [[role]] with name, language, "
        "reports, areas, addresses.",
    )
    mail_cron: str = Field(
        "0 8-20 * * *",
        description="When mails are sent, as five cron fields; by default at 8, then every hour "
        "what has come out since.",
    )
    nightly_cron: str = Field(
        "30 1 * * *", description="When the night begins, as five cron fields."
    )
    report_due: time = Field(
        time(7, 0),
        description="Hour by which the report on the day before is out; from then on its night is "
        "missed, and whoever watches says so.",
    )
    stuck_hours: float = Field(
        3.0,
        gt=0,
        description="How long one run may work on a night before whoever watches says so.",
    )
    full_share: float = Field(
        0.9,
        gt=0,
        le=1,
        description="Share of the disk of the home, or of the room in the object store, from which "
        "on it is said to be nearly full.",
    )
    store_gb: float | None = Field(
        None,
        gt=0,
        description="Room that the object store gives us, in GB, all buckets together; absent: "
        "nobody counts.",
    )
    smtp_host: str | None = Field(
        None, description="Mail server that takes our letters. Absent: none are sent."
    )
    smtp_port: int = Field(587, gt=0, lt=65536, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way to it is secured: starttls, tls from the first byte, or none.",
    )
    smtp_user: str | None = Field(None, description="Who we are to it, where it asks.")
    smtp_password: SecretStr | None = Field(None, description="Proof of it.")
    mail_from: str = Field(
        "aqsha@localhost", pattern="[^@ ]+@[^@ ]+", description="Sender of our letters."
    )
    alarms_to: str = Field(
        "", description="Who is written to when something needs a person; more by commas."
    )
    alarms_webhook: str | None = Field(
        None, description="Address that the same is posted to, as JSON."
    )
    alarms_again_hours: float = Field(
        24.0, gt=0, description="After how long an alarm that still stands is told again."
    )
    runbook_url: str = Field(
        "docs/runbook.md",
        description="Where the runbook is; alarms link its entry by `#` and their code.",
    )
    lineage: str | None = Field(
        None,
        pattern="^(file:/|https?://).+",
        description="Where OpenLineage events of each table written go: file:/path, to which lines "
        "are appended, or the address of a server. Absent: nowhere.",
    )
    dask: str | None = Field(
        None,
        pattern=r"^((tcp|tls|ws|wss)://[^\s/]+|[1-9]\d*(-[1-9]\d*)?)$",
        description="Workers that take the steps of a night: the address of a Dask scheduler whose "
        "workers have these same settings, or how many processes this machine starts for each "
        "run, such as 2, or 1-4 as there is work. Absent: threads of the run's own process.",
    )
    shard_rows: int = Field(
        2_000_000,
        ge=100,
        description="Rows of bank transactions that a step computes at once, at most: half a "
        "gigabyte a million. Figures are the same however many.",
    )
    catch_up_nights: int = Field(
        31,
        ge=1,
        description="How many nights back, from the last one due, a run that catches up goes; what "
        "lies further back is for `aqsha backfill`.",
    )
    timezone: str = Field("Asia/Almaty", description="IANA zone of business dates and of the cron.")

    @property
    def region_codes(self) -> tuple[str, ...]:
        """The regions that have editions of their own, in the order of their codes."""
        from transforms.regions import REGION_CODES  # noqa: PLC0415  settings load without Polars

        named = {"all": REGION_CODES, "none": ()}
        return named[self.regions] if self.regions in named else tuple(self.regions.split(","))

    @property
    def deliveries_bucket(self) -> str:
        return f"{self.bucket_prefix}deliveries"

    @property
    def lake_bucket(self) -> str:
        return f"{self.bucket_prefix}lake"

    @property
    def reports_bucket(self) -> str:
        return f"{self.bucket_prefix}reports"

    @property
    def ledger_bucket(self) -> str:
        return f"{self.bucket_prefix}ledger"

    @property
    def results_bucket(self) -> str:
        return f"{self.bucket_prefix}results"

    @property
    def expiring(self) -> dict[str, dict[str, int]]:
        """Days after which objects go, by bucket and prefix; all others are kept for good."""
        return {self.results_bucket: {"": DAYS_OF_RESULTS}}

    @property
    def annex_bucket(self) -> str:
        """Annexes with names, for analysts alone: it has a policy of its own."""
        return f"{self.bucket_prefix}annex"

    @property
    def waiting_bucket(self) -> str:
        """Editions before their release."""
        return f"{self.bucket_prefix}waiting"

    @property
    def buckets(self) -> tuple[str, ...]:
        """All seven, as the deployment must create them."""
        return (
            self.annex_bucket,
            self.deliveries_bucket,
            self.lake_bucket,
            self.reports_bucket,
            self.ledger_bucket,
            self.results_bucket,
            self.waiting_bucket,
        )

    @model_validator(mode="before")
    @classmethod
    def _they_lie_in_the_home(cls, given: dict[str, Any]) -> dict[str, Any]:
        home = Path(given.get("home", cls.model_fields["home"].default))
        return {"outside": home / "outside", "secrets": home / "secrets", **given}

    @field_validator("s3_endpoint")
    @classmethod
    def _address_without_a_path(cls, endpoint: str | None) -> str | None:
        if endpoint and not _ENDPOINT.fullmatch(endpoint):
            raise ValueError("should be an address without a path such as https://s3.example.kz")
        return endpoint

    @field_validator("reports_url", "alarms_webhook")
    @classmethod
    def _address_without_a_slash_at_its_end(cls, url: str | None) -> str | None:
        if url and not _ADDRESS.fullmatch(url):
            raise ValueError("should be an address such as https://reports.example.kz/editions")
        return url

    @field_validator("home", "outside", "secrets", "sources", "recipients", "smtp_authority")
    @classmethod
    def _whole_path(cls, path: Path | None) -> Path | None:
        return path and path.expanduser().absolute()

    @field_validator("sources", "recipients", "smtp_authority")
    @classmethod
    def _existing_file(cls, path: Path | None) -> Path | None:
        if path and not path.is_file():
            raise ValueError("should be a file that exists")
        return path

    @field_validator("bucket_prefix")
    @classmethod
    def _beginning_of_a_bucket_name(cls, prefix: str) -> str:
        if not _BUCKET_PREFIX.fullmatch(prefix):
            raise ValueError("should be at most 41 small letters, digits and hyphens")
        return prefix

    @field_validator("regions")
    @classmethod
    def _known_regions(cls, regions: str) -> str:
        from transforms.regions import REGION_CODES  # noqa: PLC0415

        if regions not in {"all", "none"} and not set(regions.split(",")) <= set(REGION_CODES):
            raise ValueError("should be all, none, or codes of regions such as 71,75,79")
        return regions

    @field_validator("nightly_cron", "mail_cron")
    @classmethod
    def _five_cron_fields(cls, cron: str) -> str:
        if not _CRON.fullmatch(cron):
            raise ValueError("should be five cron fields such as 30 1 * * *")
        return cron

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("should be an IANA time zone such as Asia/Almaty")
        return zone

    @model_validator(mode="after")
    def _own_secret_for_a_foreign_server(self) -> Self:
        if self.s3_endpoint and self.s3_secret == _EMBEDDED_SECRET:
            raise ValueError(
                f"{PREFIX}S3_SECRET is not set, though {PREFIX}S3_ENDPOINT names the server "
                f"{self.s3_endpoint}; it should be that server's secret for {self.s3_key_id}"
            )
        return self


@cache
def settings() -> Settings:
    """This installation's settings.

    Raises:
        SettingsError: a variable is wrong or, in `.env`, unknown; says which and why.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = (_problem(one) for one in error.errors(include_url=False))
        raise SettingsError(
            f"{'; '.join(problems)}. Correct it in the environment or in .env, then start again."
        ) from None


def _problem(error: Mapping[str, Any]) -> str:
    expected: str = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if not error["loc"]:
        return expected
    name = str(error["loc"][0])
    variable = f"{PREFIX}{name.upper()}"
    if name not in Settings.model_fields:
        return f"{variable} in .env is not a setting"
    if Settings.model_fields[name].annotation is SecretStr:
        return f"{variable} {expected}"
    return f'{variable} is "{error["input"]}" and {expected}'
