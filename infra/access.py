"""Who may do what with our buckets: policies of the five roles, in the words of IAM.

AWS and every server that knows IAM take the documents; SeaweedFS takes them in the file of its
identities (`weed s3 -config`). Nobody but the owner deletes, save compute, which removes the locks
and results that it made itself. The annexes with names have a policy of their own beside.
"""

import json
import secrets
from typing import Any

from infra.settings import Settings

ROLES = ("pull", "compute", "publish", "analyse", "read")

_OWNER = "owner"
_SEE_NAMES = ("publish", "analyse")

_READ = ("s3:GetObject", "s3:ListBucket", "s3:GetBucketObjectLockConfiguration")
_WRITE = ("s3:PutObject", "s3:PutObjectRetention")
_DELETE = ("s3:DeleteObject",)


def policies(settings: Settings) -> dict[str, dict[str, Any]]:
    """The policy document of each role.

    pull: keeps what institutions hand over. compute: reads that, writes the lake. publish: reads
    the lake, writes editions, deletes nothing. analyse: released editions, and annexes with names.
    read: released editions and no more.
    """
    all_of = _READ + _WRITE + _DELETE
    deliveries, lake = settings.deliveries_bucket, settings.lake_bucket
    ledger, results = settings.ledger_bucket, settings.results_bucket
    reports, annex = settings.reports_bucket, settings.annex_bucket
    editions, see = (reports, settings.waiting_bucket, annex), ("s3:GetObject", "s3:ListBucket")
    may: dict[str, dict[str, tuple[str, ...]]] = {
        "pull": {deliveries: _READ + _WRITE, lake: _READ + _WRITE, ledger: all_of},
        "compute": {deliveries: _READ, lake: _READ + _WRITE, ledger: all_of, results: all_of},
        "publish": dict.fromkeys((*editions, ledger), _READ + _WRITE) | {lake: _READ},
        "analyse": {reports: see, annex: see},
        "read": {reports: see},
    }
    return {role: _document(may[role]) for role in ROLES}


def annex_policy(settings: Settings) -> dict[str, Any]:
    """The policy of the bucket of annexes: whatever else somebody may, only these read names.

    A user is told by name: a role's, or the owner's, whom SeaweedFS names after the key.
    """
    owner = (_OWNER, settings.s3_key_id, f"admin-{settings.s3_key_id}")
    bucket = f"arn:aws:s3:::{settings.annex_bucket}"
    statement = {
        "Sid": "NamesAreForAnalysts",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"StringNotLike": {"aws:username": [*_SEE_NAMES, *owner]}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def identities(settings: Settings) -> dict[str, Any]:
    """The same for SeaweedFS, with new secrets, and beside the roles the owner of all."""
    secret = settings.s3_secret.get_secret_value()
    owner = _identity(_OWNER, settings.s3_key_id, secret) | {
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
