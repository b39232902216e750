"""Repairs of moto's containers: ECS, Application Auto Scaling, Cloud Map. Each says what AWS answers."""


def repair_ecs_clusters():
    from moto.ecs.exceptions import EcsClientException
    from moto.ecs.models import CapacityProvider, EC2ContainerServiceBackend

    # The name of a cluster that is there gives that cluster; moto makes a new one in its place, and has no
    # list of tags where none were given, on which its other answers fail.
    create = EC2ContainerServiceBackend.create_cluster

    def create_cluster(self, cluster_name, *args, **kwargs):
        there = self.clusters.get(cluster_name)
        if there is not None and there.status == "ACTIVE":
            return there
        new = create(self, cluster_name, *args, **kwargs)
        new.tags = new.tags or []
        return new

    # A capacity provider's name stands once, and one that is not there is refused; moto overwrites it,
    # and fails with an error of its own.
    make = EC2ContainerServiceBackend.create_capacity_provider

    def create_capacity_provider(self, name, *args, **kwargs):
        if name in self.capacity_providers:
            raise EcsClientException("The specified capacity provider already exists. To change it, update it.")
        new = make(self, name, *args, **kwargs)
        new.tags = new.tags or []
        return new

    prepare = CapacityProvider._prepare_asg_provider

    # Draining is on where nothing is said; moto leaves it open.
    def prepared(self, details):
        details = prepare(self, details)
        details.setdefault("managedDraining", "ENABLED")
        return details

    change = CapacityProvider.update

    def update(self, details):
        if "managedDraining" in details:
            self.auto_scaling_group_provider["managedDraining"] = details["managedDraining"]
        change(self, details)

    # While a cluster has it, a removal comes to nothing, and the answer says why; moto removes it.
    def delete_capacity_provider(self, name_or_arn):
        provider = self._get_provider(name_or_arn)
        if provider is None:
            raise EcsClientException(
                "The specified capacity provider does not exist. Specify a valid name or ARN and try again."
            )
        users = [it.name for it in self.clusters.values() if it.status == "ACTIVE"]
        users = [it for it in users if provider.name in (self.clusters[it].capacity_providers or [])]
        if users:
            provider.update_status = "DELETE_FAILED"
            provider.update_status_reason = (
                f"The capacity provider cannot be deleted because it is associated with cluster: {users[0]}. "
                "Remove the capacity provider from the cluster and try again."
            )
            return provider
        return self.capacity_providers.pop(provider.name)

    EC2ContainerServiceBackend.create_cluster = create_cluster
    EC2ContainerServiceBackend.create_capacity_provider = create_capacity_provider
    EC2ContainerServiceBackend.delete_capacity_provider = delete_capacity_provider
    CapacityProvider._prepare_asg_provider = prepared
    CapacityProvider.update = update


