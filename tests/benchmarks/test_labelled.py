"""Labelled sets of three layouts are read as one; what has no labels is not measured."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from benchmarks.labelled import Labelled, labelled_sets
from benchmarks.planted_sets import planted_set
from transforms.droppers.accuracy import average_precision
from transforms.droppers.graph_features import graph_features
from transforms.droppers.rings import RINGS


def only(folder: Path) -> Labelled:
    (found,) = labelled_sets(folder)
    return found


def put(folder: Path, name: str, *lines: str) -> None:
    body = "\n".join(lines).encode()
    (folder / name).write_bytes(gzip.compress(body) if name.endswith(".gz") else body)


def test_a_sample_of_nodes_is_read_packed_or_not(tmp_path):
    put(
        tmp_path,
        "set_transactions.csv.gz",
        "sourceNodeId,targetNodeId,value,time",
        "1,2,10.25,0",
        "2,3,7.5,1.5",
    )
    put(tmp_path, "set_nodes.csv", "nodeid,isFraud", "1,0", "2,1", "3,true", "4,0")

    found = only(tmp_path)

    assert (found.name, found.members, found.accounts.height) == ("set", 2, 4)
    assert found.transfers.rows() == [
        ("1", "2", 1025, datetime(2025, 1, 1, tzinfo=UTC)),
        ("2", "3", 750, datetime(2025, 1, 2, 12, tzinfo=UTC)),
    ]


def test_members_of_amlsim_are_those_marked_and_those_alerted_and_cash_is_no_transfer(tmp_path):
    rows = ("ACCOUNT_ID,COUNTER_PARTY_ACCOUNT_NUM,TXN_AMOUNT_ORIG,start", "a,b,1.00,2")
    put(tmp_path, "run_tx.csv", *rows)
    put(tmp_path, "run_cash_tx.csv", *rows)
    put(tmp_path, "run_accounts.csv", "ACCOUNT_ID,isFraud", "a,true", "b,false", "c,false")
    put(tmp_path, "run_alerts.csv", "ALERT_ID,ACCOUNT_ID", "1,c")

    found = only(tmp_path)

    assert found.accounts.filter("is_member")["account_id"].to_list() == ["a", "c"]
    assert found.transfers["amount_tiyn"].to_list() == [100]


def test_accounts_of_amlworld_are_told_apart_by_bank_and_marked_by_their_transfers(tmp_path):
    put(
        tmp_path,
        "world.csv",
        "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Amount Paid,Is Laundering",
        "2022/09/01 00:20,10,X,20,X,5.00,5.00,1",
        "2022/09/01 00:21,20,X,30,Y,9.00,9.00,0",
    )

    found = only(tmp_path)

    marked = dict(found.accounts.select("account_id", "is_member").iter_rows())
    assert marked == {"10:X": True, "20:X": True, "30:Y": False}
    assert found.transfers["amount_tiyn"].to_list() == [500, 900]
    assert found.transfers["at"][0] == datetime(2022, 9, 1, 0, 20, tzinfo=UTC)


def test_columns_are_known_in_any_case_and_order_and_more_of_them_do_no_harm(tmp_path):
    put(
        tmp_path,
        "transactions.csv",
        "TIME,note,VALUE,targetNodeId,SourceNodeID,isFraud",
        "2,x,10.25,2,1,1",
        "3,x,1,4,3,0",
    )

    found = only(tmp_path)

    assert found.name == tmp_path.name
    assert found.transfers["amount_tiyn"].to_list() == [1025, 100]
    assert found.accounts.filter("is_member")["account_id"].to_list() == ["1", "2"]


def test_the_later_layout_of_amlsim_is_read_with_its_alerted_accounts(tmp_path):
    put(
        tmp_path,
        "transactions.csv",
        "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id",
        "1,a,b,TRANSFER,7.00,2017-01-01T00:00:00Z,False,-1",
        "2,b,c,TRANSFER,8.00,2017-01-02T00:00:00Z,True,5",
    )
    put(tmp_path, "accounts.csv", "acct_id,dsply_nm", "a,A", "b,B", "c,C", "d,D")
    put(tmp_path, "alert_accounts.csv", "alert_id,acct_id,is_sar", "5,a,true", "6,d,false")

    found = only(tmp_path)

    assert found.accounts.height == 4
    assert sorted(found.accounts.filter("is_member")["account_id"]) == ["a", "b", "c"]
    assert found.transfers["at"][1] == datetime(2017, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["fan_in", "fan_out", "bipartite", "scatter_gather", "stack"])
def test_members_of_each_pattern_stand_far_above_chance(kind):
    rows, alerts = planted_set((kind,), seed=3, accounts=1_500)
    transfers = rows.lazy().select(
        from_id=pl.col("ACCOUNT_ID").cast(pl.String),
        to_id=pl.col("COUNTER_PARTY_ACCOUNT_NUM").cast(pl.String),
        amount_tiyn=(pl.col("TXN_AMOUNT_ORIG") * 100).round().cast(pl.Int64),
        at=pl.lit(datetime(2025, 1, 1, tzinfo=UTC)).dt.cast_time_unit("us")
        + pl.duration(days=pl.col("start")),
    )

    found = graph_features(
        transfers,
        pl.LazyFrame(schema=RINGS.schema),
        within=timedelta(days=90),
        most_lost_share=0.1,
        most_counterparties=300,
        is_order_kept=True,
    ).collect()

    is_member = found["account_id"].cast(pl.Int64).is_in(alerts["ACCOUNT_ID"].implode())
    assert average_precision(found["surprise"].to_numpy(), is_member.to_numpy()) > 0.9


def test_a_set_without_labels_is_no_measure_and_other_files_are_passed_over(tmp_path):
    put(tmp_path, "notes.csv", "a,b", "1,2")
    assert list(labelled_sets(tmp_path)) == []

    put(tmp_path, "set_transactions.csv", "sourceNodeId,targetNodeId,value,time", "1,2,1,0")
    with pytest.raises(FileNotFoundError, match="no labels, no measure"):
        list(labelled_sets(tmp_path))


def test_other_separators_and_numbers_written_as_fractions_are_the_same_accounts(tmp_path):
    put(
        tmp_path,
        "x_tx.csv",
        "TXN_ID;ACCOUNT_ID;COUNTER_PARTY_ACCOUNT_NUM;TXN_AMOUNT_ORIG;start;more",
        "1;1.0;2.0;10.5;0;?",
    )
    put(tmp_path, "x_alerts.csv", "ALERT_KEY,ACCOUNT_ID", "1,1")

    found = only(tmp_path)

    assert (found.accounts.height, found.members) == (2, 1)


def test_what_cannot_be_read_is_left_out_and_told(tmp_path, capsys):
    put(
        tmp_path,
        "y.csv",
        "step,type,amount,nameOrig,nameDest,isFraud",
        "1,TRANSFER,10,A,B,1",
        "1,TRANSFER,ten,A,B,1",
        "1,TRANSFER,10,,B,0",
    )
    put(tmp_path, "other.csv", "a,b", "1,2")
    put(tmp_path, "nothing.csv", "")

    found = only(tmp_path)

    assert (found.transfers.height, found.members) == (1, 2)
    said = capsys.readouterr().err
    assert "y.csv: 2 of 3 transfers are left out" in said
    assert "other.csv: no transfers of a known layout" in said
    assert "nothing.csv: no transfers of a known layout" in said


@pytest.mark.parametrize(
    ("amount", "time"),
    [
        ("1234.5", "2017-01-05T09:00:00Z"),
        ("1 234,50", "2017-01-05 09:00"),
        ("1.234,50", "05.01.2017 09:00:00"),
        ('"1,234.50"', "2017-01-05T14:00:00.250+05:00"),
        ("1234,5", "1483606800"),
        ("1234.50", "1483606800000"),
    ],
)
def test_amounts_and_times_are_read_as_people_write_them(tmp_path, amount, time):
    separator = ";" if amount.count(",") == 1 and '"' not in amount else ","
    row = separator.join(("1", "2", amount, time))
    put(
        tmp_path,
        "T_TRANSACTIONS.CSV",
        separator.join(("sourceNodeId", "targetNodeId", "value", "time")),
        row,
    )
    put(tmp_path, "T_NODES.CSV", "nodeid,isFraud", "1,0", "2,1")

    found = only(tmp_path)

    assert found.transfers.rows() == [("1", "2", 123450, datetime(2017, 1, 5, 9, tzinfo=UTC))]
    assert found.members == 1
