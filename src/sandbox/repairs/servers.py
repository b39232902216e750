"""Repairs of moto's machines: EC2's instances and launch templates, Auto Scaling. Each says what AWS answers."""


def repair_instances():
    # What AWS keeps and moto drops: RunInstances with a token that was used before answers with what that
    # made; the image's root volume stands beside the volumes that the call names; volumes have their type,
    # their IOPS and throughput; the first interface goes with its instance; many options are given back.
    import moto.ec2.models.instances as models
    import moto.ec2.responses.instances as responses
    from moto.core.responses import ActionResult
    from moto.ec2.utils import filter_dict_attribute_mapping

    filter_dict_attribute_mapping["client-token"] = "client_token"
    response, instance = responses.InstanceResponse, models.Instance

    kept = {
        "CpuOptions": "cpu_options",
        "EnclaveOptions": "enclave_options",
        "MaintenanceOptions": "maintenance_options",
        "PrivateDnsNameOptions": "private_dns_name_options",
        "CapacityReservationSpecification": "capacity_reservation_specification",
    }

    def defaults():
        return {
            "cpu_options": {"CoreCount": 1, "ThreadsPerCore": 2},
            "enclave_options": {"Enabled": False},
            "maintenance_options": {"AutoRecovery": "default"},
            "private_dns_name_options": {
                "HostnameType": "ip-name",
                "EnableResourceNameDnsARecord": False,
                "EnableResourceNameDnsAAAARecord": False,
            },
            "capacity_reservation_specification": {"CapacityReservationPreference": "open"},
        }

    def launched_with(self, made):
        template = self._get_param("LaunchTemplate", {})
        data = self.ec2_backend._get_template_from_args(template).data if template else {}
        sent = self._get_params()
        burstable = made.instance_type.split(".")[0] in ("t2", "t3", "t3a", "t4g")
        standard = "standard" if made.instance_type.startswith("t2.") else "unlimited"
        for key, value in defaults().items():
            setattr(made, key, value)
        for key, attribute in kept.items():
            said = sent.get(key) or data.get(key)
            if said:
                setattr(made, attribute, {**getattr(made, attribute), **said})
        credit = sent.get("CreditSpecification") or data.get("CreditSpecification") or {}
        made.cpu_credits = credit.get("CpuCredits") or (standard if burstable else None)
        for key, attribute in (
            ("DisableApiTermination", "disable_api_termination"),
            ("DisableApiStop", "disable_api_stop"),
            ("EbsOptimized", "ebs_optimized"),
        ):
            said = sent.get(key, data.get(key))
            setattr(made, attribute, bool(said) and said is not None and str(said).lower() != "false")
        behavior = sent.get("InstanceInitiatedShutdownBehavior") or data.get("InstanceInitiatedShutdownBehavior")
        made.instance_initiated_shutdown_behavior = behavior or "stop"
        options = {**data.get("MetadataOptions", {}), **sent.get("MetadataOptions", {})}
        made.metadata_options = models.MetadataOptions(options)
        if "Monitoring" not in sent and data.get("Monitoring", {}).get("Enabled"):
            made.monitoring_state = "enabled"
        for key, attribute in (("GroupName", "group_name"), ("Tenancy", "tenancy"), ("HostId", "host_id")):
            said = sent.get("Placement", {}).get(key) or data.get("Placement", {}).get(key)
            if said:
                setattr(made._placement, attribute, said)

    def with_volumes(self, made, mappings, tags):
        for mapping in mappings:
            sent, device = mapping.get("Ebs"), mapping["DeviceName"]
            if mapping.get("NoDevice") is not None or sent is None:
                continue
            there = made.block_device_mapping.get(device)
            keep = sent.get("DeleteOnTermination", True)
            if there is not None:
                volume = self.ec2_backend.get_volume(there.volume_id)
                self.ec2_backend.detach_volume(volume.id, made.id, device)
                self.ec2_backend.delete_volume(volume.id)
            kind = sent.get("VolumeType") or "gp2"
            volume = self.ec2_backend.create_volume(
                size=sent.get("VolumeSize") or 8,
                zone_name=made._placement.zone,
                snapshot_id=sent.get("SnapshotId"),
                encrypted=sent.get("Encrypted", False),
                kms_key_id=sent.get("KmsKeyId"),
                volume_type=kind,
                iops=sent.get("Iops"),
                throughput=sent.get("Throughput") or (125 if kind == "gp3" else None),
            )
            volume.add_tags(tags)
            self.ec2_backend.attach_volume(volume.id, made.id, device, keep)

    run = response.run_instances

    def run_instances(self):
        token = self._get_param("ClientToken")
        for reservation in self.ec2_backend.reservations.values() if token else ():
            if any(it.client_token == token for it in reservation.instances):
                return ActionResult(reservation)
        answer = run(self)
        tags = self._parse_tag_specification()
        for made in answer.result.instances:
            launched_with(self, made)
            with_volumes(self, made, self._get_param("BlockDeviceMappings", []), tags.get("volume", {}))
            for nic in made.nics.values():
                nic.add_tags(tags.get("network-interface", {}))
        return answer

    response.run_instances = run_instances
    # They are made afterwards, as they were sent.
    response._parse_block_device_mapping = lambda self: []

    def setup_defaults(self):
        volume = self.ec2_backend.create_volume(size=8, zone_name=self._placement.zone, volume_type="gp2")
        self.ec2_backend.attach_volume(volume.id, self.id, self.root_device_name, True)

    instance.setup_defaults = setup_defaults

    # A launch template's volume takes the place of the image's, and goes with the instance.
    add = instance.add_block_device

    def add_block_device(self, size, device_path, *args, **kwargs):
        there = self.block_device_mapping.get(device_path)
        if there is not None:
            self.ec2_backend.detach_volume(there.volume_id, self.id, device_path)
            self.ec2_backend.delete_volume(there.volume_id)
        add(self, size or 8, device_path, *args, **kwargs)
        self.block_device_mapping[device_path].delete_on_termination = True

    instance.add_block_device = add_block_device

    prepare = instance.prep_nics

    def prep_nics(self, nic_spec, **rest):
        for nic in nic_spec:
            if not nic.get("NetworkInterfaceId"):
                nic.setdefault("DeleteOnTermination", True)
        prepare(self, nic_spec, **rest)
        if not nic_spec:
            self.nics[0].delete_on_termination = True

    instance.prep_nics = prep_nics

    # Terminated again, nothing happens; its interfaces are gone from it.
    terminate = instance.terminate

    def terminate_once(self):
        if self._state.name == "terminated":
            return models.InstanceState("terminated", 48)
        before = terminate(self)
        self.nics = {key: nic for key, nic in self.nics.items() if not nic.delete_on_termination}
        return before

    instance.terminate = terminate_once
    for name in ("private_ip", "private_ip_address", "public_ip", "public_ip_address"):
        inner = "public_ip" if name.startswith("public") else "private_ip_address"
        setattr(instance, name, property(lambda self, it=inner: getattr(self.nics[0], it) if self.nics else None))
    named = instance.private_dns_name.fget
    instance.private_dns_name = property(lambda self: named(self) if self.nics else "")


