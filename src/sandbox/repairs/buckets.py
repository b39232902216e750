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
