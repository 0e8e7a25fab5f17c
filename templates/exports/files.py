"""All files of a traced case that stand beside its dossier."""

from contextlib import suppress

from templates.exports.follow_the_money import follow_the_money
from templates.exports.graphml import graphml
from templates.exports.sheets import TooLong, csv, xlsx
from transforms.trail.dossier import CASE_FIGURES, LINKS
from transforms.trail.held import CASE_MEASURES, HELD_MONEY, WALLETS
from transforms.trail.persons import EXITS, PERSONS
from transforms.trail.roles import ROLES
from transforms.trail.tracing import Traced
from transforms.trail.trails import STEPS

WORKBOOK = "trail.xlsx"


def files(case: Traced) -> dict[str, bytes]:
    """Exports by file name: GraphML, FollowTheMoney, a CSV for each table, and a workbook.

    The workbook is absent where a table is longer than a sheet. Equal cases give equal bytes.
    """
    tables = {
        "figures": (CASE_FIGURES, case.figures),
        "persons": (PERSONS, case.persons),
        "held": (HELD_MONEY, case.held),
        "exits": (EXITS, case.exits),
        "measures": (CASE_MEASURES, case.measures),
        "wallets": (WALLETS, case.wallets),
        "links": (LINKS, case.links),
        "roles": (ROLES, case.roles),
        "steps": (STEPS, case.steps),
    }
    found = {
        "trail.graphml": graphml(case.steps, case.roles),
        "trail.ftm.json": follow_the_money(case.steps, case.roles),
    }
    with suppress(TooLong):
        found[WORKBOOK] = xlsx(tables)
    return found | {f"{name}.csv": csv(rows) for name, (_, rows) in tables.items()}