def repair_instance_changes():
    # AWS changes each attribute of an instance by itself, and forgets user data that is sent empty; moto
    # takes what it does not know for a change of security groups, decodes user data twice, and lacks several
    # of the calls.
    import base64

    import moto.ec2.models.elastic_network_interfaces as interfaces
    import moto.ec2.models.instances as models
    import moto.ec2.responses.instances as responses
    import moto.ec2.responses.monitoring as monitoring
    from moto.core.responses import ActionResult, EmptyResult
    from moto.core.types import Base64EncodedString

    response = responses.InstanceResponse
    modify = response.modify_instance_attribute

    def modify_instance_attribute(self):
        sent = self._get_params()
        found = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        if "InstanceInitiatedShutdownBehavior" in sent:
            behavior = sent["InstanceInitiatedShutdownBehavior"]["Value"]
            found.instance_initiated_shutdown_behavior = behavior
            return EmptyResult()
        if "UserData" in sent:
            value = (sent["UserData"] or {}).get("Value") or b""
            value = value.encode() if isinstance(value, str) else value
            # User data is bytes, and need not be text.
            found.user_data = Base64EncodedString.from_encoded_bytes(base64.b64encode(value)) if value else None
            return EmptyResult()
        answer = modify(self)
        if "SourceDestCheck" in sent:
            for nic in found.nics.values():
                nic.source_dest_check = found.source_dest_check
        return answer

    response.modify_instance_attribute = modify_instance_attribute

    describe = response.describe_instance_attribute

    def describe_instance_attribute(self):
        answer = describe(self)
        if answer.result.get("UserData") == "":
            answer.result["UserData"] = {}
        return answer

    response.describe_instance_attribute = describe_instance_attribute

    def describe_credits(self):
        ids = set(self._get_param("InstanceIds", []) or self._filters_from_querystring().get("instance-id", []))
        found = (it for it in self.ec2_backend.all_instances() if not ids or it.id in ids)
        found = [it for it in found if getattr(it, "cpu_credits", None) and it._state.name != "terminated"]
        rows = [{"InstanceId": it.id, "CpuCredits": it.cpu_credits} for it in found]
        return ActionResult({"InstanceCreditSpecifications": rows})

    response.describe_instance_credit_specifications = describe_credits

    def modify_credits(self):
        rows = self._get_param("InstanceCreditSpecifications", [])
        for row in rows:
            self.ec2_backend.get_instance(row["InstanceId"]).cpu_credits = row["CpuCredits"]
        done = [{"InstanceId": it["InstanceId"]} for it in rows]
        return ActionResult({"SuccessfulInstanceCreditSpecifications": done})

    response.modify_instance_credit_specification = modify_credits

    def keeping(attribute, *names):
        def change(self):
            found = self.ec2_backend.get_instance(self._get_param("InstanceId"))
            sent = {it: self._get_param(it) for it in names if self._get_param(it) is not None}
            setattr(found, attribute, {**(getattr(found, attribute, None) or {}), **sent})
            return ActionResult({"InstanceId": found.id, "Return": True, **sent})

        return change

    response.modify_instance_maintenance_options = keeping("maintenance_options", "AutoRecovery")

    def modify_names(self):
        found = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        old = dict(found.private_dns_name_options)
        for sent, name in (
            ("PrivateDnsHostnameType", "HostnameType"),
            ("EnableResourceNameDnsARecord", "EnableResourceNameDnsARecord"),
            ("EnableResourceNameDnsAAAARecord", "EnableResourceNameDnsAAAARecord"),
        ):
            if self._get_param(sent) is not None:
                old[name] = self._get_param(sent)
        found.private_dns_name_options = old
        return ActionResult({"Return": True})

    response.modify_private_dns_name_options = modify_names

    def modify_reservation(self):
        found = self.ec2_backend.get_instance(self._get_param("InstanceId"))
        found.capacity_reservation_specification = self._get_param("CapacityReservationSpecification")
        return ActionResult({"Return": True})

    response.modify_instance_capacity_reservation_attributes = modify_reservation

    def monitor(state):
        def change(self):
            ids = self._get_param("InstanceIds", [])
            for it in ids:
                self.ec2_backend.get_instance(it).monitoring_state = state
            return ActionResult({"InstanceMonitorings": [{"InstanceId": it, "Monitoring": {"State": state}} for it in ids]})

        return change

    monitoring.Monitoring.monitor_instances = monitor("enabled")
    monitoring.Monitoring.unmonitor_instances = monitor("disabled")

    # An instance's groups are those of its first interface: moto keeps both, and changes one.
    backend = interfaces.NetworkInterfaceBackend
    modify_interface = backend.modify_network_interface_attribute

    def modify_network_interface_attribute(self, eni_id, group_ids, *args, **kwargs):
        modify_interface(self, eni_id, group_ids, *args, **kwargs)
        interface = self.get_network_interface(eni_id)
        if group_ids and interface.instance and interface.device_index == 0:
            interface.instance.security_groups = list(interface._group_set)

    backend.modify_network_interface_attribute = modify_network_interface_attribute