def repair_ecs_task_definitions():
    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow
    from moto.ecs.models import EC2ContainerServiceBackend, TaskDefinition
    from moto.ecs.responses import EC2ContainerServiceResponse

    init = TaskDefinition.__init__

    # AWS tells when it was registered, and fills in what a container leaves open; moto does half of that.
    def remembering(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.registered_at = utcnow()
        for container in self.container_definitions:
            container.setdefault("systemControls", [])
            for port in container["portMappings"]:
                port.setdefault("protocol", "tcp")
                own = port.get("containerPort") if self.network_mode == "awsvpc" else 0
                port.setdefault("hostPort", own)
        for volume in self.volumes:
            volume.setdefault("host", {})

    register = EC2ContainerServiceResponse.register_task_definition

    def register_task_definition(self):
        answer = register(self)
        answer.result["taskDefinition"].enable_fault_injection = self._get_param("enableFaultInjection")
        return answer

    # Memory that is only reserved is enough on machines of one's own; moto wants a limit too.
    validate = EC2ContainerServiceBackend._validate_container_defs

    def validated(memory, containers, compatibilities):
        enough = all("memory" in it or "memoryReservation" in it for it in containers)
        return validate(memory, containers, None if enough else compatibilities)

    # AWS lists them in the order that is asked for; moto as they were registered.
    def list_task_definitions(self):
        found = self.ecs_backend.list_task_definitions(
            self._get_param("familyPrefix"), self._get_param("status", "ACTIVE")
        )
        if self._get_param("sort") == "DESC":
            found = found[::-1]
        return ActionResult({"taskDefinitionArns": found[: self._get_int_param("maxResults", 100)]})

    TaskDefinition.__init__ = remembering
    EC2ContainerServiceResponse.register_task_definition = register_task_definition
    EC2ContainerServiceResponse.list_task_definitions = list_task_definitions
    EC2ContainerServiceBackend._validate_container_defs = staticmethod(validated)


class _Rollout:
    """What ECS does with a service's tasks: they run at once, or never, where their image cannot be had."""

    def __init__(self, backend, service):
        self.backend, self.service = backend, service

    def event(self, text):
        from moto.core.utils import utcnow
        from moto.moto_api._internal import mock_random

        one = {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": f"(service {self.service.name}) {text}"}
        self.service.events.insert(0, one)

    def image(self):
        """An image whose registry no name leads to (`.invalid` is kept for that), if any."""
        containers = self.backend.describe_task_definition(self.service.task_definition).container_definitions
        images = [it.get("image", "") for it in containers]
        return next((it for it in images if it.split("/")[0].endswith(".invalid")), None)

    def stop(self, deployment, image):
        from moto.core.utils import utcnow
        from moto.moto_api._internal import mock_random

        service = self.service
        now = utcnow()
        for _ in range(3):
            task = str(mock_random.uuid4()).replace("-", "")
            reason = f"CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref {image}"
            service.stopped.append(
                {
                    "taskArn": service.cluster_arn.replace(":cluster/", ":task/") + f"/{task}",
                    "clusterArn": service.cluster_arn,
                    "taskDefinitionArn": service.task_definition,
                    "group": f"service:{service.name}",
                    "startedBy": deployment["id"],
                    "lastStatus": "STOPPED",
                    "desiredStatus": "STOPPED",
                    "stopCode": "TaskFailedToStart",
                    "stoppedReason": reason,
                    "createdAt": now,
                    "stoppedAt": now,
                    "containers": [{"name": "web", "lastStatus": "STOPPED", "image": image}],
                }
            )
        deployment["failedTasks"] = 3

    def begin(self):
        from moto.core.utils import utcnow
        from moto.moto_api._internal import mock_random

        service, now = self.service, utcnow()
        before = next((it for it in service.deployments if it["rolloutState"] == "COMPLETED"), None)
        new = {
            "id": f"ecs-svc/{mock_random.randint(10**18, 10**19)}",
            "status": "PRIMARY",
            "taskDefinition": service.task_definition,
            "desiredCount": service.desired_count,
            "pendingCount": 0,
            "runningCount": 0,
            "failedTasks": 0,
            "createdAt": now,
            "updatedAt": now,
            "launchType": service.launch_type,
            "platformVersion": service.platform_version,
            "networkConfiguration": service.network_configuration,
            "serviceConnectConfiguration": service.service_connect,
            "volumeConfigurations": service.volumes,
            "vpcLatticeConfigurations": service.lattice,
            "rolloutState": "IN_PROGRESS",
        }
        new["rolloutStateReason"] = f"ECS deployment {new['id']} in progress."
        service.deployments = [new]
        image = self.image()
        if image is None or not service.desired_count:
            return self.complete(new)
        self.stop(new, image)
        self.event("was unable to place a task.")
        breaker = (service.deployment_configuration or {}).get("deploymentCircuitBreaker") or {}
        if not breaker.get("enable"):
            service.running_count = 0
            return
        new["rolloutState"] = "FAILED"
        new["rolloutStateReason"] = "ECS deployment circuit breaker: tasks failed to start."
        self.event(f"(deployment {new['id']}) deployment failed: tasks failed to start.")
        if breaker.get("rollback") and before:
            service.task_definition = before["taskDefinition"]
            before["status"] = "PRIMARY"
            service.deployments = [before]
            self.event(f"rolling back to deployment {before['id']}.")
            return self.complete(before)
        service.running_count = 0

    def complete(self, deployment):
        deployment["rolloutState"] = "COMPLETED"
        deployment["rolloutStateReason"] = f"ECS deployment {deployment['id']} completed."
        self.scale()
        self.event("has reached a steady state.")

    def scale(self):
        service = self.service
        if service.deployments and service.deployments[0]["rolloutState"] == "COMPLETED":
            service.running_count, service.pending_count = service.desired_count, 0
            for it in service.deployments[:1]:
                it["desiredCount"] = it["runningCount"] = service.desired_count
        elif not service.deployments:
            service.running_count, service.pending_count = service.desired_count, 0


def repair_ecs_services():
    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow
    from moto.ecs.exceptions import ECSException, InvalidParameterException, ServiceNotFoundException
    from moto.ecs.models import EC2ContainerServiceBackend, Service
    from moto.ecs.responses import EC2ContainerServiceResponse as Response

    # What AWS takes and tells again; moto forgets it, or takes it in some calls only.
    kept = {
        "availabilityZoneRebalancing": "availability_zone_rebalancing",
        "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
        "enableExecuteCommand": "enable_execute_command",
        "enableECSManagedTags": "enable_ecs_managed_tags",
        "placementConstraints": "placement_constraints",
        "placementStrategy": "placement_strategy",
        "capacityProviderStrategy": "capacity_provider_strategy",
        "networkConfiguration": "network_configuration",
        "loadBalancers": "load_balancers",
        "serviceRegistries": "service_registries",
        "platformVersion": "platform_version",
        "propagateTags": "propagate_tags",
        "serviceConnectConfiguration": "service_connect",
        "volumeConfigurations": "volumes",
        "vpcLatticeConfigurations": "lattice",
        "desiredCount": "desired_count",
    }
    # A change in one of these starts new tasks.
    starting = ["taskDefinition", "networkConfiguration", "loadBalancers", "serviceRegistries", "platformVersion"]
    starting += ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"]
    starting += ["capacityProviderStrategy", "enableExecuteCommand", "enableECSManagedTags", "propagateTags"]

    init = Service.__init__

    def remembering(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.created_at = utcnow()
        self.network_configuration = self.network_configuration or None
        self.availability_zone_rebalancing = "DISABLED"
        self.enable_execute_command = self.enable_ecs_managed_tags = False
        self.placement_constraints, self.placement_strategy = [], []
        self.capacity_provider_strategy = None
        self.health_check_grace_period_seconds = None
        self.service_connect = self.volumes = self.lattice = None
        # With a task on each machine, the old one goes before the new one comes.
        daemon = self.scheduling_strategy == "DAEMON"
        percents = {"maximumPercent": 100 if daemon else 200, "minimumHealthyPercent": 0 if daemon else 100}
        self.deployment_configuration = percents
        self.stopped, self.token = [], None
        if self.deployment_controller["type"] == "ECS":
            self.deployments = []

    def take(request, service):
        for sent, name in kept.items():
            value = request._get_param(sent)
            if value is not None:
                setattr(service, name, value)
        for name, value in (request._get_param("deploymentConfiguration") or {}).items():
            service.deployment_configuration[name] = value
        breaker = service.deployment_configuration.setdefault("deploymentCircuitBreaker", {})
        breaker.setdefault("enable", False)
        breaker.setdefault("rollback", False)

    def found(request):
        cluster = request.ecs_backend._get_cluster(request._get_param("cluster", "default"))
        name = (request._get_param("service") or request._get_param("serviceName")).split("/")[-1]
        return request.ecs_backend.services.get(f"{cluster.name}:{name}")

    create = Response.create_service

    # The same token gives the same service, any other is refused; moto makes a second one in its place.
    def create_service(self):
        there, token = found(self), self._get_param("clientToken")
        if there is not None and drained(there).status == "DRAINING":
            raise InvalidParameterException("Unable to Start a service that is still Draining.")
        if there is not None and there.status == "ACTIVE":
            if token and there.token == token:
                return ActionResult({"service": there})
            raise InvalidParameterException("Creation of service was not idempotent.")
        answer = create(self)
        service = answer.result["service"]
        service.token = token
        if self._get_param("capacityProviderStrategy"):
            service.launch_type = None
        if service.network_configuration and not service.role_arn:
            # Where tasks have a network of their own, ECS works with a role of AWS's.
            folder = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
            service.role_arn = f"arn:aws:iam::{service._account_id}:role/{folder}"
        if service.launch_type == "FARGATE" or service.capacity_provider_strategy:
            service.platform_version = service.platform_version or "LATEST"
        take(self, service)
        rollout = _Rollout(self.ecs_backend, service)
        if service.deployment_controller["type"] == "ECS":
            rollout.begin()
        else:
            rollout.scale()
        return answer

    def update_service(self):
        service = found(self)
        if service is None:
            raise ServiceNotFoundException
        if service.status != "ACTIVE":
            raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
        task = self._get_param("taskDefinition")
        if task and service.deployment_controller["type"] != "ECS":
            kind = service.deployment_controller["type"]
            raise InvalidParameterException(f"Unable to update task definition on services with a {kind} deployment controller. Use AWS CodeDeploy to trigger a new deployment.")
        if task:
            service.task_definition = self.ecs_backend.describe_task_definition(task).arn
        take(self, service)
        rollout = _Rollout(self.ecs_backend, service)
        again = self._get_param("forceNewDeployment") or any(self._get_param(it) is not None for it in starting)
        if again and service.deployment_controller["type"] == "ECS":
            rollout.begin()
        else:
            rollout.scale()
        return ActionResult({"service": service})

    # Of one that is gone AWS lists nothing; moto lists it on.
    list_all = EC2ContainerServiceBackend.list_services

    def list_services(self, cluster_str, *args, **kwargs):
        gone = {it.arn for it in self.services.values() if it.status != "ACTIVE"}
        return [it for it in list_all(self, cluster_str, *args, **kwargs) if it not in gone]

    # Services belong to tasks that ended; moto knows tasks that somebody has started only.
    list_some, describe = Response.list_tasks, Response.describe_tasks

    def list_tasks(self):
        service = self._get_param("serviceName") and self.ecs_backend.services.get(
            self._get_param("cluster", "default").split("/")[-1] + ":" + self._get_param("serviceName")
        )
        if service and self._get_param("desiredStatus") == "STOPPED":
            return ActionResult({"taskArns": [it["taskArn"] for it in service.stopped]})
        return list_some(self)

    def describe_tasks(self):
        wanted = set(self._get_param("tasks", []))
        all_stopped = [it for service in self.ecs_backend.services.values() for it in service.stopped]
        mine = [it for it in all_stopped if it["taskArn"] in wanted]
        return ActionResult({"tasks": mine, "failures": []}) if mine else describe(self)

    # One that is removed with its tasks drains until they have ended: for some looks, here. moto is done at once.
    remove, describe_all = EC2ContainerServiceBackend.delete_service, EC2ContainerServiceBackend.describe_services

    def drained(service):
        if service.status == "DRAINING":
            service.looks -= 1
            service.status = "DRAINING" if service.looks > 0 else "INACTIVE"
        return service

    def delete_service(self, cluster_name, service_name, force):
        service = self._get_service(cluster_name, service_name)
        runs = force and service.running_count > 0
        service = remove(self, cluster_name, service_name, force)
        service.running_count = 0
        if runs:
            service.status, service.looks = "DRAINING", 7
        return service

    def describe_services(self, cluster_str, names):
        services, failures = describe_all(self, cluster_str, names)
        return [drained(it) for it in services], failures

    # A cluster with services is not removed; moto removes it.
    delete = EC2ContainerServiceBackend.delete_cluster

    def delete_cluster(self, cluster_str):
        if self.list_services(cluster_str):
            raise ECSException(
                "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active."
            )
        return delete(self, cluster_str)

    Service.__init__ = remembering
    Response.create_service, Response.update_service = create_service, update_service
    Response.list_tasks, Response.describe_tasks = list_tasks, describe_tasks
    EC2ContainerServiceBackend.list_services = list_services
    EC2ContainerServiceBackend.delete_cluster = delete_cluster
    EC2ContainerServiceBackend.delete_service = delete_service
    EC2ContainerServiceBackend.describe_services = describe_services


def repair_application_autoscaling():
    import json

    from moto.applicationautoscaling import models
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response
    from moto.core.exceptions import JsonRESTError

    class NotFound(JsonRESTError):
        def __init__(self, message):
            super().__init__("ObjectNotFoundException", message)

    Backend = models.ApplicationAutoscalingBackend

    def tags(self):
        backend = self.applicationautoscaling_backend
        if not hasattr(backend, "tags_by_arn"):
            backend.tags_by_arn = {}
        return backend.tags_by_arn

    # Targets have tags; moto knows no call for them.
    def list_tags_for_resource(self):
        return json.dumps({"Tags": tags(self).get(self._get_param("ResourceARN"), {})})

    def tag_resource(self):
        tags(self).setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags") or {})
        return "{}"

    def untag_resource(self):
        for key in self._get_param("TagKeys") or []:
            tags(self).get(self._get_param("ResourceARN"), {}).pop(key, None)
        return "{}"

    register = Response.register_scalable_target

    def register_scalable_target(self):
        answer = register(self)
        given = json.loads(self.body).get("Tags")
        if given:
            tags(self)[json.loads(answer)["ScalableTargetARN"]] = given
        return answer

    init = models.FakeScalableTarget.__init__

    # AWS scales most things with a role of its own, and tells what pauses; moto leaves both open.
    def remembering(self, backend, service_namespace, *args, **kwargs):
        init(self, backend, service_namespace, *args, **kwargs)
        name = "".join(it.title() for it in service_namespace.split("-")).replace("Ecs", "ECSService")
        folder = f"aws-service-role/{service_namespace}.application-autoscaling.amazonaws.com"
        own = f"role/{folder}/AWSServiceRoleForApplicationAutoScaling_{name}"
        self.role_arn = self.role_arn or f"arn:aws:iam::{backend.account_id}:{own}"
        names = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
        self.suspended_state = {name: (self.suspended_state or {}).get(name, False) for name in names}

    # What is not there is told by a code of its own; moto calls the call invalid. With a target go its policies.
    def deregister_scalable_target(self, namespace, r_id, dimension):
        if not self._scalable_target_exists(r_id, dimension):
            raise NotFound(f"No scalable target registered for service namespace: {namespace}, resource ID: {r_id}, scalable dimension: {dimension}")
        del self.targets[dimension][r_id]
        for key in [it for it in self.policies if it.startswith(f"{namespace}\t{r_id}\t{dimension}\t")]:
            self.policies.pop(key).delete_alarms(self.account_id, self.region_name)

    put = Backend.put_scaling_policy

    # A policy keeps its ARN and its alarms when it is put again; moto gives it others, and leaves the alarms.
    def put_scaling_policy(self, policy_name, service_namespace, resource_id, scalable_dimension, *args, **kwargs):
        if not self._scalable_target_exists(resource_id, scalable_dimension):
            raise NotFound(f"No scalable target registered for service namespace: {service_namespace}, resource ID: {resource_id}, scalable dimension: {scalable_dimension}")
        key = models.FakeApplicationAutoscalingPolicy.formulate_key(
            service_namespace, resource_id, scalable_dimension, policy_name
        )
        old = self.policies.get(key)
        new = put(self, policy_name, service_namespace, resource_id, scalable_dimension, *args, **kwargs)
        if old is not None:
            new.delete_alarms(self.account_id, self.region_name)
            new.policy_arn, new.alarms = old.policy_arn, old.alarms
        return new

    def delete_scaling_policy(self, policy_name, service_namespace, resource_id, scalable_dimension):
        key = models.FakeApplicationAutoscalingPolicy.formulate_key(
            service_namespace, resource_id, scalable_dimension, policy_name
        )
        if key not in self.policies:
            raise NotFound(f"No scaling policy found for service namespace: {service_namespace}, resource ID: {resource_id}, scalable dimension: {scalable_dimension}: {policy_name}")
        self.policies.pop(key).delete_alarms(self.account_id, self.region_name)

    # Policies are asked for by name, ten of them an answer; moto gives all of a service.
    def describe_scaling_policies(self):
        from moto.applicationautoscaling.responses import _build_policy

        _, found = self.applicationautoscaling_backend.describe_scaling_policies(
            service_namespace=self._get_param("ServiceNamespace"),
            resource_id=self._get_param("ResourceId"),
            scalable_dimension=self._get_param("ScalableDimension"),
            max_results=10**6,
            next_token=None,
        )
        names = self._get_param("PolicyNames")
        found = [it for it in found if not names or it.policy_name in names]
        start, size = int(self._get_param("NextToken") or 0), self._get_int_param("MaxResults") or 10
        token = str(start + size) if len(found) > start + size else None
        page = [_build_policy(it) for it in found[start : start + size]]
        return json.dumps({"ScalingPolicies": page, "NextToken": token})

    for it in (list_tags_for_resource, tag_resource, untag_resource, register_scalable_target):
        setattr(Response, it.__name__, it)
    Response.describe_scaling_policies = describe_scaling_policies
    models.FakeScalableTarget.__init__ = remembering
    Backend.deregister_scalable_target = deregister_scalable_target
    Backend.put_scaling_policy = put_scaling_policy
    Backend.delete_scaling_policy = delete_scaling_policy


def repair_cloud_map():
    import json

    from moto.core.exceptions import JsonRESTError
    from moto.route53 import route53_backends
    from moto.servicediscovery.exceptions import ServiceNotFound
    from moto.servicediscovery.models import ServiceDiscoveryBackend as Backend
    from moto.servicediscovery.responses import ServiceDiscoveryResponse as Response
    from moto.utilities.utils import get_partition

    class InUse(JsonRESTError):
        def __init__(self, message):
            super().__init__("ResourceInUse", message)

    class Exists(JsonRESTError):
        def __init__(self, message):
            super().__init__("ServiceAlreadyExists", message)

    create = Backend.create_private_dns_namespace

    # The same token gives the same namespace, and a VPC has as many as one likes, of different names; moto
    # makes a second one for the first, and refuses the second.
    def create_private_dns_namespace(self, name, creator_request_id, description, vpc, tags, properties):
        for it in self.namespaces.values():
            if creator_request_id and it.creator_request_id == creator_request_id:
                return self._create_operation("CREATE_NAMESPACE", targets={"NAMESPACE": it.id})
        others = {it.id: it for it in self.namespaces.values() if it.vpc == vpc and it.name != name}
        for it in others.values():
            it.vpc = None
        try:
            return create(self, name, creator_request_id, description, vpc, tags, properties)
        finally:
            for it in others.values():
                it.vpc = vpc

    update = Backend.update_private_dns_namespace

    # A change of the description leaves the zone alone.
    def update_private_dns_namespace(self, _id, description, properties):
        zone = self.get_namespace(namespace_id=_id).dns_properties.get("HostedZoneId")
        operation = update(self, _id, description, properties)
        self.get_namespace(namespace_id=_id).dns_properties["HostedZoneId"] = zone
        return operation

    delete = Backend.delete_namespace

    # With a namespace goes its zone, and one that has services stays; moto leaves the zone, and removes it.
    def delete_namespace(self, namespace_id):
        if any(it.namespace_id == namespace_id for it in self.services.values()):
            raise InUse(f"Namespace {namespace_id} has services")
        namespace = self.namespaces.get(namespace_id)
        operation = delete(self, namespace_id)
        zone = (namespace.dns_properties or {}).get("HostedZoneId")
        if zone:
            route53_backends[self.account_id][get_partition(self.region_name)].delete_hosted_zone(zone)
        return operation

    make = Backend.create_service

    def create_service(self, name, namespace_id, creator_request_id, description, dns_config, *args, **kwargs):
        # The namespace may be said beside the records, or with them.
        namespace_id = namespace_id or (dns_config or {}).get("NamespaceId")
        for it in self.services.values():
            if it.name == name and it.namespace_id == namespace_id:
                raise Exists(f"Service already exists: {it.id}")
        service = make(self, name, namespace_id, creator_request_id, description, dns_config, *args, **kwargs)
        kinds = {it["Type"] for it in (dns_config or {}).get("DnsRecords", [])}
        service.service_type = service.service_type or ("DNS_HTTP" if kinds else "HTTP")
        return service

    # One that is not there is refused, and so is one that has instances; moto is silent about the first, and
    # removes the second.
    def delete_service(self, service_id):
        service = self.services.get(service_id)
        if service is None:
            raise ServiceNotFound(service_id)
        if service.instances:
            raise InUse(f"Service {service_id} contains registered instances")
        self.services.pop(service_id)

    # Filters are heard; moto gives everything.
    def filtered(self, found, by):
        for it in json.loads(self.body).get("Filters") or []:
            of = by.get(it["Name"])
            found = [one for one in found if of is None or getattr(one, of) in it["Values"]]
        return [it.to_json() for it in found]

    def list_namespaces(self):
        found = self.servicediscovery_backend.list_namespaces()
        return json.dumps({"Namespaces": filtered(self, found, {"TYPE": "type", "NAME": "name"})})

    def list_services(self):
        found = list(self.servicediscovery_backend.list_services())
        return json.dumps({"Services": filtered(self, found, {"NAMESPACE_ID": "namespace_id"})})

    Backend.create_private_dns_namespace = create_private_dns_namespace
    Backend.update_private_dns_namespace = update_private_dns_namespace
    Backend.delete_namespace = delete_namespace
    Backend.create_service, Backend.delete_service = create_service, delete_service
    Response.list_namespaces, Response.list_services = list_namespaces, list_services
