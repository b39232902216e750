"""Repairs of moto's launch configurations, of what is attached to groups, and of scheduled actions. Each says
what AWS answers."""


def repair_launch_configurations():
    # A name stands once; disks, tenancy and monitoring are given back as they were sent; what a group uses
    # stays; what is not there is refused, by groups too. A group has a launch configuration or a template.
    import moto.autoscaling.models as models
    import moto.autoscaling.responses as responses

    response, group, kind = responses.AutoScalingResponse, models.FakeAutoScalingGroup, models.FakeLaunchConfiguration
    group.launch_configuration_name = None
    kind.devices, kind.placement_tenancy = (), None
    kind.block_device_mappings = property(lambda self: list(self.devices))

    def missing(name):
        text = f"Launch configuration name not found - Launch configuration {name} not found"
        return models.AutoscalingClientError("ValidationError", text)

    create = response.create_launch_configuration

    def create_launch_configuration(self):
        all, name = self.autoscaling_backend.launch_configurations, self._get_param("LaunchConfigurationName")
        if name in all:
            text = "Launch Configuration by this name already exists - A launch configuration already exists"
            raise models.AutoscalingClientError("AlreadyExists", f"{text} with the name {name}")
        answer = create(self)
        made, devices = all[name], self._get_param("BlockDeviceMappings", [])
        made.devices = devices
        # Of these instances get volumes.
        made.block_device_mapping_dict = [it for it in devices if it.get("Ebs") and not it.get("NoDevice")]
        made.placement_tenancy = self._get_param("PlacementTenancy")
        made.associate_public_ip_address = self._get_param("AssociatePublicIpAddress")
        made.instance_monitoring_enabled = self._get_param("InstanceMonitoring", {}).get("Enabled", True)
        return answer

    def delete_launch_configuration(self):
        backend, name = self.autoscaling_backend, self._get_param("LaunchConfigurationName")
        if name not in backend.launch_configurations:
            raise missing(name)
        for it in backend.autoscaling_groups.values():
            if it.launch_configuration_name == name:
                text = f"Cannot delete launch configuration {name} because it is attached to AutoScalingGroup {it.name}"
                raise models.AutoscalingClientError("ResourceInUse", text)
        return delete(self)

    delete = response.delete_launch_configuration
    response.create_launch_configuration = create_launch_configuration
    response.delete_launch_configuration = delete_launch_configuration

    def there(self):
        name = self._get_param("LaunchConfigurationName")
        if name and name not in self.autoscaling_backend.launch_configurations:
            raise missing(name)
        return name

    make = response.create_auto_scaling_group

    def create_auto_scaling_group(self):
        there(self)
        return make(self)

    change = response.update_auto_scaling_group

    def update_auto_scaling_group(self):
        name = there(self)
        found = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
        if found and name:
            found.ec2_launch_template, found.mixed_instances_policy = None, None
        answer = change(self)
        if self._get_param("LaunchTemplate") or self._get_param("MixedInstancesPolicy"):
            found.launch_config, found.launch_configuration_name = None, None
        return answer

    response.create_auto_scaling_group = create_auto_scaling_group
    response.update_auto_scaling_group = update_auto_scaling_group


def repair_attachments():
    # There has to be a group, and what is detached has to be attached; moto fails, or does not mind.
    import moto.autoscaling.models as models
    import moto.autoscaling.responses as responses

    response = responses.AutoScalingResponse

    def checked(operation, names, attribute, what):
        def answer(self):
            found = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
            if found is None:
                raise models.AutoscalingClientError("ValidationError", "AutoScalingGroup name not found - null")
            if what and any(it not in getattr(found, attribute) for it in self._get_param(names, [])):
                text = f"Trying to remove {what} that are not part of the group"
                raise models.AutoscalingClientError("ValidationError", text)
            return operation(self)

        return answer

    for name, names, attribute, what in (
        ("attach_load_balancers", "LoadBalancerNames", "load_balancer_names", None),
        ("detach_load_balancers", "LoadBalancerNames", "load_balancer_names", "Load Balancers"),
        ("attach_load_balancer_target_groups", "TargetGroupARNs", "target_group_arns", None),
        ("detach_load_balancer_target_groups", "TargetGroupARNs", "target_group_arns", "Target Groups"),
    ):
        setattr(response, name, checked(getattr(response, name), names, attribute, what))


