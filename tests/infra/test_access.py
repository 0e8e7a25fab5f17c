"""What each role may do, asked of a real SeaweedFS that starts with our identities."""

import json

import pytest

from infra import object_server as server
from infra.access import ROLES, identities, policies
from infra.object_store import AlreadyExists, Connection, StoreRefused
from infra.settings import Settings


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Who connects as which role; every bucket holds an object `there`."""
    home = tmp_path_factory.mktemp("guarded")
    chosen = Settings(_env_file=None, home=home)
    told = identities(chosen)
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
                    for role in ROLES
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


def test_a_reader_reads_editions_and_nothing_else(guarded):
    chosen, by_role = guarded
    reads = {b for b in chosen.buckets if may(by_role["read"].bucket(b).get, "there")}

    assert reads == {chosen.reports_bucket}
    assert not may(by_role["read"].bucket(chosen.reports_bucket).put, "mine", b"2", "text/plain")


@pytest.mark.parametrize(
    ("role", "writes"),
    [
        ("pull", {"deliveries", "lake", "ledger"}),
        ("compute", {"lake", "ledger", "results"}),
        ("publish", {"reports", "annex", "ledger"}),
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
