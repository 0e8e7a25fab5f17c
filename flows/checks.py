"""What the rules found, shown: a page for each feed judged anew, and an overview of the run."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from posixpath import relpath
from typing import TYPE_CHECKING, Any

from prefect import runtime, task
from prefect.cache_policies import NO_CACHE

from flows.contract import keep_contract
from flows.shown import show_link, show_validation
from flows.steps import AGAINST_THE_OUTSIDE
from infra.check_pages import CheckPages, run_folder
from infra.installation import installation
from transforms.cross_checks import CROSS_CHECK_BY_CODE, CROSS_CHECKS_TABLE

if TYPE_CHECKING:
    from expectations.data_docs import Run, Verdict
    from expectations.screen import DeliveryRejected, Screened


@dataclass(frozen=True, slots=True)
class Checked:
    """How many feeds a run judged, and where the last judgement of its night is shown."""

    feeds: int
    address: str


def show_checks(feed: str, night: date, dates: tuple[date, ...], found: "Screened") -> str:
    """Keep the page of a feed that was judged, and link it from the run; gives its address."""
    from expectations.data_docs import Verdict  # noqa: PLC0415 - Great Expectations takes seconds

    outcome = " ".join(
        f"{r.rows} of {r.of} rows of delivery {r.delivery[:12]} break {r.code}: it was set aside "
        f"whole."
        for r in found.rejections
    )
    verdict = Verdict(
        feed, dates, found.rows, found.rows_accepted, found.rows_quarantined, outcome or None
    )
    return _shown(night, verdict, found)


def show_refusal(
    feed: str, night: date, dates: tuple[date, ...], refused: "DeliveryRejected"
) -> str:
    """The same of a feed that was stopped: nothing of it was accepted, and the page says why."""
    from expectations.data_docs import Verdict  # noqa: PLC0415

    return _shown(night, Verdict(feed, dates, refused.rows, 0, 0, str(refused)), refused)


@task(
    name="checks",
    task_run_name="checks {night}",
    **AGAINST_THE_OUTSIDE | {"cache_policy": NO_CACHE},
)
def overview(night: date) -> Checked:
    """Pages of the feeds judged → the overview that links them, made anew by each Retry."""
    from expectations.data_docs import index  # noqa: PLC0415

    pages, run = _pages(), _run(night)
    address = pages.close(
        night, run.id, lambda day, told: index(replace(run, night=day), told, _crossed(day))
    )
    told = pages.told(night, run.id)
    place = run_folder(night, run.id)
    show_validation(night, address, [(f"{place}/{page}", numbers) for page, numbers in told])
    return Checked(len(told), address)


def _crossed(night: date) -> list[dict[str, Any]]:
    """What rows of that date break between feeds, for people."""
    at = installation()
    found = at.lake.read(CROSS_CHECKS_TABLE, partitions={"night": [night]}).collect()
    rows = found.sort("code", "institution", "delivery").to_dicts()
    return [{**row, "says": CROSS_CHECK_BY_CODE[row["code"]].says} for row in rows]


def _shown(night: date, verdict: "Verdict", found: "Screened | DeliveryRejected") -> str:
    from expectations.data_docs import page, summary  # noqa: PLC0415

    run = _run(night)
    contract = relpath(keep_contract(verdict.feed), run_folder(night, run.id))
    verdict = replace(verdict, contract=contract)
    told = summary(run, verdict, found.result)
    address = _pages().put(night, run.id, verdict.feed, page(run, verdict, found.result), told)
    key = f"{verdict.feed.replace('_', '-')}-checks"
    show_link(key, address, f"Every rule of {verdict.feed}, and how many rows broke it.")
    return address


def _pages() -> CheckPages:
    at = installation()
    return CheckPages(at.connection.bucket(at.settings.reports_bucket))


def _run(night: date) -> "Run":
    from expectations.data_docs import Run  # noqa: PLC0415

    began = runtime.flow_run.scheduled_start_time or datetime.combine(night, datetime.min.time())
    return Run(str(runtime.flow_run.name), str(runtime.flow_run.id), night, began.astimezone(UTC))
