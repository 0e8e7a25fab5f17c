"""`aqsha evaluate` over a real object store: figures in the lake, pages without names."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.evaluate import SeenBefore, last_model
from flows.learn import keep
from infra import installation
from infra.lake import Lake
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.droppers.test_learning_from_worlds import NIGHT, model
from transforms.droppers.evaluated_worlds import with_earlier
from transforms.droppers.evaluation import EVALUATION
from transforms.droppers.model_in_force import limits_of_worlds

SMALL = ["--worlds", "2", "--people", "300", "--networks", "2", "--days", "20", "--json"]


@pytest.fixture
def at(tmp_path, monkeypatch) -> Iterator[SimpleNamespace]:
    chosen = Settings(_env_file=None, home=tmp_path)
    with object_server(chosen) as address:
        connection = Connection.of(chosen, address)
        lake = Lake(connection, chosen.lake_bucket)
        here = SimpleNamespace(settings=chosen, connection=connection, lake=lake)
        monkeypatch.setattr(installation, "installation", lambda: here)
        yield here


def test_figures_are_kept_once_and_pages_name_no_account(at, tmp_path):
    answers = []
    for _ in range(2):
        ended = CliRunner().invoke(app, ["evaluate", *SMALL, "--to", str(tmp_path / "pages")])
        assert ended.exit_code == 0, ended.output
        answers.append(json.loads(ended.output))

    assert answers[0] == answers[1]
    kept = at.lake.read(EVALUATION).collect()
    assert kept.select(EVALUATION.key).is_duplicated().sum() == 0
    whole = kept.row(by_predicate=pl.col("part_code") == "list", named=True)
    assert (whole["listed"], whole["found"]) == (answers[0]["listed"], answers[0]["found"])
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "pages").iterdir()}
    reports = at.connection.bucket(at.settings.reports_bucket)
    for name, page in pages.items():
        assert "KZ" not in page
        assert reports.get(f"{answers[0]['published']}/{name}").decode() == page
    assert sorted(pages) == [f"evaluation.{each}.html" for each in ("en", "kk", "ru")]


def test_a_model_is_not_measured_on_a_world_that_it_learned_from(at):
    fitted = model()
    seen = limits_of_worlds([501])
    limit = fitted.card.head(len(seen)).with_columns(
        section_code=pl.lit("limit"), name=pl.Series(seen)
    )
    card = pl.concat([fitted.card, limit])
    keep(at, type(fitted)(fitted.version, fitted.trees, fitted.steps, fitted.bins, card), NIGHT)

    assert last_model(at, [601, 602]) is not None
    with pytest.raises(SeenBefore, match=r"learned from worlds 501\. Nothing was measured"):
        last_model(at, [500, 501])


def test_an_evaluation_replaces_its_own_version_and_no_other():
    drawn = {"night": [NIGHT] * 2, "rule_version": ["1", "2"], "part_code": "list", "name": "all"}
    kept = pl.LazyFrame(drawn | {"listed": [10, 20]})
    rest = {n: t for n, t in EVALUATION.schema.items() if n not in kept.collect_schema()}
    kept = kept.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in rest.items())
    kept = kept.select(EVALUATION.schema.names())
    new = kept.filter(rule_version="2").with_columns(listed=pl.lit(21, pl.Int64))

    found = with_earlier(kept, new).collect()

    assert found.select("rule_version", "listed").rows() == [("1", 10), ("2", 21)]