def repair_launch_templates():
    # A template's own tags are apart from those that it gives to what it launches, and can be changed;
    # there are more than 15 of them; one that is gone is missing by its id.
    import moto.ec2.models.launch_templates as models
    import moto.ec2.responses.launch_templates as responses
    from moto.ec2.exceptions import InvalidLaunchTemplateIdNotFound
    from moto.ec2.utils import convert_tag_spec, parse_user_data

    models.LaunchTemplate.tags = property(lambda self: self.get_tags(), lambda self, value: None)
    backend, response = models.LaunchTemplateBackend, responses.LaunchTemplates
    create = backend.create_launch_template

    def create_launch_template(self, name, description, template_data, tag_spec):
        own = {"launch-template": tag_spec.get("launch-template", {})} if tag_spec else {}
        # The answer's caller has put them among the data.
        specs = template_data.get("TagSpecifications", [])
        specs = [it for it in specs if it.get("ResourceType") != "launch-template"]
        if specs:
            template_data["TagSpecifications"] = specs
        else:
            template_data.pop("TagSpecifications", None)
        return create(self, name, description, template_data, own)

    backend.create_launch_template = create_launch_template

    plain = response._get_int_param
    response._get_int_param = lambda self, name, default=None: plain(
        self, name, 100000 if name == "MaxResults" and default == 15 else default
    )

    version = models.LaunchTemplate.create_version

    def create_version(self, data, description):
        if isinstance(data.get("UserData"), str):
            data["UserData"] = parse_user_data(data["UserData"])
        return version(self, data, description)

    models.LaunchTemplate.create_version = create_version

    def by_id(change):
        def checked(self, *args, **kwargs):
            wanted = kwargs.get("template_id") or (args[1] if len(args) > 1 else None)
            if wanted and wanted not in self.launch_templates:
                raise InvalidLaunchTemplateIdNotFound(wanted)
            return change(self, *args, **kwargs)

        return checked

    backend.delete_launch_template = by_id(backend.delete_launch_template)
    describe = backend.describe_launch_templates

    def describe_launch_templates(self, template_names=None, template_ids=None, filters=None):
        for it in template_ids or []:
            if it not in self.launch_templates:
                raise InvalidLaunchTemplateIdNotFound(it)
        return describe(self, template_names, template_ids, filters)

    backend.describe_launch_templates = describe_launch_templates


