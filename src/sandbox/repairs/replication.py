# S3: what AWS answers about logs and copies, and moto does not.


def repair_bucket_logs():
    # AWS tells how the keys of logs go on; moto keeps that to itself. AWS delivers logs some hours later; moto
    # writes one at each call, and then their bucket cannot be removed.
    import json
    from types import SimpleNamespace

    from moto.s3.models import FakeBucket, S3Backend
    from moto.s3.responses import S3Response

    answer = S3Response.get_bucket_logging

    def get_bucket_logging(self):
        plain, logging = self.serialized, self.backend.get_bucket_logging(self.bucket_name)
        kinds = logging.get("TargetObjectKeyFormat")

        def serialized(result):
            if kinds:
                told = {kind: it or {} for kind, it in kinds.items()}
                result.result["LoggingEnabled"]["TargetObjectKeyFormat"] = told
            return plain(result)

        self.serialized = serialized
        return answer(self)

    S3Response.get_bucket_logging = get_bucket_logging
    S3Backend.log_incoming_request = lambda self, request, bucket_name: None

    # A statement about everybody (`"Principal": "*"`) is nobody's leave to write logs; moto fails at it.
    may = FakeBucket._log_permissions_enabled_policy

    def may_by_policy(target_bucket, target_prefix):
        text = target_bucket.policy
        all = json.loads(text)["Statement"] if text else []
        told = [it for it in all if isinstance(it.get("Principal"), dict)]
        policy = json.dumps({"Statement": told}).encode()
        named = SimpleNamespace(policy=policy, partition=target_bucket.partition, name=target_bucket.name)
        return may(named, target_prefix)

    FakeBucket._log_permissions_enabled_policy = staticmethod(may_by_policy)


def repair_bucket_copies():
    # AWS returns all that was said of a rule: a priority where there is one, and filter, markers of deletion and
    # selection of sources as they were sent; moto returns usual ones.
    from moto.core.responses import ActionResult
    from moto.s3.exceptions import ReplicationConfigurationNotFoundError
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    put = S3Backend.put_bucket_replication

    def put_bucket_replication(self, bucket_name, replication):
        rules = replication["Rule"]
        rules = [rules] if isinstance(rules, dict) else rules
        unsaid = [it for it in rules if "Priority" not in it]
        put(self, bucket_name, replication)
        for it in unsaid:
            del it["Priority"]

    def told(name, it):
        if name in ("Priority", "Minutes"):
            return int(it)
        if name == "And":
            tags = it.get("Tag") or []
            it = {**it, "Tags": tags if isinstance(tags, list) else [tags]}
            it.pop("Tag", None)
        if isinstance(it, dict):
            return {name: told(name, one) for name, one in it.items()}
        if isinstance(it, list):
            return [told("", one) for one in it]
        # An empty element.
        return it or ""

    def get_bucket_replication(self):
        self.data["Action"] = "GetBucketReplication"
        found = self.backend.get_bucket_replication(self.bucket_name)
        if not found:
            raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
        rules = [told("", it) for it in found["Rule"]]
        return self.serialized(ActionResult({"ReplicationConfiguration": {"Role": found["Role"], "Rules": rules}}))

    S3Backend.put_bucket_replication = put_bucket_replication
    S3Response.get_bucket_replication = get_bucket_replication
