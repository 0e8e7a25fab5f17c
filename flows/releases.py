"""Release and withdrawal as flows, so that an operator does them in Prefect's UI too."""

from typing import Annotated

from prefect import flow, task
from pydantic import Field

from flows.portal import refresh
from flows.progress import tell
from flows.steps import AGAINST_THE_OUTSIDE
from infra.editions import place_of
from infra.installation import installation

EditionAddress = Annotated[
    str,
    Field(description="Such as daily/KZ/2025-08-18/r1.", pattern=r"/r[1-9]\d*(/.*)?$"),
]
Who = Annotated[str, Field(description="The account of who decides.", min_length=2)]
Why = Annotated[str, Field(description="Why, as an auditor will read it.", min_length=2)]


@flow(name="release", flow_run_name="release-{edition}", persist_result=True)
def release(edition: EditionAddress, who: Who, why: Why) -> bool:
    """Let out an edition that waits; who made it cannot. Gives whether it is out now.

    Args:
        edition: Such as daily/KZ/2025-08-18/r1.
        who: The account of who decides.
        why: Why, as an auditor will read it.
    """
    return released(edition, who, why)


@flow(name="withdraw", flow_run_name="withdraw-{edition}", persist_result=True)
def withdraw(edition: EditionAddress, who: Who, why: Why) -> bool:
    """Take back an edition, which stays where it is, marked as withdrawn.

    Args:
        edition: Such as daily/KZ/2025-08-18/r1.
        who: The account of who decides.
        why: Why, as an auditor will read it.
    """
    return withdrawn(edition, who, why)


@task(name="release", task_run_name="release {edition}", **AGAINST_THE_OUTSIDE)
def released(edition: str, who: str, why: str) -> bool:
    """The edition with its approval in the log, and the portal that lists it."""
    return let_out(edition, who, why)


@task(name="withdraw", task_run_name="withdraw {edition}", **AGAINST_THE_OUTSIDE)
def withdrawn(edition: str, who: str, why: str) -> bool:
    """The mark on the edition, the entry in the log, and the portal that says so."""
    return take_back(edition, who, why)


def let_out(edition: str, who: str, why: str) -> bool:
    """Approve an edition; gives whether it is out, or an embargo still lasts.

    Raises:
        MayNotRelease: `who` made it.
        NoSuchEdition: none waits there.
    """
    at = installation()
    done = at.releases.release(edition, who=who, why=why)
    refresh(at, [place_of(edition)[0]])
    tell(done.address, "release", "approved, under embargo" if done.is_pending else "out")
    return not done.is_pending


def take_back(edition: str, who: str, why: str) -> bool:
    """Withdraw an edition.

    Raises:
        NoSuchEdition: there is none, or it is withdrawn already.
    """
    at = installation()
    done = at.releases.withdraw(edition, who=who, why=why)
    refresh(at, [place_of(edition)[0]])
    tell(done.address, "withdraw", "withdrawn")
    return True
