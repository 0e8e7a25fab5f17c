"""What each role may do, asked of a real SeaweedFS that starts with our identities."""

import json

import httpx
import pytest

from infra import object_server as server
from infra.access import ROLES, identities, policies
from infra.object_store import AlreadyExists, Connection, StoreRefused
from infra.settings import Settings

EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}],
}
TOO_MUCH = {
    "name": "clerk",
    "credentials": [{"accessKey": "clerk", "secretKey": "a-clerk's-secret"}],
    "policyNames": ["everything"],
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Who connects as which role; every bucket holds an object `there`."""
    home = tmp_path_factory.mktemp("guarded")
    chosen = Settings(_env_file=None, home=home)
    told = identities(chosen)
    told["identities"].append(TOO_MUCH)
    told["policies"].append({"name": "everything", "content": json.dumps(EVERYTHING)})
    (home / "identities.json").write_text(json.dumps(told))
    flags = server._flags
    with pytest.MonkeyPatch.context() as patched:
        with_them = f"-s3.config={home / 'identities.json'}"
        patched.setattr(server, "_flags", lambda *given: [*flags(*given), with_them])
        with server.object_server(chosen) as endpoint:
            owner = Connection.of(chosen, endpoint)
            for bucket in chosen.buckets:
                owner.bucket(bucket).put("there", b"1", "text/plain")
            keys = {one["name"]: one["credentials"][0] for one in told["identities"]}
            yield (
                chosen,
                {
                    role: Connection(endpoint, keys[role]["accessKey"], keys[role]["secretKey"])
                    for role in (*ROLES, "clerk")
                },
            )


def may(act, *given):
    try:
        act(*given)
    except StoreRefused:
        return False
    except AlreadyExists:
        pass
    return True


def listing(bucket):
    return [*bucket.keys()]


def test_a_reader_reads_editions_and_nothing_else(guarded):
    chosen, by_role = guarded
    reads = {b for b in chosen.buckets if may(by_role["read"].bucket(b).get, "there")}

    assert reads == {chosen.reports_bucket}
    assert not may(by_role["read"].bucket(chosen.reports_bucket).put, "mine", b"2", "text/plain")


def test_names_are_for_analysts_and_who_publishes_whatever_else_somebody_may(guarded):
    chosen, by_role = guarded
    annexes = {role: connected.bucket(chosen.annex_bucket) for role, connected in by_role.items()}
    clerk = by_role["clerk"]

    assert {r for r in annexes if may(annexes[r].get, "there")} == {"publish", "analyse"}
    assert {r for r in annexes if may(listing, annexes[r])} == {"publish", "analyse"}
    assert may(clerk.bucket(chosen.lake_bucket).get, "there")
    assert may(clerk.bucket(chosen.reports_bucket).put, "his", b"3", "text/plain")
    assert httpx.get(f"{clerk.endpoint}/{chosen.annex_bucket}/there").status_code == 403
    links = {r: httpx.get(annexes[r].presigned_url("there", 60)).status_code for r in annexes}
    assert {role for role, code in links.items() if code == 200} == {"publish", "analyse"}


def test_an_analyst_reads_editions_and_annexes_and_writes_nothing(guarded):
    chosen, by_role = guarded
    analyst = by_role["analyse"]

    reads = {b for b in chosen.buckets if may(analyst.bucket(b).get, "there")}
    assert reads == {chosen.reports_bucket, chosen.annex_bucket}
    assert not [b for b in chosen.buckets if may(analyst.bucket(b).put, "m", b"2", "text/plain")]
    assert not [b for b in chosen.buckets if may(analyst.bucket(b).delete, "there")]


@pytest.mark.parametrize(
    ("role", "writes"),
    [
        ("pull", {"deliveries", "lake", "ledger"}),
        ("compute", {"lake", "ledger", "results"}),
        ("publish", {"reports", "waiting", "annex", "ledger"}),
    ],
)
def test_each_role_writes_what_is_its_own(guarded, role, writes):
    chosen, by_role = guarded
    written = {
        b.removeprefix(chosen.bucket_prefix)
        for b in chosen.buckets
        if may(by_role[role].bucket(b).put_new, f"of-{role}", b"2", "text/plain")
    }

    assert written == writes


def test_who_publishes_deletes_nothing(guarded):
    chosen, by_role = guarded
    assert not [b for b in chosen.buckets if may(by_role["publish"].bucket(b).delete, "there")]


def test_no_policy_names_a_bucket_that_is_not_ours():
    chosen = Settings(_env_file=None, bucket_prefix="kz-")
    named = {
        resource.removeprefix("arn:aws:s3:::").removesuffix("/*")
        for document in policies(chosen).values()
        for statement in document["Statement"]
        for resource in statement["Resource"]
    }
    assert named == set(chosen.buckets)
