"""`aqsha trace` and `aqsha seeds` over a real object store: a small case, whole to the tiyn."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace

import networkx as nx
import polars as pl
import pytest
from followthemoney import model
from typer.testing import CliRunner

from flows import trails
from flows.business_date import business_date_of
from flows.cli import app
from infra import installation
from infra.catalogue import Catalogue
from infra.changes import Changes
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.drawings import rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds.card_transactions import FEED
from transforms.trail.seeds import SEEDS
from transforms.trail.trails import STEPS

FINE, FAILED, WRONG_USE = 0, 1, 2
DAY = date(2026, 3, 2)
CASE, OTHER_CASE = "257500000012345", "257500000054321"
FILES = {
    "dossier.en.html", "dossier.kk.html", "dossier.ru.html", "trail.graphml", "trail.ftm.json",
    "trail.xlsx", "figures.csv", "persons.csv", "held.csv", "exits.csv", "measures.csv",
    "wallets.csv", "links.csv", "roles.csv", "steps.csv",
}  # fmt: skip
ENDS = ("cash_tiyn", "exchange_tiyn", "abroad_tiyn", "service_tiyn", "mixer_tiyn", "lost_tiyn")


def iban(number: int) -> str:
    account = f"125{number:013}"
    check = 98 - int(f"{account}203500") % 97
    return f"KZ{check:02}{account}"


SHOP, COLLECTOR, OPERATOR, FRIEND = (iban(n) for n in range(4))
BUYERS = [iban(10 + n) for n in range(4)]
PERSONAL = (SHOP, COLLECTOR, OPERATOR, *BUYERS, "tok_1")

# The odd tiyn do not divide: a rule that rounds would lose some.
MOVES = [
    *((buyer, SHOP, "transfer", 10_000_33 + n) for n, buyer in enumerate(BUYERS)),
    (SHOP, COLLECTOR, "transfer", 30_000_01),
    (FRIEND, COLLECTOR, "transfer", 7_000_07),
    (COLLECTOR, OPERATOR, "transfer", 31_000_03),
    (OPERATOR, None, "cash_withdrawal", 11_000_11),
    (OPERATOR, None, "exchange_topup", 12_345_67),
    (OPERATOR, FRIEND, "transfer", 1_234_56),
]


@pytest.fixture(scope="module")
def at(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """An installation whose night of `DAY` has told these moves and one arrested card."""
    home = tmp_path_factory.mktemp("traced")
    chosen = Settings(_env_file=None, home=home)
    with object_server(chosen) as address, pytest.MonkeyPatch.context() as patch:
        connection = Connection.of(chosen, address)
        connection.make_bucket("traced")
        store, lake = connection.bucket("traced"), Lake(connection, "traced")
        here = SimpleNamespace(
            lake=lake,
            ledger=Ledger(store),
            changes=Changes(lake, store),
            catalogue=Catalogue.read(),
            settings=chosen,
        )
        patch.setattr(trails, "installation", lambda: here)
        patch.setattr(installation, "installation", lambda: here)
        deliver(lake)
        night()
        yield here


def deliver(lake: Lake) -> None:
    moved = [
        {
            "business_date": DAY,
            "institution": "BANK",
            "transaction_id": f"{n:02}",
            "booked_at": datetime(2026, 3, 2, n, tzinfo=UTC),
            "account_iban": payer,
            "holder_iin": f"85010130{n:04}",
            "direction_code": "debit",
            "amount_minor": amount,
            "currency_code": "KZT",
            "operation_code": operation,
            "counterparty_iban": payee,
            "region_code": "75",
        }
        for n, (payer, payee, operation, amount) in enumerate(MOVES)
    ]
    table = FEED.accepted_table
    rows = pl.DataFrame(moved, schema=table.schema).lazy()
    lake.replace(table, rows, partitions={"business_date": [DAY]})
    cards = f"night | account_iban | link_code | other\n-\n{DAY} | {SHOP} | card | tok_1"
    people = f"night | account_iban | holder_iin\n-\n{DAY} | {SHOP} | 871231100006"
    orders = (
        f"business_date | case_no | account_iban | ordered_on\n-\n{DAY} | {CASE} | {SHOP} | {DAY}"
    )
    known = ((LINK_WINDOWS, cards), (ACCOUNT_WINDOWS, people), (ACCOUNT_ARRESTS, orders))
    for table, drawn in known:
        day = "night" if "night" in drawn else "business_date"
        lake.replace(table, rows_of(table, drawn), partitions={day: [DAY]})


def night() -> tuple[int, int]:
    """How many days of transfers were told, and how many days were followed."""
    return trails.movements.fn(DAY).dates, trails.trails.fn(DAY).dates


def run(*words, said: str | None = None):
    return CliRunner().invoke(app, [str(word) for word in words], input=said)


def made(*words, said: str | None = None) -> dict:
    result = run(*words, "--json", said=said)
    assert result.exit_code == FINE, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def traced(at, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dossier")
    return made("trace", CASE, "--to", folder), folder


def test_a_case_is_traced_into_all_files_for_their_owner_only(traced):
    told, folder = traced

    assert set(told["files"]) == {path.name for path in folder.iterdir()} == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_money_is_conserved_to_the_tiyn(traced):
    figures = {row["rule_code"]: row for row in traced[0]["figures"]}

    assert set(figures) == {"haircut", "fifo", "poison"}
    for rule in ("haircut", "fifo"):
        row = figures[rule]
        assert row["entered_tiyn"] == row["held_tiyn"] + sum(row[end] for end in ENDS)
        assert row["entered_tiyn"] == 40_001_38
    assert figures["poison"]["cash_tiyn"] == 11_000_11
    assert figures["haircut"]["cash_tiyn"] < 11_000_11


def test_what_is_traced_is_what_the_night_followed(at, traced):
    stored = at.lake.read(STEPS).filter(case_no=CASE, rule_code="haircut").collect()
    written = pl.read_csv(traced[1] / "steps.csv")

    columns = ["transfer_id", "tainted_tiyn", "layer"]
    assert stored.height == 5
    assert sorted(stored.select(columns).rows()) == sorted(written.select(columns).rows())


def test_graphml_and_entities_read_back_with_the_same_money(traced):
    _, folder = traced
    steps = pl.read_csv(folder / "steps.csv")

    graph = nx.read_graphml(BytesIO((folder / "trail.graphml").read_bytes()))
    assert sum(d["tainted_tiyn"] for *_, d in graph.edges(data=True)) == steps["tainted_tiyn"].sum()
    payments = 0
    for line in (folder / "trail.ftm.json").read_text().splitlines():
        entity = model.get_proxy(json.loads(line), cleaned=False)
        entity.schema.validate(entity.to_dict())
        payments += entity.schema.name == "Payment"
    assert payments == steps.height


def test_each_page_links_the_others_and_names_the_case(traced):
    for language in ("ru", "kk", "en"):
        page = (traced[1] / f"dossier.{language}.html").read_text()
        assert f'<html lang="{language}">' in page
        assert CASE in page
        assert all(f'"{name}"' in page for name in FILES - {f"dossier.{language}.html"})


def test_the_answer_holds_no_personal_data(traced, tmp_path):
    said = run("trace", CASE, "--to", tmp_path, "--lang", "ru").output

    assert "40,001.38" in said
    assert not [word for word in PERSONAL if word in said + json.dumps(traced[0])]
    assert [path.name for path in tmp_path.glob("*.html")] == ["dossier.ru.html"]


def test_pages_of_an_earlier_trace_do_not_stay_beside_new_ones(at, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    made("trace", CASE, "--to", tmp_path)
    made("trace", CASE, "--to", tmp_path, "--lang", "kk", "--rule", "fifo")

    assert [path.name for path in tmp_path.glob("*.html")] == ["dossier.kk.html"]
    assert (tmp_path / "notes.txt").exists()


def test_a_trail_ends_where_whoever_asks_says(at, tmp_path):
    stops = tmp_path / "stops"
    stops.write_text(f"{OPERATOR}\n")

    def lost(*words) -> int:
        told = made("trace", CASE, *words, "--to", tmp_path / "files")
        return next(row["lost_tiyn"] for row in told["figures"] if row["rule_code"] == "fifo")

    assert lost() == 0
    assert lost("--stops", stops) == lost("--hops", 2) == 30_000_01
    assert lost("--least", 15_000) > 0
    assert len({made("trace", CASE, *words)["folder"] for words in ((), ("--hops", 2))}) == 2
    stops.write_text("two words\n")
    assert run("trace", CASE, "--stops", stops).exit_code == WRONG_USE


def test_other_days_have_a_folder_of_their_own(at):
    folders = {made("trace", CASE, *days)["folder"] for days in ((), ("--since", DAY))}

    assert len(folders) == 2


def test_a_seed_is_not_followed_from_after_the_decision(at):
    words = ("seeds", "add", CASE, SHOP, "--who", "a", "--why", "b", "--date", DAY)

    assert run(*words, "--since", "2026-03-03").exit_code == WRONG_USE


def test_identifiers_come_from_standard_input_and_name_no_folder(at):
    one = made("trace", "-", said=f"\n{SHOP.lower()}\n")
    same = made("trace", SHOP)
    card = made("trace", "tok_1")

    assert one == same
    assert {row["entered_tiyn"] for row in one["figures"] if row["rule_code"] == "fifo"} == {
        40_001_38
    }
    assert card["figures"] == one["figures"]
    assert SHOP not in one["folder"]
    assert one["folder"].startswith(str(at.settings.home))


def test_backward_the_money_came_from_the_buyers(at, tmp_path):
    told = made("trace", COLLECTOR, "--backward", "--rule", "fifo", "--to", tmp_path)

    steps = pl.read_csv(tmp_path / "steps.csv")
    into = {SHOP: 30_000_01, FRIEND: 7_000_07}
    assert dict(steps.filter(pl.col("layer") == 1).select("from_id", "tainted_tiyn").rows()) == into
    of_buyers = steps.filter(pl.col("from_id").is_in(BUYERS))
    assert of_buyers["tainted_tiyn"].sum() == 30_000_01
    assert told["is_backward"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((OTHER_CASE,), FAILED, "1 other cases have some"),
        ((FRIEND, "--date", "2026-03-01"), FAILED, "No transfers of these days"),
        ((iban(99),), FAILED, "no money left what was asked"),
        (("tok_nobody",), FAILED, "No account of this card"),
    ],
)
def test_what_cannot_be_followed_is_said_and_nothing_is_written(at, tmp_path, words, code, says):
    result = run("trace", *words, "--to", tmp_path / "none")

    assert result.exit_code == code
    assert says in str(result.exception)
    assert words[0] not in str(result.exception)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("words", [("trace",), ("seeds", "add", CASE, "--who", "a", "--why", "b")])
def test_a_mistyped_identifier_is_wrong_use_and_never_repeated(at, words):
    wrong = iban(1)[:-1] + "9"
    result = run(*words, "-", said=f"{SHOP}\n{wrong}\n")

    assert result.exit_code == WRONG_USE
    assert "Line 2" in result.output
    assert wrong not in result.output


def test_a_new_seed_is_replayed_by_the_next_night_once(at):
    before = night()
    words = ("seeds", "add", OTHER_CASE, "-", "--who", "investigator", "--why", "seized phone")
    added = made(*words, "--date", DAY, said=f"{FRIEND}\n{FRIEND}\n")
    again = made(*words, "--date", DAY, said=FRIEND)

    assert before == (0, 0)
    assert (added["added"], again["added"], again["already_there"]) == (1, 0, 1)
    assert (night(), night()) == ((0, 1), (0, 0))
    of_case = at.lake.read(STEPS).filter(case_no=OTHER_CASE, rule_code="fifo").collect()
    assert of_case["from_id"].to_list()[0] == FRIEND
    assert at.lake.read(SEEDS).collect()["reason"].to_list() == ["seized phone"]


def test_seeds_are_listed_by_case_and_shown_only_with_a_note_of_it(at):
    made("seeds", "add", CASE, COLLECTOR, "--who", "x", "--why", "y", "--date", DAY)

    [row] = made("seeds", "list", "--case", CASE)["seeds"]
    assert (row["kind"], row["seeds"], row["set_by"]) == ("account", 1, "x")
    assert COLLECTOR not in json.dumps(row)
    assert run("seeds", "list", "--personal").exit_code == WRONG_USE
    words = ("seeds", "list", "--case", CASE, "--personal", "--who", "z", "--why", "to check")
    [shown] = made(*words)["seeds"]
    assert shown["id"] == COLLECTOR
    looks = at.ledger.entries(business_date_of(datetime.now(UTC)))
    assert [(look.subject, look.outcome) for look in looks] == [(CASE, "personal_cells_shown")]