def repair_scaling_groups():
    # A group's name is unique; AWS keeps all that is said of a group, changes what an update names and
    # nothing else, and tells the time of its making with its zone; a group has a template or a mixed
    # policy, not both; its policies and hooks go with it.
    import datetime

    import moto.autoscaling.models as models
    import moto.autoscaling.responses as responses
    from moto.core.responses import ActionResult, EmptyResult

    response, backend, group = responses.AutoScalingResponse, models.AutoScalingBackend, models.FakeAutoScalingGroup
    kept = {
        "AvailabilityZoneDistribution": "availability_zone_distribution",
        "AvailabilityZoneImpairmentPolicy": "availability_zone_impairment_policy",
        "CapacityRebalance": "capacity_rebalance",
        "CapacityReservationSpecification": "capacity_reservation_specification",
        "Context": "context",
        "DefaultCooldown": "default_cooldown",
        "DefaultInstanceWarmup": "default_instance_warmup",
        "DesiredCapacityType": "desired_capacity_type",
        "HealthCheckGracePeriod": "health_check_grace_period",
        "InstanceMaintenancePolicy": "instance_maintenance_policy",
        "MaxInstanceLifetime": "max_instance_lifetime",
        "PlacementGroup": "placement_group",
        "ServiceLinkedRoleARN": "service_linked_role_arn",
        "TerminationPolicies": "termination_policies",
    }
    for name in kept.values():
        if not hasattr(group, name):
            setattr(group, name, None)
    group.lattice = ()
    group.provided_launch_template_version = None

    def keep(self, it):
        sent = self._get_params()
        for key, name in kept.items():
            if key in sent:
                setattr(it, name, sent[key])
        # These are switched off by such values.
        if it.default_instance_warmup is not None and it.default_instance_warmup < 0:
            it.default_instance_warmup = None
        if not it.max_instance_lifetime:
            it.max_instance_lifetime = None
        if not it.placement_group:
            it.placement_group = None
        policy = it.instance_maintenance_policy or {}
        if policy.get("MinHealthyPercentage", 0) < 0:
            it.instance_maintenance_policy = None

    create = response.create_auto_scaling_group

    def create_auto_scaling_group(self):
        name = self._get_param("AutoScalingGroupName")
        if name in self.autoscaling_backend.autoscaling_groups:
            text = f"AutoScalingGroup by this name already exists - A group with the name {name} already exists"
            raise models.AutoscalingClientError("AlreadyExists", text)
        answer = create(self)
        made = self.autoscaling_backend.autoscaling_groups[name]
        made.created_time = datetime.datetime.now(datetime.timezone.utc)
        keep(self, made)
        for it in self._get_params().get("LifecycleHookSpecificationList", []):
            self.autoscaling_backend.create_lifecycle_hook(
                name=it["LifecycleHookName"],
                as_name=name,
                transition=it["LifecycleTransition"],
                timeout=it.get("HeartbeatTimeout"),
                result=it.get("DefaultResult"),
            )
        attach(self.autoscaling_backend, made, self._get_params().get("TrafficSources", []))
        return answer

    response.create_auto_scaling_group = create_auto_scaling_group

    update = response.update_auto_scaling_group

    def update_auto_scaling_group(self):
        found = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        before = found and (found.mixed_instances_policy, found.ec2_launch_template)
        answer = update(self)
        sent = self._get_params()
        if not any(it in sent for it in ("LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName")):
            found.mixed_instances_policy, found.ec2_launch_template = before
        keep(self, found)
        return answer

    response.update_auto_scaling_group = update_auto_scaling_group

    template = group.launch_template.fget
    group.launch_template = property(lambda self: None if self.mixed_instances_policy else template(self))

    delete = backend.delete_auto_scaling_group

    def delete_auto_scaling_group(self, group_name):
        found = self.autoscaling_groups.get(group_name)
        for state in found.instance_states if found else ():
            state.protected_from_scale_in = False
        delete(self, group_name)
        self.policies = {key: it for key, it in self.policies.items() if it.auto_scaling_group_name != group_name}
        hooks = self.lifecycle_hooks.items()
        self.lifecycle_hooks = {key: it for key, it in hooks if it.auto_scaling_group_name != group_name}

    backend.delete_auto_scaling_group = delete_auto_scaling_group

    # All that sends it traffic is told in one list too.
    def sources(self):
        out = [{"Identifier": it, "Type": "elbv2"} for it in self.target_group_arns]
        out += [{"Identifier": it, "Type": "elb"} for it in self.load_balancer_names]
        return out + list(self.lattice)

    group.traffic_sources = property(sources)

    def kind(it):
        given = it.get("Type")
        return given or ("elbv2" if ":targetgroup/" in it["Identifier"] else "elb")

    def attach(self, found, wanted):
        for it in wanted:
            name = it["Identifier"]
            if kind(it) == "elbv2":
                self.attach_load_balancer_target_groups(found.name, [name])
            elif kind(it) == "elb":
                self.attach_load_balancers(found.name, [name])
            elif name not in [it["Identifier"] for it in found.lattice]:
                found.lattice = (*found.lattice, {"Identifier": name, "Type": kind(it)})

    def attach_traffic_sources(self):
        found = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
        attach(self.autoscaling_backend, found, self._get_param("TrafficSources", []))
        return EmptyResult()

    def detach_traffic_sources(self):
        found = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
        for it in self._get_param("TrafficSources", []):
            name = it["Identifier"]
            if kind(it) == "elbv2":
                self.autoscaling_backend.detach_load_balancer_target_groups(found.name, [name])
            elif kind(it) == "elb":
                self.autoscaling_backend.detach_load_balancers(found.name, [name])
            found.lattice = tuple(it for it in found.lattice if it["Identifier"] != name)
        return EmptyResult()

    def describe_traffic_sources(self):
        found = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        rows = [{**it, "TrafficSource": it["Identifier"], "State": "InService"} for it in sources(found)] if found else []
        return ActionResult({"TrafficSources": rows})

    response.attach_traffic_sources = attach_traffic_sources
    response.detach_traffic_sources = detach_traffic_sources
    response.describe_traffic_sources = describe_traffic_sources


