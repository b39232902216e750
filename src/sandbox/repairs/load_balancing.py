def repair_load_balancers():
    # What AWS answers and moto does not: a load balancer's ARN names its type; its name is unique; its
    # attributes are all there, with AWS's defaults; addresses of a subnet mapping are given back; one that
    # is protected is not deleted; capacity and address pools are kept.
    import moto.elbv2.models as models
    import moto.elbv2.responses as responses
    from moto.core.responses import ActionResult

    backend, response = models.ELBv2Backend, responses.ELBV2Response

    logs = {f"{name}_logs.s3.{part}": value for name in ("access", "connection")
            for part, value in (("enabled", "false"), ("bucket", ""), ("prefix", ""))}
    access = {key: value for key, value in logs.items() if key.startswith("access")}
    common = {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
    attributes = {
        "application": {
            **common,
            **logs,
            "load_balancing.cross_zone.enabled": "true",
            "client_keep_alive.seconds": "3600",
            "idle_timeout.timeout_seconds": "60",
            "routing.http.desync_mitigation_mode": "defensive",
            "routing.http.drop_invalid_header_fields.enabled": "false",
            "routing.http.preserve_host_header.enabled": "false",
            "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
            "routing.http.xff_client_port.enabled": "false",
            "routing.http.xff_header_processing.mode": "append",
            "routing.http2.enabled": "true",
            "waf.fail_open.enabled": "false",
            "zonal_shift.config.enabled": "false",
        },
        "network": {
            **common,
            **access,
            "dns_record.client_routing_policy": "any_availability_zone",
            "ipv6.deny_all_igw_traffic": "false",
            "zonal_shift.config.enabled": "false",
        },
        "gateway": common,
    }

    create = backend.create_load_balancer

    def create_load_balancer(self, name, security_groups, subnet_ids, subnet_mappings=None, **rest):
        if any(it.name == name for it in self.load_balancers.values()):
            raise models.DuplicateLoadBalancerName()
        tags = rest.pop("tags", None)
        rest["scheme"] = rest.get("scheme") or "internet-facing"
        made = create(self, name, security_groups, subnet_ids, subnet_mappings, **rest)
        short = {"network": "net", "gateway": "gwy"}.get(made.type, "app")
        del self.load_balancers[made.arn]
        made.arn = made.arn.replace(":loadbalancer/app/", f":loadbalancer/{short}/")
        self.load_balancers[made.arn] = made
        self.tagging_service.tag_resource(made.arn, tags)
        made.attrs = dict(attributes[made.type])
        made.mappings = {it["SubnetId"]: it for it in subnet_mappings or []}
        if made.type == "network" and security_groups:
            made.enforce_security_group_inbound_rules_on_private_link_traffic = "on"
        return made

    backend.create_load_balancer = create_load_balancer
    balancer = models.FakeLoadBalancer
    balancer.mappings = {}
    balancer.enforce_security_group_inbound_rules_on_private_link_traffic = None
    balancer.ipam_pools = None

    def zone(self, subnet):
        out = models.AvailabilityZone(subnet)
        sent = self.mappings.get(subnet.id, {})
        keys = ("AllocationId", "PrivateIPv4Address", "IPv6Address")
        address = {key: sent[key] for key in keys if sent.get(key)}
        out.load_balancer_addresses = [address] if address else []
        return out

    balancer.availability_zones = property(lambda self: [zone(self, it) for it in self.subnets])

    # A network load balancer may stand in one zone; moto wants two of all.
    def set_subnets(self, arn, subnets, subnet_mappings):
        found = self.load_balancers.get(arn)
        if found is None:
            raise models.LoadBalancerNotFoundError()
        ids = list(subnets) + [it["SubnetId"] for it in subnet_mappings]
        found.subnets = [self.ec2_backend.get_subnet(it) for it in ids]
        found.mappings = {it["SubnetId"]: it for it in subnet_mappings}
        return found.availability_zones

    backend.set_subnets = set_subnets

    delete = backend.delete_load_balancer

    def delete_load_balancer(self, arn):
        found = self.load_balancers.get(arn)
        if found is not None and found.attrs.get("deletion_protection.enabled") == "true":
            text = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
            raise models.RESTError("OperationNotPermitted", text)
        return delete(self, arn)

    backend.delete_load_balancer = delete_load_balancer

    set_groups = response.set_security_groups

    def set_security_groups(self):
        answer = set_groups(self)
        enforced = self._get_param("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
        found = self.elbv2_backend.load_balancers[self._get_param("LoadBalancerArn")]
        if enforced:
            found.enforce_security_group_inbound_rules_on_private_link_traffic = enforced
        return answer

    response.set_security_groups = set_security_groups

    made_by_response = response.create_load_balancer

    def create_with_pools(self):
        answer = made_by_response(self)
        pools = self._get_params().get("IpamPools")
        if pools:
            answer.result["LoadBalancers"][0].ipam_pools = pools
        return answer

    response.create_load_balancer = create_with_pools

    def named(self):
        found = self.elbv2_backend.load_balancers.get(self._get_param("LoadBalancerArn"))
        if found is None:
            raise models.LoadBalancerNotFoundError()
        return found

    def modify_ip_pools(self):
        found, pools = named(self), self._get_params().get("IpamPools")
        found.ipam_pools = pools or None
        return ActionResult({"IpamPools": found.ipam_pools})

    def capacity(self):
        state = {"CapacityReservationState": [{"State": {"Code": "provisioned"}}]}
        reserved = getattr(named(self), "reserved", None)
        return ActionResult({**state, "MinimumLoadBalancerCapacity": reserved} if reserved else state)

    def modify_capacity_reservation(self):
        named(self).reserved = self._get_params().get("MinimumLoadBalancerCapacity")
        return capacity(self)

    response.modify_ip_pools = modify_ip_pools
    response.describe_capacity_reservation = capacity
    response.modify_capacity_reservation = modify_capacity_reservation


def repair_target_groups():
    # AWS tells the attributes that a target group of its protocol has, and no others; which load balancers
    # use it now, not which ever did; takes one target on several ports; lets go of a target that is not there.
    import moto.elbv2.models as models

    group, backend = models.FakeTargetGroup, models.ELBv2Backend
    health = {
        "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
        "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
    }
    common = {
        "deregistration_delay.timeout_seconds": "300",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        "stickiness.enabled": "false",
        **health,
    }

    def attributes(it):
        if it.target_type == "lambda":
            return {"lambda.multi_value_headers.enabled": "false", **health}
        if it.protocol in ("HTTP", "HTTPS"):
            return {
                **common,
                "load_balancing.algorithm.anomaly_mitigation": "off",
                "load_balancing.algorithm.type": "round_robin",
                "slow_start.duration_seconds": "0",
                "stickiness.app_cookie.cookie_name": "",
                "stickiness.app_cookie.duration_seconds": "86400",
                "stickiness.lb_cookie.duration_seconds": "86400",
                "stickiness.type": "lb_cookie",
            }
        if it.protocol == "GENEVE":
            return {
                "deregistration_delay.timeout_seconds": "300",
                "stickiness.enabled": "false",
                "stickiness.type": "source_ip_dest_ip_proto",
                "target_failover.on_deregistration": "no_rebalance",
                "target_failover.on_unhealthy": "no_rebalance",
            }
        state = {
            "target_health_state.unhealthy.connection_termination.enabled": "true",
            "target_health_state.unhealthy.draining_interval_seconds": "0",
        }
        return {
            **common,
            **(state if it.protocol in ("TCP", "TLS") else {}),
            "deregistration_delay.connection_termination.enabled": "false",
            "preserve_client_ip.enabled": "true" if it.target_type == "instance" else "false",
            "proxy_protocol_v2.enabled": "false",
            "stickiness.type": "source_ip",
        }

    init = group.__init__

    def made(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.attributes = attributes(self)
        if self.health_check_protocol == "TCP":
            self.health_check_path = None

    group.__init__ = made

    def users(self):
        mine = models.elbv2_backends[self.account_id][self.region_name]
        actions = lambda it: [action for rule in it.rules.values() for action in rule.actions]
        uses = lambda it: any(self.arn in mine._get_target_group_arns_from(a.data) for a in actions(it))
        return [it.arn for it in mine.load_balancers.values() if any(map(uses, it.listeners.values()))]

    group.load_balancer_arns = property(users, lambda self, value: None)

    def key(self, target):
        return f"{target['Id']} {target.get('Port') or self.port}"

    def register(self, targets):
        for target in targets:
            instance = self.ec2_backend.get_instance_by_id(target["Id"])
            if instance and instance.state != "running":
                raise models.TargetNotRunning(instance_id=target["Id"])
            port = target.get("Port") or self.port
            self.targets[key(self, target)] = {**target, "Port": port}

    def deregister(self, targets):
        for target in targets:
            self.targets.pop(key(self, target), None)

    def health_for(self, target, ec2_backend):
        found = self.targets.get(key(self, target))
        state = "healthy" if found else "unused"
        reason = None if found else "Target.NotRegistered"
        port = (found or target).get("Port") or self.port
        return models.FakeHealthStatus(target["Id"], port, self.health_check_port, state, reason)

    group.register, group.deregister, group.health_for = register, deregister, health_for

    modify = backend.modify_target_group

    def modify_target_group(self, arn, *args, **kwargs):
        it = self.target_groups.get(arn)
        if it is not None and not hasattr(it, "matcher"):
            it.matcher = {"HttpCode": "200"}
        it = modify(self, arn, *args, **kwargs)
        if it.health_check_protocol == "TCP":
            it.health_check_path, it.matcher = None, None
        return it

    backend.modify_target_group = modify_target_group


def repair_listeners():
    # AWS listens once on a port; tells the attributes that the protocol has; tells a single target group in
    # two places, and what it chose for a login; has policies of TLS only where TLS is spoken; keeps further
    # certificates, and mutual authentication; takes every protocol in a change.
    import moto.elbv2.models as models
    import moto.elbv2.responses as responses

    backend, response = models.ELBv2Backend, responses.ELBV2Response
    action_init = models.FakeAction.__init__
    login = {
        "OnUnauthenticatedRequest": "authenticate",
        "Scope": "openid",
        "SessionCookieName": "AWSELBAuthSessionCookie",
        "SessionTimeout": 604800,
    }

    def action(self, data):
        data = dict(data)
        if data.get("Type") == "forward":
            arn, config = data.get("TargetGroupArn"), data.get("ForwardConfig")
            if arn and not config:
                data["ForwardConfig"] = {"TargetGroups": [{"TargetGroupArn": arn}]}
            groups = data.get("ForwardConfig", {}).get("TargetGroups", [])
            if len(groups) == 1:
                data["TargetGroupArn"] = groups[0]["TargetGroupArn"]
        for name in ("AuthenticateOidcConfig", "AuthenticateCognitoConfig"):
            if name in data:
                data[name] = {**login, **data[name]}
                data[name].pop("ClientSecret", None)
        data.setdefault("Order", 1)
        action_init(self, data)

    models.FakeAction.__init__ = action

    headers = [
        "access_control_allow_credentials", "access_control_allow_headers", "access_control_allow_methods",
        "access_control_allow_origin", "access_control_expose_headers", "access_control_max_age",
        "content_security_policy", "strict_transport_security", "x_content_type_options", "x_frame_options",
    ]
    http = {f"routing.http.response.{it}.header_value": "" for it in headers}
    http["routing.http.response.server.enabled"] = "true"
    asked = {
        "x_amzn_mtls_clientcert": "X-Amzn-Mtls-Clientcert",
        "x_amzn_mtls_clientcert_issuer": "X-Amzn-Mtls-Clientcert-Issuer",
        "x_amzn_mtls_clientcert_leaf": "X-Amzn-Mtls-Clientcert-Leaf",
        "x_amzn_mtls_clientcert_serial_number": "X-Amzn-Mtls-Clientcert-Serial-Number",
        "x_amzn_mtls_clientcert_subject": "X-Amzn-Mtls-Clientcert-Subject",
        "x_amzn_mtls_clientcert_validity": "X-Amzn-Mtls-Clientcert-Validity",
        "x_amzn_tls_cipher_suite": "X-Amzn-Tls-Cipher-Suite",
        "x_amzn_tls_version": "X-Amzn-Tls-Version",
    }
    https = {**http, **{f"routing.http.request.{key}.header_name": it for key, it in asked.items()}}

    def attributes(protocol):
        connections = {"tcp.idle_timeout.seconds": "350"}
        return dict({"HTTP": http, "HTTPS": https, "TCP": connections, "": connections}.get(protocol, {}))

    def settle(listener, params):
        tls = listener.protocol in ("HTTPS", "TLS")
        if not tls:
            listener.ssl_policy = None
        if listener.protocol == "HTTPS":
            before = getattr(listener, "mutual_authentication", None) or {"Mode": "off"}
            listener.mutual_authentication = params.get("MutualAuthentication") or before
        else:
            listener.mutual_authentication = None

    create = backend.create_listener

    def create_listener(self, load_balancer_arn, protocol, port, *args, **kwargs):
        found = self.load_balancers.get(load_balancer_arn)
        same = lambda it: str(it.port) == str(port) and (found.type != "gateway")
        if found is not None and any(map(same, found.listeners.values())):
            raise models.DuplicateListenerError()
        made = create(self, load_balancer_arn, protocol, port, *args, **kwargs)
        made.attributes = attributes(made.protocol)
        return made

    backend.create_listener = create_listener
    created = response.create_listener

    def create_by_response(self):
        answer = created(self)
        settle(answer.result["Listeners"][0], self._get_params())
        return answer

    response.create_listener = create_by_response

    def modify_listener(self):
        params = self._get_params()
        arn, mine = params["ListenerArn"], self.elbv2_backend
        listener = mine.describe_listeners(None, [arn])[0]
        actions = [models.FakeAction(it) for it in params.get("DefaultActions", [])]
        mine._validate_actions(actions)
        protocol = params.get("Protocol", listener.protocol)
        if protocol != listener.protocol:
            listener.attributes = attributes(protocol)
        listener.protocol, listener.port = protocol, params.get("Port", listener.port)
        listener.ssl_policy = params.get("SslPolicy", listener.ssl_policy or "ELBSecurityPolicy-2016-08")
        listener.alpn_policy = params.get("AlpnPolicy", listener.alpn_policy)
        if params.get("Certificates"):
            listener.certificate = params["Certificates"][0]["CertificateArn"]
            listener.certificates = [listener.certificate, *listener.certificates[1:]]
        if actions:
            listener.default_actions = listener._default_rule[0].actions = actions
        settle(listener, params)
        return responses.ActionResult({"Listeners": [listener]})

    response.modify_listener = modify_listener

    # A listener tells its own certificate only.
    own = lambda all: [{"CertificateArn": it} for it in all[:1]] or None
    paths = dict(response.RESPONSE_KEY_PATH_TO_TRANSFORMER)
    paths.update({key: own for key, it in paths.items() if it is responses.transform_certificates})
    response.RESPONSE_KEY_PATH_TO_TRANSFORMER = paths

    add = backend.add_listener_certificates

    def add_listener_certificates(self, arn, certificates):
        listener = self.describe_listeners(None, [arn])[0]
        further = listener.certificates[1:]
        return add(self, arn, [it for it in certificates if it["CertificateArn"] not in further])

    backend.add_listener_certificates = add_listener_certificates


def repair_load_balancing_lists():
    # AWS refuses a list of ARNs of which one is gone; moto leaves it out, or tells another one instead.
    import moto.elbv2.models as models

    backend = models.ELBv2Backend
    balancers, listeners, tags = (
        backend.describe_load_balancers,
        backend.describe_listeners,
        backend.describe_tags,
    )

    def describe_load_balancers(self, arns, names):
        found = {it.name for it in self.load_balancers.values()}
        if any(it not in self.load_balancers for it in arns or []) or any(it not in found for it in names or []):
            raise models.LoadBalancerNotFoundError()
        return balancers(self, arns, names)

    def describe_listeners(self, load_balancer_arn, listener_arns):
        found = listeners(self, load_balancer_arn, listener_arns)
        if not load_balancer_arn and len(found) != len(set(listener_arns)):
            raise models.ListenerNotFoundError()
        return found

    def describe_tags(self, resource_arns):
        for it in resource_arns:
            self._get_resource_by_arn(it)
        return tags(self, resource_arns)

    backend.describe_load_balancers = describe_load_balancers
    backend.describe_listeners = describe_listeners
    backend.describe_tags = describe_tags


