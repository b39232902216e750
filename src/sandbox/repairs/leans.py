# Repairs of KMS, SNS, CloudWatch, VPC endpoints and flow logs.


def repair_keys():
    import json

    from moto.core.exceptions import JsonRESTError
    from moto.core.utils import unix_time
    from moto.kms.models import Alias, Key, KmsBackend
    from moto.kms.responses import KmsResponse

    # AWS keeps the period of a key's rotation, a year where none is said, and tells it while the key is
    # rotated; moto knows none.
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self):
        answer = enable(self)
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_period = self._get_param("RotationPeriodInDays") or getattr(key, "rotation_period", 365)
        return answer

    def get_key_rotation_status(self):
        told = json.loads(status(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        told["KeyId"] = key.id
        if told["KeyRotationEnabled"]:
            told["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
        return json.dumps(told)

    KmsResponse.enable_key_rotation = enable_key_rotation
    KmsResponse.get_key_rotation_status = get_key_rotation_status

    # AWS says of every key whether it has copies in other regions; moto says null where that was not asked
    # for.
    init = Key.__init__

    def with_copies_or_not(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.multi_region = bool(self.multi_region)

    Key.__init__ = with_copies_or_not

    # AWS says when an alias was made; moto does not.
    init_alias = Alias.__init__

    def dated(self, *args, **kwargs):
        init_alias(self, *args, **kwargs)
        self.created = unix_time()

    Alias.__init__ = dated
    listed = KmsResponse.list_aliases

    def list_aliases(self):
        told = json.loads(listed(self))
        made = {it.alias_name: it.created for it in self.kms_backend.list_aliases()}
        for it in told["Aliases"]:
            if it["AliasName"] in made:
                it["CreationDate"] = it["LastUpdatedDate"] = made[it["AliasName"]]
        return json.dumps(told)

    KmsResponse.list_aliases = list_aliases

    # A key whose deletion is scheduled refuses to be changed, and to be scheduled again; moto takes anything.
    def refusing(name):
        change = getattr(KmsBackend, name)

        def checked(self, key_id, *args, **kwargs):
            key = self.keys.get(self.get_key_id(key_id))
            if key is not None and key.key_state == "PendingDeletion":
                raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
            return change(self, key_id, *args, **kwargs)

        setattr(KmsBackend, name, checked)

    for name in (
        "schedule_key_deletion",
        "enable_key",
        "disable_key",
        "enable_key_rotation",
        "disable_key_rotation",
        "update_key_description",
        "tag_resource",
        "untag_resource",
    ):
        refusing(name)


def repair_topics():
    from moto.sns.exceptions import SNSInvalidParameter
    from moto.sns.models import SNSBackend
    from moto.sns.responses import SNSResponse
    from moto.sns.utils import make_arn_for_topic

    get, put, create = (
        SNSResponse.get_topic_attributes,
        SNSResponse.set_topic_attributes,
        SNSBackend.create_topic,
    )

    # AWS returns all attributes that were set; moto a handful of them.
    def set_topic_attributes(self):
        answer = put(self)
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        topic.__dict__.setdefault("said", {})[self._get_param("AttributeName")] = self._get_param(
            "AttributeValue"
        )
        return answer

    def get_topic_attributes(self):
        answer = get(self)
        told = answer.result["Attributes"]
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        for name, value in getattr(topic, "said", {}).items():
            if value and name not in told:
                told[name] = value
        # What a FIFO topic's throughput is shared by, where nothing was said.
        if topic.fifo_topic:
            told.setdefault("FifoThroughputScope", getattr(topic, "fifo_throughput_scope", "Topic"))
        answer.result["Attributes"] = {k: v for k, v in told.items() if v not in ("", None)}
        return answer

    # CreateTopic gives the topic that is there, but refuses where the tags are others; moto never refuses.
    def create_topic(self, name, attributes=None, tags=None):
        there = self.topics.get(make_arn_for_topic(self.account_id, name, self.region_name))
        if there is not None and (there._tags or {}) != (tags or {}):
            raise SNSInvalidParameter(
                "Invalid parameter: Tags Reason: Topic already exists with different tags"
            )
        return create(self, name, attributes, tags)

    SNSResponse.set_topic_attributes = set_topic_attributes
    SNSResponse.get_topic_attributes = get_topic_attributes
    SNSBackend.create_topic = create_topic


def repair_subscriptions():
    from moto.sns.exceptions import SNSInvalidParameter
    from moto.sns.models import SNSBackend
    from moto.sns.responses import SNSResponse

    subscribe, unsubscribe = SNSBackend.subscribe, SNSBackend.unsubscribe
    put = SNSBackend.set_subscription_attributes

    # Mail and HTTP addresses have to confirm; to moto they have.
    def pending_at_first(self, topic_arn, endpoint, protocol):
        before = self._find_subscription(topic_arn, endpoint, protocol)
        made = subscribe(self, topic_arn, endpoint, protocol)
        if before is None and protocol in ("http", "https", "email", "email-json"):
            made.attributes["PendingConfirmation"] = True
            made.attributes["ConfirmationWasAuthenticated"] = False
        return made

    def is_pending(it):
        return it.attributes.get("PendingConfirmation") in (True, "true")

    def refusing(self, arn):
        there = self.subscriptions.get(arn)
        if there is not None and is_pending(there):
            raise SNSInvalidParameter(
                "Invalid parameter: SubscriptionArn Reason: Cannot unsubscribe a subscription that is "
                "pending confirmation"
            )
        unsubscribe(self, arn)

    # Lists do not tell the ARN of one that is pending.
    def hiding(name):
        told = getattr(SNSResponse, name)

        def listed(self):
            answer = told(self)
            shown = answer.result["Subscriptions"]
            answer.result["Subscriptions"] = [
                {
                    "SubscriptionArn": "PendingConfirmation" if is_pending(it) else it.arn,
                    "Owner": it.owner,
                    "Protocol": it.protocol,
                    "Endpoint": it.endpoint,
                    "TopicArn": it.topic_arn,
                }
                for it in shown
            ]
            return answer

        setattr(SNSResponse, name, listed)

    hiding("list_subscriptions")
    hiding("list_subscriptions_by_topic")

    # An empty filter is none, no value takes an attribute away, and FIFO topics know how to replay; moto
    # keeps the first two and refuses the third.
    def set_subscription_attributes(self, arn, name, value):
        there = self.subscriptions.get(arn)
        if name == "ReplayPolicy" and there is not None:
            there.attributes[name] = value
        elif name == "FilterPolicy" and value == "{}":
            put(self, arn, name, "")
        else:
            put(self, arn, name, value)
        if there is not None and there.attributes.get(name) in ("", None):
            there.attributes.pop(name, None)

    SNSBackend.subscribe = pending_at_first
    SNSBackend.unsubscribe = refusing
    SNSBackend.set_subscription_attributes = set_subscription_attributes


def repair_alarms():
    from moto.cloudwatch.responses import CloudWatchResponse

    # A query may be about another account's metrics; moto forgets whose.
    put = CloudWatchResponse.put_metric_alarm

    def put_metric_alarm(self):
        answer = put(self)
        alarm = self.cloudwatch_backend.alarms.get(self._get_param("AlarmName"))
        for sent, kept in zip(self._get_param("Metrics", []), alarm.metric_data_queries):
            kept.account_id = sent.get("AccountId")
        return answer

    CloudWatchResponse.put_metric_alarm = put_metric_alarm


def repair_endpoints():
    import json

    from moto.ec2.models.managed_prefixes import ManagedPrefixList
    from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
    from moto.ec2.responses.vpcs import VPCs
    from moto.ec2.utils import random_private_ip

    # AWS finds endpoints by their ids in a filter; moto does not know that one.
    VPCEndPoint.vpc_endpoint_id = property(lambda self: self.id)

    # AWS tells the ranges of a service's list; moto keeps them to itself.
    def cidrs(self):
        latest = list(self.entries.values())[-1] if self.entries else []
        return [it["Cidr"] for it in latest or []]

    ManagedPrefixList.cidrs = property(cidrs)

    create, modify = VPCs.create_vpc_endpoint, VPCs.modify_vpc_endpoint

    # AWS returns these, and gives interfaces the VPC's own security group where no other is named; moto
    # forgets them.
    def create_vpc_endpoint(self):
        answer = create(self)
        made = answer.result["VpcEndpoint"]
        kind = (self._get_param("VpcEndpointType") or "Gateway").lower()
        made.ip_address_type = self._get_param("IpAddressType") or "ipv4"
        usual = {"DnsRecordIpType": "service-defined" if kind == "gateway" else made.ip_address_type}
        made.dns_options = {**usual, **(self._get_param("DnsOptions") or {})}
        made.service_region = self._get_param("ServiceRegion") or self.region
        made.requester_managed = False
        if kind == "interface" and not made.security_group_ids:
            groups = self.ec2_backend.groups[made.vpc_id].values()
            made.security_group_ids = [it.id for it in groups if it.name == "default"]
        return answer

    # AWS changes these too; moto does not.
    def modify_vpc_endpoint(self):
        there = self.ec2_backend.vpc_end_points.get(self._get_param("VpcEndpointId"))
        answer = modify(self)
        if there is None:
            return answer
        if self._get_param("ResetPolicy") in (True, "true"):
            there.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        if self._get_param("PrivateDnsEnabled") is not None:
            there.private_dns_enabled = self._get_param("PrivateDnsEnabled") in (True, "true")
        if self._get_param("IpAddressType"):
            there.ip_address_type = self._get_param("IpAddressType")
        there.dns_options = {**there.dns_options, **(self._get_param("DnsOptions") or {})}
        return answer

    VPCs.create_vpc_endpoint = create_vpc_endpoint
    VPCs.modify_vpc_endpoint = modify_vpc_endpoint

    # A route table or a subnet that an endpoint gets or loses gets or loses its route or interface; moto
    # notes the ids only.
    change = VPCBackend.modify_vpc_endpoint

    def with_routes_and_interfaces(self, vpc_id, *args, **kwargs):
        there = self.vpc_end_points.get(vpc_id)
        tables, subnets = set(there.route_table_ids or []), set(there.subnet_ids or [])
        change(self, vpc_id, *args, **kwargs)
        now, prefixes = set(there.route_table_ids or []), there.destination_prefix_list_id
        for table in sorted(now - tables) if prefixes else ():
            self.create_route(table, None, gateway_id=there.id, destination_prefix_list_id=prefixes)
        for table in sorted(tables - now) if prefixes else ():
            self.delete_route(table, prefixes)
        if (there.vpc_endpoint_type or "").lower() != "interface":
            return
        for subnet in sorted(set(there.subnet_ids or []) - subnets):
            eni = self.create_network_interface(self.get_subnet(subnet), random_private_ip())
            there.network_interface_ids.append(eni.id)
        for eni in list(there.network_interface_ids):
            found = self.enis.get(eni)
            if found is not None and found.subnet.id not in (there.subnet_ids or []):
                self.enis.pop(eni)
                there.network_interface_ids.remove(eni)

    VPCBackend.modify_vpc_endpoint = with_routes_and_interfaces


def repair_flow_logs():
    from moto.ec2.responses.flow_logs import FlowLogs

    create = FlowLogs.create_flow_logs

    # AWS returns these, and both the name and the ARN of a log group whichever was said; moto forgets them.
    def create_flow_logs(self):
        answer = create(self)
        for it in answer.result["FlowLogIds"]:
            log = self.ec2_backend.flow_logs[it]
            log.destination_options = self._get_param("DestinationOptions")
            log.deliver_cross_account_role = self._get_param("DeliverCrossAccountRole")
            if log.log_destination_type != "cloud-watch-logs":
                continue
            if log.log_destination and not log.log_group_name:
                log.log_group_name = log.log_destination.split(":log-group:")[-1]
            elif log.log_group_name and not log.log_destination:
                log.log_destination = (
                    f"arn:aws:logs:{self.region}:{self.current_account}:log-group:{log.log_group_name}"
                )
        return answer

    FlowLogs.create_flow_logs = create_flow_logs


def read_cbor(data):
    import struct

    at = 0

    def head():
        nonlocal at
        kind, more = data[at] >> 5, data[at] & 31
        at += 1
        if more < 24:
            return kind, more, more
        if more == 31:
            return kind, more, None
        size = 1 << (more - 24)
        number = int.from_bytes(data[at : at + size], "big")
        at += size
        return kind, more, number

    def ends():
        nonlocal at
        if data[at] != 0xFF:
            return False
        at += 1
        return True

    def some(count):
        done = 0
        while (not ends()) if count is None else done < count:
            yield done
            done += 1

    def one():
        nonlocal at
        kind, more, number = head()
        if kind == 0:
            return number
        if kind == 1:
            return -1 - number
        if kind in (2, 3):
            if number is None:
                parts = [one() for _ in some(None)]
                return (b"" if kind == 2 else "").join(parts)
            at += number
            raw = data[at - number : at]
            return raw if kind == 2 else raw.decode()
        if kind == 4:
            return [one() for _ in some(number)]
        if kind == 5:
            return {one(): one() for _ in some(number)}
        if kind == 6:
            return one()
        forms = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
        if more in forms:
            form, size = forms[more]
            return struct.unpack(form, data[at - size : at])[0]
        return {20: False, 21: True}.get(more)

    return one()


def write_cbor(value, name=""):
    import struct

    def head(kind, number):
        if number < 24:
            return bytes([kind << 5 | number])
        size = next(it for it in (1, 2, 4, 8) if number < 1 << 8 * it)
        return bytes([kind << 5 | 24 + size.bit_length() - 1]) + number.to_bytes(size, "big")

    real = ("Threshold", "Value", "Sum", "Average", "Minimum", "Maximum", "SampleCount")
    moment = name.endswith("Timestamp") or name in ("LastModified", "StartTime", "EndTime")
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(write_cbor(k) + write_cbor(v, k) for k, v in value.items())
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(write_cbor(it, name.removesuffix("s")) for it in value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, float) or name in real or moment:
        return (b"\xc1" if moment else b"") + b"\xfb" + struct.pack(">d", value)
    return head(0, value) if value >= 0 else head(1, -1 - value)


def wrapped(app):
    # CloudWatch speaks RPC v2 CBOR, as its newer SDKs do; moto knows its two older tongues only.
    import io
    import json

    def translated(environ, start_response):
        parts = environ.get("PATH_INFO", "").strip("/").split("/")
        spoken = environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor"
        if not spoken or len(parts) != 4 or (parts[0], parts[2]) != ("service", "operation"):
            return app(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        asked = environ["wsgi.input"].read(length)
        asked = json.dumps(read_cbor(asked) if asked else {}).encode()
        for name in ("HTTP_SMITHY_PROTOCOL", "HTTP_ACCEPT", "HTTP_X_AMZN_QUERY_MODE"):
            environ.pop(name, None)
        environ.update(
            {
                "PATH_INFO": "/",
                "RAW_URI": "/",
                "REQUEST_URI": "/",
                "CONTENT_TYPE": "application/x-amz-json-1.0",
                "CONTENT_LENGTH": str(len(asked)),
                "HTTP_X_AMZ_TARGET": f"{parts[1]}.{parts[3]}",
                "wsgi.input": io.BytesIO(asked),
            }
        )
        told = {}

        def remember(status, headers, exc_info=None):
            told.update(status=status, headers=headers)
            return lambda _: None

        body = b"".join(app(environ, remember))
        try:
            answer = json.loads(body) if body else {}
        except ValueError:
            start_response(told["status"], told["headers"])
            return [body]
        kept = ("content-type", "content-length")
        headers = [it for it in told["headers"] if it[0].lower() not in kept]
        if isinstance(answer, dict) and "__type" in answer:
            answer["__type"] = answer["__type"].split("#")[-1]
            headers.append(("x-amzn-query-error", f"{answer['__type']};Sender"))
        out = write_cbor(answer)
        headers += [
            ("smithy-protocol", "rpc-v2-cbor"),
            ("Content-Type", "application/cbor"),
            ("Content-Length", str(len(out))),
        ]
        start_response(told["status"], headers)
        return [out]

    return translated
