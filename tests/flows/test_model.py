"""The steps of the night around the learned model, over a real object store."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from flows import alerts, model
from flows.learn import SameDay, keep
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.droppers.test_learning_from_worlds import NIGHT, windows
from tests.transforms.droppers.test_learning_from_worlds import model as fitted
from transforms.droppers.alerts import ALERTS
from transforms.droppers.boosted import MODEL_REASONS, MODEL_SCORES
from transforms.droppers.drift import DRIFT, PRODUCERS
from transforms.droppers.model_card import MODEL_CARDS
from transforms.droppers.windows import ACCOUNT_WINDOWS

OF_NIGHT = {"night": [NIGHT]}
MADE = [PRODUCERS, MODEL_SCORES, DRIFT, ALERTS, MODEL_REASONS]


@pytest.fixture(scope="module")
def connection(tmp_path_factory) -> Iterator[Connection]:
    chosen = Settings(_env_file=None, home=tmp_path_factory.mktemp("model"))
    with object_server(chosen) as address:
        yield Connection.of(chosen, address)


@pytest.fixture
def at(connection, monkeypatch, tmp_path) -> SimpleNamespace:
    chosen = Settings(_env_file=None, home=tmp_path)
    lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
    here = SimpleNamespace(lake=lake, ledger=Ledger(store))
    monkeypatch.setattr(model, "_MOST_ROWS", 100)
    for step in (alerts, model):
        monkeypatch.setattr(step, "installation", lambda: here)
    return here


def night(at: SimpleNamespace) -> list[int]:
    """How many partitions each step of the night replaced."""
    steps = (model.model, alerts.alerts, model.reasons)
    return [step.fn(NIGHT).dates for step in steps]


def who_decides(at: SimpleNamespace) -> tuple[str, str]:
    said = at.lake.read(PRODUCERS, partitions=OF_NIGHT).collect().row(0, named=True)
    return said["produced_by_code"], said["reason_code"]


def listed_by(at: SimpleNamespace) -> set[str]:
    on_list = at.lake.read(ALERTS, partitions=OF_NIGHT).collect()
    assert on_list["probability"].is_not_null().any() == (who_decides(at)[0] == "model")
    return set(on_list["produced_by_code"])


def test_rules_list_until_there_is_a_model_and_a_second_run_changes_nothing(at):
    at.lake.replace(ACCOUNT_WINDOWS, windows(1).lazy(), partitions=OF_NIGHT)

    assert night(at) == [1, 1, 0]
    assert who_decides(at) == ("rules", "no_model")
    assert listed_by(at) <= {"rules"}
    assert at.lake.versions([MODEL_SCORES, DRIFT, MODEL_REASONS]) == dict.fromkeys(
        [MODEL_SCORES.name, DRIFT.name, MODEL_REASONS.name]
    )

    keep(at, fitted(), NIGHT)
    assert night(at) == [1, 1, 1]
    assert who_decides(at) == ("model", "in_use")
    assert listed_by(at) & {"model", "both"}
    pointed = at.lake.read(ALERTS, partitions=OF_NIGHT).collect()
    reasons = at.lake.read(MODEL_REASONS, partitions=OF_NIGHT).collect()
    by_model = pointed.filter(pointed["produced_by_code"] != "rules")
    assert set(reasons["account_iban"]) == set(by_model["account_iban"])

    versions = at.lake.versions(MADE)
    assert night(at) == [0, 0, 0]
    assert at.lake.versions(MADE) == versions


def test_a_second_model_of_a_day_is_not_kept(at):
    keep(at, fitted(), NIGHT)
    again = fitted()
    other = type(again)("2025-08-12-other", again.trees, again.steps, again.bins, again.card)
    kept = at.lake.version(MODEL_CARDS)

    with pytest.raises(SameDay, match=r"was not kept\. Give another --date"):
        keep(at, other, NIGHT)

    assert at.lake.version(MODEL_CARDS) == kept


def test_a_night_before_the_model_is_computed_without_it(at):
    eve = NIGHT - timedelta(days=1)
    keep(at, fitted(), NIGHT)

    model.model.fn(eve)

    said = at.lake.read(PRODUCERS, partitions={"night": [eve]}).collect()
    assert said["reason_code"].to_list() == ["no_model"]
