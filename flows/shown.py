"""What an operator sees in a run beside its steps: links and tables under stable keys."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.cache_policies import NO_CACHE

from flows.status import current, page_in, publish_status
from flows.steps import AGAINST_THE_OUTSIDE
from infra.check_pages import Told
from infra.installation import installation
from templates.status_model import StatusPage
from transforms.indicators import INDICATOR_BY_ID

if TYPE_CHECKING:
    from flows.ingest import Accepted


def show_link(key: str, address: str, says: str) -> None:
    """Link something in the bucket of the reports from the run."""
    create_link_artifact(key=key, link=_url(address), link_text=address, description=says)


def show_validation(night: date, all_: str, feeds: Told) -> None:
    """What the rules found, feed by feed, with links to the pages of checks and what to do.

    Args:
        night: whose run judged.
        all_: address of the page of all checks.
        feeds: address of each feed's page, and the numbers on it.
    """
    told = [_verdict(page, numbers) for page, numbers in feeds]
    head = "| feed | rows | accepted | set aside | rules broken: rows | look at them |\n"
    table = head + "| --- | ---: | ---: | ---: | --- | --- |\n" + "\n".join(told)
    nothing = "Nothing new came, so nothing was judged."
    create_markdown_artifact(
        key="validation",
        markdown=f"[All checks of {night}]({_url(all_)})\n\n{table if told else nothing}",
        description=f"What the rules found in rows of {night}.",
    )


def _verdict(page: str, numbers: Mapping[str, Any]) -> str:
    feed, aside = numbers["feed"], numbers["rows_quarantined"]
    broken = [
        f"{rule['code']}: {rule.get('unexpected_count', '-')}"
        for rule in numbers["rules"]
        if not rule["is_met"]
    ]
    cells = (
        f"[{feed}]({_url(page)})",
        f"{numbers['rows']:,}",
        f"{numbers['rows_accepted']:,}",
        f"{aside:,}",
        numbers["outcome"] or ", ".join(broken) or "none",
        f"`aqsha quarantine list --feed {feed}`" if aside else "",
    )
    return f"| {' | '.join(cells)} |"


def _runbook() -> str:
    """A link where the runbook is somewhere, else where it lies."""
    entry = f"{installation().settings.runbook_url}#ops-04"
    return f"[the runbook]({entry})" if entry.startswith("http") else f"the runbook, `{entry}`"


def _url(address: str) -> str:
    at = installation()
    place = at.settings.reports_url or f"{at.connection.endpoint}/{at.settings.reports_bucket}"
    return f"{place}/{address}"


def show_taken(accepted: "Iterable[Accepted]") -> None:
    """What was pulled and what came of it, feed by feed, in the run."""
    create_table_artifact(
        key="taken-in",
        table=[
            {
                "feed": feed.feed,
                "files": feed.files,
                "days": feed.dates,
                "rows delivered": feed.rows,
                "accepted": feed.rows_accepted,
                "set aside": feed.rows_quarantined,
                "look at them": _how_to_look(feed),
            }
            for feed in accepted
        ],
        description="What came through the doors, and what of it counts.",
    )


def show_failures(failed: Iterable[str]) -> None:
    """Why a night failed, step by step, where an operator looks first."""
    reasons = "\n\n".join(f"- {reason}" for reason in failed)
    create_markdown_artifact(
        key="what-failed",
        markdown=f"{reasons}\n\nMend the cause that each names, then press *Retry*: finished "
        f"steps are kept. What each means is in {_runbook()}.",
        description="Which steps failed, and what to do.",
    )


def show_headlines(report: str, ending: date, rows: Iterable[dict[str, Any]]) -> None:
    """The headline figures of a report against the period before, in the run."""
    create_table_artifact(
        key=f"figures-{report.replace('_', '-')}",
        table=[
            {
                "figure": INDICATOR_BY_ID[row["indicator"]].name.en,
                "value": worded(row["value"], row["unit"]),
                "period before": worded(row["value_before"], row["unit"]),
                "status": row["status_code"],
            }
            for row in rows
        ],
        description=f"Headlines of the report {report} to {ending}, for the country.",
    )


@task(
    name="status",
    task_run_name="status {business_date}",
    **AGAINST_THE_OUTSIDE | {"cache_policy": NO_CACHE},
)
def status(business_date: date) -> str | None:
    """Ledger and lake → the status page, made anew by each Retry."""
    at = installation()
    stands = current(at)
    if stands is None:
        return None
    address = publish_status(at, stands)
    show_status(business_date, address, page_in("en", stands))
    return address


def show_status(business_date: date, address: str, page: StatusPage) -> None:
    """How feeds came in and which editions are out, with the link to the page that says it whole.

    Args:
        business_date: whose night made it.
        address: of the page.
        page: as it is worded for readers.
    """
    signs = ", ".join(f"{kind.sign} {kind.says}" for kind in page.legend)
    feeds = _table(["feed", *page.days], ([f.name, *(d.sign for d in f.days)] for f in page.feeds))
    editions = _table(
        ["report", "period", "state"],
        ([_linked(e.report, e.href), e.period, e.state] for e in page.editions),
    )
    create_markdown_artifact(
        key="status",
        markdown=f"{page.summary} [The page]({_url(address)})\n\n{editions}\n\n{feeds}\n\n{signs}",
        description=f"Feeds by day, reports out and due, after {business_date}.",
    )


def _linked(says: str, href: str | None) -> str:
    return f"[{says}]({_url(href.removeprefix('../'))})" if href else says


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [[*head], *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def worded(value: int | None, unit: str) -> str:
    """A figure in its base unit as people say it: tiyn in tenge, cents in dollars."""
    money = {"tiyn": "KZT", "usd_cent": "USD"}
    if value is None:
        return "no data"
    if unit in money:
        return f"{value // 100:,}.{value % 100:02} {money[unit]}"
    return f"{value:,} {unit}"


def _how_to_look(feed: "Accepted") -> str:
    return f"aqsha quarantine list --feed {feed.feed}" if feed.rows_quarantined else ""