def repair_scaling_group_upkeep():
    # Metrics are switched on and off one by one; instance refreshes replace the instances; moto knows
    # neither. A group without a warm pool has no configuration of one.
    import datetime
    import uuid

    import moto.autoscaling.models as models
    import moto.autoscaling.responses as responses
    from moto.core.responses import ActionResult, EmptyResult

    response, group = responses.AutoScalingResponse, models.FakeAutoScalingGroup
    every = [
        "GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
        "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances", "GroupInServiceCapacity",
        "GroupPendingCapacity", "GroupStandbyCapacity", "GroupTerminatingCapacity", "GroupTotalCapacity",
        "WarmPoolDesiredCapacity", "WarmPoolWarmedCapacity", "WarmPoolPendingCapacity",
        "WarmPoolTerminatingCapacity", "WarmPoolTotalCapacity", "GroupAndWarmPoolDesiredCapacity",
        "GroupAndWarmPoolTotalCapacity",
    ]  # fmt: skip

    def found(self):
        name = self._get_param("AutoScalingGroupName")
        it = self.autoscaling_backend.autoscaling_groups.get(name)
        if it is None:
            text = f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
            raise models.AutoscalingClientError("ValidationError", text)
        return it

    def enable_metrics_collection(self):
        it = found(self)
        it.metrics = sorted({*it.metrics, *(self._get_param("Metrics", []) or every)})
        return EmptyResult()

    def disable_metrics_collection(self):
        it, gone = found(self), self._get_param("Metrics", []) or every
        it.metrics = [name for name in it.metrics if name not in gone]
        return EmptyResult()

    response.enable_metrics_collection = enable_metrics_collection
    response.disable_metrics_collection = disable_metrics_collection
    group.refreshes = ()

    def start_instance_refresh(self):
        it, now = found(self), datetime.datetime.now(datetime.timezone.utc)
        capacity = it.desired_capacity
        it.set_desired_capacity(0)
        it.set_desired_capacity(capacity)
        made = {
            "InstanceRefreshId": str(uuid.uuid4()),
            "AutoScalingGroupName": it.name,
            "Status": "Successful",
            "StartTime": now,
            "EndTime": now,
            "PercentageComplete": 100,
            "InstancesToUpdate": 0,
        }
        it.refreshes = (made, *it.refreshes)
        return ActionResult({"InstanceRefreshId": made["InstanceRefreshId"]})

    def describe_instance_refreshes(self):
        wanted = self._get_param("InstanceRefreshIds", [])
        rows = [it for it in found(self).refreshes if not wanted or it["InstanceRefreshId"] in wanted]
        return ActionResult({"InstanceRefreshes": rows})

    def cancel_instance_refresh(self):
        name = self._get_param("AutoScalingGroupName")
        text = f"No in progress or pending Instance Refresh found for Auto Scaling group {name}"
        raise models.AutoscalingClientError("ActiveInstanceRefreshNotFound", text)

    response.start_instance_refresh = start_instance_refresh
    response.describe_instance_refreshes = describe_instance_refreshes
    response.cancel_instance_refresh = cancel_instance_refresh


