"""`aqsha learn`: a model of droppers, fitted on pretend worlds, kept in the lake with its card."""

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.business_date import business_date_of

if TYPE_CHECKING:
    from infra.installation import Installation
    from transforms.droppers.confirmed import Rows
    from transforms.droppers.learned import Model

Worlds = Annotated[int, typer.Option("--worlds", min=1, help="How many pretend worlds.")]
People = Annotated[int, typer.Option("--people", min=300, help="Innocents in each world.")]
Networks = Annotated[int, typer.Option("--networks", min=1, help="Networks in each world.")]


class SameDay(ValueError):
    """Another model was fitted on the same day: which of the two is the last could not be told."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was fitted, measured on networks that were held out whole. Data are simulated."""

    model_version: str
    fitted_on: date
    worlds: list[int]
    networks: int
    accounts: int
    average_precision: float | None
    average_precision_low: float | None
    average_precision_high: float | None
    least_probability: float | None
    precision: float | None
    recall: float | None


def learn(
    *,
    worlds: Worlds = 6,
    first_seed: Annotated[int, typer.Option(help="Seed of the first world; others follow.")] = 101,
    people: People = 2_000,
    networks: Networks = 13,
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="Day it counts from; else the present date."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Fit a model on pretend worlds and on confirmed cases; nights from its day on look at it.

    Accounts of past nights count as of that night, and as droppers' where an order that followed
    was carried out. The latest such night is held back: the model lists accounts only if it was
    right there often enough, which its card says, and explains each; else it only scores, and
    rules decide. The card names the worlds, on which aqsha evaluate will not measure it.
    """
    from infra.installation import installation  # noqa: PLC0415
    from infra.synthetic.worlds.seen import learning_rows  # noqa: PLC0415
    from transforms.droppers.confirmed import with_confirmed  # noqa: PLC0415
    from transforms.droppers.learned import feature_names, fitted  # noqa: PLC0415
    from transforms.droppers.model_in_force import limits_of_worlds, way_of_fitting  # noqa: PLC0415

    fitted_on = day.date() if day else business_date_of(datetime.now(UTC))
    seeds = [first_seed + n for n in range(worlds)]
    with Console(stderr=True).status(f"Worlds {seeds[0]} to {seeds[-1]}"):
        rows = learning_rows(seeds, people=people, networks=networks)
    at = installation()
    nights = _confirmed(at, fitted_on)
    features = feature_names(rows)
    rows = with_confirmed(rows, nights[1:])
    model = fitted(
        rows,
        features=features,
        way=way_of_fitting(fitted_on),
        fitted_on=fitted_on,
        limits=limits_of_worlds(seeds),
    )
    keep(at, _validated(model, nights[:1], fitted_on), fitted_on)
    learned = _told(model, fitted_on, seeds)
    if as_json:
        sys.stdout.write(json.dumps(asdict(learned), default=str) + "\n")
    else:
        _show(Console(), learned)


def _confirmed(at: "Installation", fitted_on: date) -> "list[Rows]":
    """Accounts of past nights with what arrests confirmed since, the latest night first."""
    from transforms.arrests.cards import CARD_ARRESTS  # noqa: PLC0415
    from transforms.droppers.confirmed import (  # noqa: PLC0415
        confirmed_rows,
        nights_to_learn_from,
    )
    from transforms.droppers.model_in_force import belief  # noqa: PLC0415
    from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS  # noqa: PLC0415
    from transforms.retention import whole_since  # noqa: PLC0415

    horizon = belief(fitted_on).horizon
    known = at.lake.partition_digests(ACCOUNT_WINDOWS)
    since = whole_since(ACCOUNT_WINDOWS, known)
    nights = [night for night in known if since <= night < fitted_on]
    arrests = at.lake.read(CARD_ARRESTS, until=fitted_on)
    return [
        confirmed_rows(
            at.lake.read(ACCOUNT_WINDOWS, partitions={"night": [night]}),
            at.lake.read(LINK_WINDOWS, partitions={"night": [night]}),
            arrests,
            night=night,
            horizon=horizon,
        )
        for night in nights_to_learn_from(nights, until=fitted_on, horizon=horizon)
    ]


def _validated(model: "Model", held: "list[Rows]", fitted_on: date) -> "Model":
    """The model with what it did on the confirmed cases of the night held back, if there is one."""
    from transforms.droppers.boosted import model_scores  # noqa: PLC0415
    from transforms.droppers.confirmed import validation, with_validation  # noqa: PLC0415
    from transforms.droppers.model_in_force import belief, least_probability  # noqa: PLC0415

    if not held:
        return model
    key, believed = ["night", "account_iban"], belief(fitted_on)
    scores = model_scores(held[0].drop("is_member", "network"), model.trees, model.steps)
    scored = scores.join(held[0].select(*key, "is_member"), on=key, validate="1:1").collect()
    said = validation(
        scored,
        least_probability=least_probability(model.card),
        least_cases=believed.least_cases,
        least_precision=believed.least_precision,
    )
    return replace(model, card=with_validation(model.card, said))


def keep(at: "Installation", model: "Model", fitted_on: date) -> None:
    """Put a model into the lake, the card last: by it nights find the model.

    Raises:
        SameDay: see there; nothing was kept.
    """
    from transforms.droppers.boosted import MODEL_STEPS, MODEL_TREES  # noqa: PLC0415
    from transforms.droppers.model_bins import MODEL_BINS  # noqa: PLC0415
    from transforms.droppers.model_card import MODEL_CARDS  # noqa: PLC0415
    from transforms.droppers.model_in_force import others_of_the_day  # noqa: PLC0415

    others = others_of_the_day(at.lake.read(MODEL_CARDS), model.version, fitted_on)
    if others:
        raise SameDay(
            f"{others[0]} was fitted on {fitted_on} from other worlds or by other code. "
            f"{model.version} was not kept. Give another --date."
        )
    parts = {
        MODEL_TREES: model.trees,
        MODEL_STEPS: model.steps,
        MODEL_BINS: model.bins,
        MODEL_CARDS: model.card,
    }
    for table, rows in parts.items():
        at.lake.replace(table, rows.lazy(), partitions={"model_version": [model.version]})


def _told(model: "Model", fitted_on: date, seeds: list[int]) -> Learned:
    card = {(row["section_code"], row["name"]): row for row in model.card.to_dicts()}
    ap, threshold = card["metric", "average_precision"], card["threshold", "probability"]
    return Learned(
        model_version=model.version,
        fitted_on=fitted_on,
        worlds=seeds,
        networks=int(card["data", "networks"]["value"]),
        accounts=int(card["data", "rows"]["value"]),
        average_precision=ap["value"],
        average_precision_low=ap["low"],
        average_precision_high=ap["high"],
        least_probability=threshold["value"],
        precision=card.get(("threshold", "precision"), threshold)["value"],
        recall=card.get(("threshold", "recall"), threshold)["value"],
    )


def _show(console: Console, learned: Learned) -> None:
    console.print(
        f"{learned.model_version}: learned from {learned.networks} simulated networks among "
        f"{learned.accounts} accounts.",
        f"On networks held out: average precision {learned.average_precision:.3f} "
        f"({learned.average_precision_low:.3f} to {learned.average_precision_high:.3f}).",
        "It scores; it lists and explains nobody before confirmed cases bear it out."
        if learned.least_probability is not None
        else "No threshold kept the precision asked for: rules go on deciding.",
        sep="\n",
        highlight=False,
    )
