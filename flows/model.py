"""Windows → what the learned model says of accounts, and whether it or the rules decide.

Without a model a night only notes that there is none.
"""

from datetime import date

from prefect import task

from flows.compute import Computed
from flows.progress import tell
from flows.steps import PERSISTED, done
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from infra.shards import shards_of
from transforms.droppers.alerts import ALERTS
from transforms.droppers.boosted import (
    MODEL_REASONS,
    MODEL_SCORES,
    MODEL_STEPS,
    MODEL_TREES,
    features_of,
    model_reasons,
    model_scores,
)
from transforms.droppers.drift import DRIFT, PRODUCERS, drift, producer
from transforms.droppers.model_bins import MODEL_BINS
from transforms.droppers.model_card import MODEL_CARDS
from transforms.droppers.model_in_force import (
    Deciding,
    belief,
    deciding_model,
    least_probability,
    listed_by_model,
    model_of_night,
)
from transforms.droppers.windows import ACCOUNT_WINDOWS

_MOST_ROWS = 250_000  # of numbers that trees are walked over, and of what each adds


@task(name="model", task_run_name="model {business_date}", **PERSISTED)
def model(business_date: date) -> Computed:
    """Windows → the model's score of each account, how far they drifted, and who decides."""
    at, name, night = installation(), PRODUCERS.name, {"night": [business_date]}
    windows_of_night = str(at.lake.partition_digests(ACCOUNT_WINDOWS).get(business_date))
    inputs = fingerprint(code_version(), windows_of_night, at.lake.versions([MODEL_CARDS]))
    if at.ledger.is_last(business_date, "model", "all", inputs):
        return Computed(name, 0, at.lake.version(PRODUCERS))
    version, card = model_of_night(at.lake.read(MODEL_CARDS), business_date), None
    if version is not None:
        of_model = {"model_version": [version]}
        card, trees, steps, bins = (
            at.lake.read(table, partitions=of_model).collect()
            for table in (MODEL_CARDS, MODEL_TREES, MODEL_STEPS, MODEL_BINS)
        )
        windows = at.lake.read(ACCOUNT_WINDOWS, partitions=night).select(
            *ACCOUNT_WINDOWS.key, *features_of(trees)
        )
        parts = [shard.rows(windows) for shard in shards_of(windows, most_rows=_MOST_ROWS)]
        scores = [model_scores(part, trees, steps) for part in parts]
        at.lake.replace(MODEL_SCORES, scores, partitions=night)
        at.lake.replace(DRIFT, drift(parts, trees, bins, night=business_date), partitions=night)
    believed, drifts = belief(business_date), at.lake.read(DRIFT, partitions=night)
    decides = producer(
        card,
        drifts,
        night=business_date,
        oldest=believed.oldest,
        most_drift=believed.most_drift,
    )
    made = at.lake.replace(PRODUCERS, decides, partitions=night)
    at.ledger.settle(done(business_date, "model", "all", inputs, version=made))
    tell(name, "computed", f"{version or 'no model'}")
    return Computed(name, 1, made)


@task(name="model reasons", task_run_name="model reasons {business_date}", **PERSISTED)
def reasons(business_date: date) -> Computed:
    """Alerts of the model → the features that moved each of them most."""
    at, name, night = installation(), MODEL_REASONS.name, {"night": [business_date]}
    digests = {t.name: at.lake.partition_digests(t).get(business_date) for t in (PRODUCERS, ALERTS)}
    inputs = fingerprint(code_version(), digests)
    version = deciding_model(at.lake.read(PRODUCERS, partitions=night), business_date)
    has_none = version is None and business_date not in at.lake.partition_digests(MODEL_REASONS)
    if has_none or at.ledger.is_last(business_date, "model_reasons", "all", inputs):
        return Computed(name, 0, at.lake.version(MODEL_REASONS))
    told = at.lake.read(MODEL_REASONS, partitions=night).head(0)
    if version is not None:
        trees = at.lake.read(MODEL_TREES, partitions={"model_version": [version]}).collect()
        pointed = listed_by_model(
            *(at.lake.read(table, partitions=night) for table in (ACCOUNT_WINDOWS, ALERTS))
        )
        told = model_reasons(pointed, trees, most=belief(business_date).reasons)
    made = at.lake.replace(MODEL_REASONS, told, partitions=night)
    at.ledger.settle(done(business_date, "model_reasons", "all", inputs, version=made))
    tell(name, "computed", f"{version or 'cleared'}")
    return Computed(name, 1, made)


def deciding(at: Installation, night: date) -> Deciding:
    """What the alerts of a night take from the model."""
    of_night = {"night": [night]}
    version = deciding_model(at.lake.read(PRODUCERS, partitions=of_night), night)
    if version is None:
        return Deciding()
    card = at.lake.read(MODEL_CARDS, partitions={"model_version": [version]}).collect()
    least = least_probability(card)
    if least is None:
        return Deciding()
    return Deciding(at.lake.read(MODEL_SCORES, partitions=of_night), least)