def repair_scaling_policies():
    # A policy's name is unique within its group; it keeps whether it is enabled, has no cooldown that was not
    # sent, and goes by group and name.
    import moto.autoscaling.models as models
    import moto.autoscaling.responses as responses
    from moto.core.responses import EmptyResult

    response, backend, policy = responses.AutoScalingResponse, models.AutoScalingBackend, models.FakeScalingPolicy
    put = backend.put_scaling_policy
    policy.enabled = True

    def put_scaling_policy(self, name, *args, **kwargs):
        group = kwargs["as_name"]
        if group not in self.autoscaling_groups:
            text = f"Group {group} not found"
            raise models.AutoscalingClientError("ValidationError", text)
        others, self.policies = self.policies, {}
        made = put(self, name, *args, **kwargs)
        # Only what its kind has.
        if made.policy_type == "SimpleScaling":
            made.step_adjustments, made.cooldown = [], kwargs.get("cooldown")
        if made.policy_type != "PredictiveScaling":
            made.predictive_scaling_configuration = None
        self.policies = {**others, f"{group}/{name}": made}
        return made

    backend.put_scaling_policy = put_scaling_policy
    sent = response.put_scaling_policy

    def put_with_switch(self):
        answer = sent(self)
        key = f"{self._get_param('AutoScalingGroupName')}/{self._get_param('PolicyName')}"
        self.autoscaling_backend.policies[key].enabled = self._get_bool_param("Enabled", True)
        return answer

    response.put_scaling_policy = put_with_switch

    def delete_policy(self):
        key = f"{self._get_param('AutoScalingGroupName')}/{self._get_param('PolicyName')}"
        if self.autoscaling_backend.policies.pop(key, None) is None:
            raise models.AutoscalingClientError("ValidationError", "Scaling policy not found")
        return EmptyResult()

    response.delete_policy = delete_policy


def repair_instance_profiles():
    # RemoveRoleFromInstanceProfile answers NoSuchEntity where the profile does not have the role; moto fails.
    from moto.iam.exceptions import NotFoundException
    from moto.iam.models import IAMBackend

    remove = IAMBackend.remove_role_from_instance_profile

    def remove_role(self, profile_name, role_name):
        profile = self.get_instance_profile(profile_name)
        if all(it.name != role_name for it in profile.roles):
            raise NotFoundException(f"Role {role_name} is not in the instance profile {profile_name}")
        return remove(self, profile_name, role_name)

    IAMBackend.remove_role_from_instance_profile = remove_role
