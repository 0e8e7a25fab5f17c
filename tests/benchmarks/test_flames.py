"""Flame graphs show the lines of ours under a function, and no folder of this machine."""

from lxml import etree

from benchmarks.flames import read, svg

STACKS = [
    "main (/home/me/x.py:1);stage (flows/ingest.py:1);read (/home/me/lib/polars/io.py:9) 30",
    "main (/home/me/x.py:1);stage (flows/ingest.py:1);run (/opt/prefect/run.py:2);Lake.put (infra/lake.py:7) 60",
    "main (/home/me/x.py:1);stage (flows/ingest.py:2) 10",
    "main (/home/me/x.py:1);other (flows/other.py:2) 99",
]


def test_samples_under_a_function_are_told_by_line_of_ours_and_by_the_last_of_others():
    root = read(STACKS, "stage")

    first = root.calls["stage (flows/ingest.py:1)"]
    assert (root.samples, first.samples) == (100, 90)
    assert {name: call.samples for name, call in first.calls.items()} == {
        "read (polars/io.py:9)": 30,
        "Lake.put (infra/lake.py:7)": 60,
    }


def test_the_drawing_is_whole_and_names_no_folder_of_this_machine():
    drawn = svg(read(STACKS, "stage"), "stage <1>")

    titles = [e.text for e in etree.fromstring(drawn).iter() if etree.QName(e).localname == "title"]
    assert "Lake.put (infra/lake.py:7): 60.0%" in titles
    assert "/home" not in drawn
    assert "/opt" not in drawn
