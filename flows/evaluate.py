"""`aqsha evaluate`: precision and recall of the rules on planted networks, kept and published."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from flows.contract import Language
from flows.learn import Networks, People, Worlds

if TYPE_CHECKING:
    from infra.installation import Installation
    from templates.evaluation import Measured
    from transforms.droppers.evaluated_worlds import FittedModel, World


class SeenBefore(ValueError):
    """A model would be measured on worlds that it learned from."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was measured on simulated worlds; no account is named."""

    night: date
    rule_version: str
    worlds: list[int]
    planted: int
    listed: int
    found: int
    precision: float | None
    recall: float | None
    average_precision: float | None
    average_precision_low: float | None
    average_precision_high: float | None
    published: str
    files: list[str]


def evaluate(
    *,
    worlds: Worlds = 3,
    first_seed: Annotated[int, typer.Option(help="Seed of the first world; others follow.")] = 501,
    people: People = 3_000,
    networks: Networks = 13,
    days: Annotated[
        int, typer.Option("--days", min=1, max=90, help="How long each world has lived.")
    ] = 90,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the pages; else evaluation in home.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output, a line a list.")
    ] = False,
) -> None:
    """Measure the rules in force on pretend worlds: what they find and miss, and whom they wrong.

    Worlds hold planted networks, and innocents who look like them; whoever looks for droppers
    cannot see which is which. Where the lake has a model, the list that it makes with the rules is
    measured too. Figures go to the lake, and a page in ru, kk and en into the folder and to the
    reports. Give no seeds on which thresholds were chosen. All data are simulated.
    """
    from infra.installation import installation  # noqa: PLC0415

    at, seeds = installation(), [first_seed + n for n in range(worlds)]
    model = last_model(at, seeds)
    with Console(stderr=True).status(f"Worlds {seeds[0]} to {seeds[-1]}"):
        made, night = _made(seeds, people, networks, days)
        told = _told(seeds, people, networks)
        lists = [None] if model is None else [None, model]
        found = [keep(at, made, night, seeds, one, trail_roles=told) for one in lists]
    for measured in found:
        answer = _written(at, measured, to or at.settings.home / "evaluation")
        if as_json:
            sys.stdout.write(json.dumps(asdict(answer), default=str) + "\n")
        else:
            _show(Console(), answer)


def last_model(at: "Installation", seeds: list[int]) -> "FittedModel | None":
    """The model last fitted, if it ever lists anybody.

    Raises:
        SeenBefore: it learned from some of these worlds; nothing was measured.
    """
    from transforms.droppers.boosted import MODEL_STEPS, MODEL_TREES  # noqa: PLC0415
    from transforms.droppers.evaluated_worlds import FittedModel  # noqa: PLC0415
    from transforms.droppers.model_card import MODEL_CARDS  # noqa: PLC0415
    from transforms.droppers.model_in_force import (  # noqa: PLC0415
        learned_from,
        least_probability,
        model_of_night,
    )

    version = model_of_night(at.lake.read(MODEL_CARDS), date.max)
    if version is None:
        return None
    card, trees, steps = (
        at.lake.read(table, partitions={"model_version": [version]}).collect()
        for table in (MODEL_CARDS, MODEL_TREES, MODEL_STEPS)
    )
    if seen := sorted(learned_from(card) & set(seeds)):
        raise SeenBefore(
            f"The model {version} learned from worlds {', '.join(map(str, seen))}. Nothing was "
            f"measured. Give another --first-seed."
        )
    least = least_probability(card)
    return None if least is None else FittedModel(version, trees, steps, least)


def keep(
    at: "Installation",
    worlds: "dict[str, World]",
    night: date,
    seeds: list[int],
    model: "FittedModel | None",
    *,
    trail_roles: Any = None,
) -> "Measured":
    """Measure, and put the figures into the lake; those of other versions stay."""
    from templates.evaluation import Measured  # noqa: PLC0415
    from transforms.droppers.evaluated_worlds import (  # noqa: PLC0415
        evaluation_of_worlds,
        with_earlier,
    )
    from transforms.droppers.evaluation import EVALUATION  # noqa: PLC0415
    from transforms.droppers.typologies import in_force_on, typologies  # noqa: PLC0415

    rules, of_night = in_force_on(typologies(), night), {"night": [night]}
    found = evaluation_of_worlds(
        worlds, rules=rules, seed=seeds[0], model=model, trail_roles=trail_roles
    ).collect()
    kept = at.lake.read(EVALUATION, partitions=of_night)
    rows = with_earlier(kept, found.lazy()).collect().lazy()
    at.lake.replace(EVALUATION, rows, partitions=of_night)
    return Measured(
        night=night,
        rows=found,
        rules=rules.rows_by_key("code", named=True, unique=True),
        worlds=tuple(seeds),
        has_model=model is not None,
    )


def _made(
    seeds: list[int], people: int, networks: int, days: int
) -> "tuple[dict[str, World], date]":
    from infra.synthetic.worlds.seen import seen  # noqa: PLC0415
    from transforms.droppers.evaluated_worlds import World  # noqa: PLC0415

    made = {f"{seed}": seen(seed, people=people, networks=networks, days=days) for seed in seeds}
    night = next(iter(made.values())).windows["night"][0]
    return {name: World(*(part.lazy() for part in one)) for name, one in made.items()}, night


def _told(seeds: list[int], people: int, networks: int) -> Any:
    """How often roles of a trail are right, on the first days of the same seeds' worlds."""
    from infra.synthetic.worlds import world  # noqa: PLC0415
    from infra.synthetic.worlds.trailed import DAYS, trailed  # noqa: PLC0415
    from transforms.trail.role_accuracy import added_up, role_counts  # noqa: PLC0415

    made = [trailed(world(seed, days=DAYS, people=people, networks=networks)) for seed in seeds]
    return added_up(role_counts(one.roles.lazy(), one.members.lazy()) for one in made).collect()


def _written(at: "Installation", measured: "Measured", folder: Path) -> Evaluated:
    """The pages, in a folder and beside the pages of checks."""
    from infra.check_pages import CheckPages  # noqa: PLC0415
    from templates.evaluation import evaluation_page  # noqa: PLC0415
    from templates.html import dossier_html  # noqa: PLC0415

    kind = "evaluation-with-model" if measured.has_model else "evaluation"
    pages = {each.value: f"{kind}.{each}.html" for each in Language}
    files = {
        pages[each]: dossier_html(evaluation_page(measured, language=each, pages=pages))
        for each in pages
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    reports = CheckPages(at.connection.bucket(at.settings.reports_bucket))
    row = measured.whole
    return Evaluated(
        night=measured.night,
        rule_version=row["rule_version"],
        worlds=list(measured.worlds),
        **{
            name: row[name]
            for name in (
                *("planted", "listed", "found", "precision", "recall"),
                *("average_precision", "average_precision_low", "average_precision_high"),
            )
        },
        published=reports.put_evaluation(row["rule_version"], measured.night, files),
        files=[str(folder / name) for name in sorted(files)],
    )


def _show(console: Console, answer: Evaluated) -> None:
    console.print(
        f"{answer.rule_version} on worlds {answer.worlds[0]} to {answer.worlds[-1]}, simulated: "
        f"{answer.listed} accounts listed, {answer.found} of them of {answer.planted} planted.",
        f"Pages in the reports under {answer.published}, and here:",
        sep="\n",
        highlight=False,
    )
    for page in answer.files:
        console.print(f"  {Path(page).absolute().as_uri()}", highlight=False, soft_wrap=True)