def repair_scheduled_updates():
    # An action's name is unique within its group, and it goes with it; it has an ARN; what a second call does
    # not say stays.
    import uuid

    import moto.autoscaling.models as models

    backend = models.AutoScalingBackend
    put = backend.put_scheduled_update_group_action
    kept = ("desired_capacity", "max_size", "min_size", "start_time", "end_time", "recurrence", "time_zone")

    def put_scheduled_update_group_action(self, name, scheduled_action_name, **sent):
        if name not in self.autoscaling_groups:
            raise models.AutoscalingClientError("ValidationError", "AutoScalingGroup name not found - null")
        key, others = f"{name}/{scheduled_action_name}", self.scheduled_actions
        self.scheduled_actions = {}
        made = put(self, name=name, scheduled_action_name=scheduled_action_name, **sent)
        old = others.get(key)
        for it in kept if old else ():
            if getattr(made, it) is None:
                setattr(made, it, getattr(old, it))
        start = f"arn:aws:autoscaling:{self.region_name}:{self.account_id}:scheduledUpdateGroupAction"
        made.scheduled_action_arn = (
            f"{start}:{uuid.uuid5(uuid.NAMESPACE_URL, key)}:autoScalingGroupName/{name}"
            f":scheduledActionName/{scheduled_action_name}"
        )
        self.scheduled_actions = {**others, key: made}
        return made

    def delete_scheduled_action(self, auto_scaling_group_name, scheduled_action_name):
        if self.scheduled_actions.pop(f"{auto_scaling_group_name}/{scheduled_action_name}", None) is None:
            raise models.AutoscalingClientError("ValidationError", "Scheduled action name not found")

    delete = backend.delete_auto_scaling_group

    def delete_auto_scaling_group(self, group_name):
        delete(self, group_name)
        left = self.scheduled_actions.items()
        self.scheduled_actions = {key: it for key, it in left if it.auto_scaling_group_name != group_name}

    backend.put_scheduled_update_group_action = put_scheduled_update_group_action
    backend.delete_scheduled_action = delete_scheduled_action
    backend.delete_auto_scaling_group = delete_auto_scaling_group


def repair_scheduled_actions():
    # An action needs its target, and goes with it; one that is not there is told by a code of its own. Fifty are
    # in an answer. After the repairs of containers, whose target this goes on with.
    import json

    from moto.applicationautoscaling import models
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response
    from moto.applicationautoscaling.responses import _build_scheduled_action
    from moto.core.exceptions import JsonRESTError

    Backend = models.ApplicationAutoscalingBackend

    def missing(what, namespace, resource, dimension):
        place = f"service namespace: {namespace}, resource ID: {resource}, scalable dimension: {dimension}"
        return JsonRESTError("ObjectNotFoundException", f"No {what} for {place}")

    put = Backend.put_scheduled_action

    def put_scheduled_action(self, **sent):
        place = sent["service_namespace"], sent["resource_id"], sent["scalable_dimension"]
        if not self._scalable_target_exists(*place[1:]):
            raise missing("scalable target registered", *place)
        put(self, **sent)

    delete = Backend.delete_scheduled_action

    def delete_scheduled_action(self, service_namespace, scheduled_action_name, resource_id, scalable_dimension):
        before = len(self.scheduled_actions)
        delete(self, service_namespace, scheduled_action_name, resource_id, scalable_dimension)
        if len(self.scheduled_actions) == before:
            raise missing("scheduled action found", service_namespace, resource_id, scalable_dimension)

    deregister = Backend.deregister_scalable_target

    def deregister_scalable_target(self, namespace, r_id, dimension):
        deregister(self, namespace, r_id, dimension)
        of = lambda it: (it.service_namespace, it.resource_id, it.scalable_dimension)
        self.scheduled_actions = [it for it in self.scheduled_actions if of(it) != (namespace, r_id, dimension)]

    def describe_scheduled_actions(self):
        found = self.applicationautoscaling_backend.describe_scheduled_actions(
            scheduled_action_names=self._get_param("ScheduledActionNames"),
            service_namespace=self._get_param("ServiceNamespace"),
            resource_id=self._get_param("ResourceId"),
            scalable_dimension=self._get_param("ScalableDimension"),
        )
        start, size = int(self._get_param("NextToken") or 0), self._get_int_param("MaxResults") or 50
        page = [_build_scheduled_action(it) for it in found[start : start + size]]
        answer = {"ScheduledActions": [{k: v for k, v in it.items() if v is not None} for it in page]}
        if len(found) > start + size:
            answer["NextToken"] = str(start + size)
        return json.dumps(answer)

    Backend.put_scheduled_action = put_scheduled_action
    Backend.delete_scheduled_action = delete_scheduled_action
    Backend.deregister_scalable_target = deregister_scalable_target
    Response.describe_scheduled_actions = describe_scheduled_actions
