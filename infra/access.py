"""Who may do what with our buckets: policies of the four roles, in the words of IAM.

AWS and every server that knows IAM take the documents; SeaweedFS takes them in the file of its
identities (`weed s3 -config`). Nobody but the owner deletes, save compute, which removes the locks
and results that it made itself.
"""

import json
import secrets
from typing import Any

from infra.settings import Settings

ROLES = ("pull", "compute", "publish", "read")

_READ = ("s3:GetObject", "s3:ListBucket", "s3:GetBucketObjectLockConfiguration")
_WRITE = ("s3:PutObject", "s3:PutObjectRetention")
_DELETE = ("s3:DeleteObject",)


def policies(settings: Settings) -> dict[str, dict[str, Any]]:
    """The policy document of each role.

    pull: keeps what institutions hand over. compute: reads that, writes the lake. publish: reads
    the lake, writes editions, deletes nothing. read: released editions and no more.
    """
    all_of = _READ + _WRITE + _DELETE
    deliveries, lake = settings.deliveries_bucket, settings.lake_bucket
    ledger, results = settings.ledger_bucket, settings.results_bucket
    reports, annex = settings.reports_bucket, settings.annex_bucket
    may: dict[str, dict[str, tuple[str, ...]]] = {
        "pull": {deliveries: _READ + _WRITE, lake: _READ + _WRITE, ledger: all_of},
        "compute": {deliveries: _READ, lake: _READ + _WRITE, ledger: all_of, results: all_of},
        "publish": dict.fromkeys((reports, annex, ledger), _READ + _WRITE) | {lake: _READ},
        "read": {reports: ("s3:GetObject", "s3:ListBucket")},
    }
    return {role: _document(may[role]) for role in ROLES}


def identities(settings: Settings) -> dict[str, Any]:
    """The same for SeaweedFS, with new secrets, and beside the roles the owner of all."""
    secret = settings.s3_secret.get_secret_value()
    owner = _identity("owner", settings.s3_key_id, secret) | {
        "actions": ["Admin", "Read", "Write", "List", "Tagging"]
    }
    by_role = policies(settings)
    roles = [
        _identity(role, f"{settings.bucket_prefix}{role}", secrets.token_urlsafe(24))
        | {"policyNames": [role]}
        for role in by_role
    ]
    documents = [{"name": role, "content": json.dumps(by_role[role])} for role in by_role]
    return {"identities": [owner, *roles], "policies": documents}


def _document(may: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    statements = [
        {
            "Effect": "Allow",
            "Action": list(actions),
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        }
        for bucket, actions in may.items()
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _identity(name: str, key_id: str, secret: str) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": key_id, "secretKey": secret}]}
