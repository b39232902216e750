"""Repairs of moto's volumes and placement groups. Each says what AWS answers."""


def repair_volumes():
    # CreateVolume with a token that was used before answers with what that made. A gp3 has its usual throughput
    # where none is said, also one that was another type before; a type that takes neither has neither. What is
    # attached is not attached elsewhere, and what is not attached is not taken away.
    import moto.ec2.models.elastic_block_store as models
    import moto.ec2.responses.elastic_block_store as responses
    from moto.core.responses import ActionResult
    from moto.ec2.exceptions import EC2ClientError

    response, backend, volume = responses.ElasticBlockStore, models.EBSBackend, models.Volume
    create = backend.create_volume

    def create_volume(self, *args, **kwargs):
        made = create(self, *args, **kwargs)
        if made.volume_type == "gp3" and not made.throughput:
            made.throughput = 125
        return made

    backend.create_volume = create_volume
    sent = response.create_volume

    def create_once(self):
        token = self._get_param("ClientToken")
        for it in self.ec2_backend.volumes.values() if token else ():
            if getattr(it, "client_token", None) == token:
                return ActionResult(it)
        answer = sent(self)
        answer.result.client_token = token
        return answer

    response.create_volume = create_once
    modify = volume.modify

    def modify_volume(self, *args, **kwargs):
        modify(self, *args, **kwargs)
        if self.volume_type not in models.IOPS_SUPPORTED_VOLUME_TYPES:
            self.iops = None
        if self.volume_type == "gp3":
            self.iops, self.throughput = self.iops or models.GP3_DEFAULT_IOPS, self.throughput or 125
        else:
            self.throughput = None

    volume.modify = modify_volume
    attach = backend.attach_volume

    def attach_volume(self, volume_id, instance_id, device_path, *args, **kwargs):
        found, instance = self.get_volume(volume_id), self.get_instance(instance_id)
        if found.attachment:
            raise EC2ClientError("VolumeInUse", f"{volume_id} is already attached to an instance")
        if device_path in instance.block_device_mapping:
            text = f"Invalid value '{device_path}' for unixDevice. Attachment point {device_path} is already in use"
            raise EC2ClientError("InvalidParameterValue", text)
        return attach(self, volume_id, instance_id, device_path, *args, **kwargs)

    backend.attach_volume = attach_volume
    detach = backend.detach_volume

    def detach_volume(self, volume_id, *args, **kwargs):
        if not self.get_volume(volume_id).attachment:
            raise EC2ClientError("IncorrectState", f"Volume '{volume_id}' is in the 'available' state.")
        return detach(self, volume_id, *args, **kwargs)

    backend.detach_volume = detach_volume


def repair_placement_groups():
    # moto has none. A name stands once; with `partition` there are two partitions where nothing is said, with
    # `spread` no rack is shared. A group with instances in it stays.
    import moto.ec2.utils as utils
    from moto.core.responses import ActionResult, EmptyResult
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models.core import TaggedEC2Resource
    from moto.ec2.responses import EC2Response
    from moto.utilities.utils import get_partition

    utils.EC2_RESOURCE_TO_PREFIX["placement-group"] = "pg"
    utils.EC2_PREFIX_TO_RESOURCE["pg"] = "placement-group"

    class Group(TaggedEC2Resource):
        __module__ = "moto.ec2.models"

        def __init__(self, backend, name, strategy, partitions, level):
            self.ec2_backend, self.id = backend, utils.random_id("pg")
            self.group_id, self.group_name, self.state, self.strategy = self.id, name, "available", strategy
            self.partition_count = (partitions or 2) if strategy == "partition" else None
            self.spread_level = (level or "rack") if strategy == "spread" else None
            region, account = backend.region_name, backend.account_id
            start = f"arn:{get_partition(region)}:ec2:{region}:{account}"
            self.group_arn = f"{start}:placement-group/{name}"

    def groups(self):
        if not hasattr(self.ec2_backend, "placement_groups"):
            self.ec2_backend.placement_groups = {}
        return self.ec2_backend.placement_groups

    def unknown(name):
        return EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")

    def create_placement_group(self):
        name = self._get_param("GroupName")
        if name in groups(self):
            text = f"The placement group '{name}' already exists."
            raise EC2ClientError("InvalidPlacementGroup.Duplicate", text)
        strategy = self._get_param("Strategy") or "cluster"
        partitions, level = self._get_param("PartitionCount"), self._get_param("SpreadLevel")
        made = Group(self.ec2_backend, name, strategy, partitions and int(partitions), level)
        made.add_tags(self._parse_tag_specification().get("placement-group", {}))
        groups(self)[name] = made
        return ActionResult({"PlacementGroup": made})

    def describe_placement_groups(self):
        names, ids = self._get_param("GroupNames", []), self._get_param("GroupIds", [])
        for name in names:
            if name not in groups(self):
                raise unknown(name)
        found = [it for it in groups(self).values() if not names or it.group_name in names]
        found = [it for it in found if not ids or it.id in ids]
        return ActionResult({"PlacementGroups": utils.generic_filter(self._filters_from_querystring(), found)})

    def delete_placement_group(self):
        name = self._get_param("GroupName")
        if name not in groups(self):
            raise unknown(name)
        for it in self.ec2_backend.all_instances():
            if getattr(it._placement, "group_name", None) == name and it._state.name != "terminated":
                text = f"The placement group '{name}' is in use and may not be deleted."
                raise EC2ClientError("InvalidPlacementGroup.InUse", text)
        del groups(self)[name]
        return EmptyResult()

    EC2Response.create_placement_group = create_placement_group
    EC2Response.describe_placement_groups = describe_placement_groups
    EC2Response.delete_placement_group = delete_placement_group
