"""Labelled sets of three layouts are read as one; what has no labels is not measured."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.labelled import Labelled, labelled_sets


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


def test_a_set_without_labels_is_no_measure_and_other_files_are_passed_over(tmp_path):
    put(tmp_path, "notes.csv", "a,b", "1,2")
    assert list(labelled_sets(tmp_path)) == []

    put(tmp_path, "set_transactions.csv", "sourceNodeId,targetNodeId,value,time", "1,2,1,0")
    with pytest.raises(FileNotFoundError, match="no labels, no measure"):
        list(labelled_sets(tmp_path))
