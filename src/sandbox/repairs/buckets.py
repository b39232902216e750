# S3: what AWS answers and moto does not.


def repair_bucket_notifications():
    # AWS tells whether EventBridge is told; moto keeps that to itself. A bucket that tells nobody has an empty
    # answer, with a root; moto's has none.
    from moto.core.responses import ActionResult
    from moto.s3.responses import S3Response

    def one(item, arn):
        out = {"Id": item.id, arn: item.arn, "Events": item.events}
        if item.filters:
            out["Filter"] = {"Key": {"FilterRules": item.filters["S3Key"]["FilterRule"]}}
        return out

    def get_bucket_notification(self):
        found = self.backend.get_bucket_notification_configuration(self.bucket_name)
        answer = {}
        if found:
            answer["TopicConfigurations"] = [one(it, "TopicArn") for it in found.topic]
            answer["QueueConfigurations"] = [one(it, "QueueArn") for it in found.queue]
            functions = [one(it, "LambdaFunctionArn") for it in found.cloud_function]
            answer["LambdaFunctionConfigurations"] = functions
            if found.event_bridge is not None:
                answer["EventBridgeConfiguration"] = {}
        self.data["Action"] = "GetBucketNotificationConfiguration"
        return self.serialized(ActionResult(answer))

    S3Response.get_bucket_notification = get_bucket_notification


def repair_refused_versions():
    # Where a version of an object cannot be removed, AWS says which one; moto says the object's name only.
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    delete, answer = S3Backend.delete_objects, S3Response._bucket_response_delete_keys

    def delete_objects(self, bucket_name, objects, bypass_retention=False):
        deleted, refused, self.refused_versions = [], [], []
        for it in objects:
            gone, kept = delete(self, bucket_name, [it], bypass_retention)
            deleted, refused = deleted + gone, refused + kept
            self.refused_versions += [it.get("VersionId") for _ in kept]
        return deleted, refused

    def delete_keys(self, *args, **kwargs):
        plain = self.serialized

        def serialized(result):
            versions = getattr(self.backend, "refused_versions", [])
            # What nobody may do comes first, then what is locked.
            for error, version in zip(reversed(result.result["Errors"]), reversed(versions)):
                error["VersionId"] = version
            return plain(result)

        self.serialized = serialized
        return answer(self, *args, **kwargs)

    S3Backend.delete_objects, S3Response._bucket_response_delete_keys = delete_objects, delete_keys
