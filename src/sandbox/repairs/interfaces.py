"""Repairs of moto's network interfaces, peering connections and prefix lists. Each says what AWS answers."""


def repair_interfaces():
    # AWS knows a create that is sent again by its token; keeps the interface's sort, its prefixes and its
    # primary IPv6 address; empties a description; has for an interface that is plugged in besides the first
    # one its own groups only; and refuses to delete what is plugged in.
    import ipaddress

    import moto.ec2.models.elastic_network_interfaces as models
    from moto.core.responses import ActionResult, EmptyResult
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces as response

    interface = models.NetworkInterface
    interface.client_token = None
    interface.primary_ipv6 = False
    interface.ipv4_prefixes, interface.ipv6_prefixes = [], []

    def is_on(value):
        return str(value).lower() == "true"

    def told(self):
        first = self.ipv6_addresses[0] if self.primary_ipv6 and self.ipv6_addresses else None
        return [{"Ipv6Address": it, "IsPrimaryIpv6": it == first} for it in self.ipv6_addresses if it]

    interface.network_interface_ipv6_addresses_list = property(told)

    def take(self, eni, name, key, wanted, many):
        """Gives an interface prefixes: these, or so many of its subnet that nobody has."""
        have = [it[key] for it in getattr(eni, name)]
        wanted = [it[key] if isinstance(it, dict) else it for it in wanted or ()]
        if many:
            taken = {it[key] for other in self.ec2_backend.enis.values() for it in getattr(other, name)}
            if name == "ipv4_prefixes":
                ranges, length = [eni.subnet.cidr_block], 28
            else:
                sets = eni.subnet.ipv6_cidr_block_associations.values()
                ranges, length = [it["ipv6CidrBlock"] for it in sets], 80
            for some in ranges:
                free = ipaddress.ip_network(some).subnets(new_prefix=length)
                # AWS's own addresses stand in the first one.
                next(free)
                while len(wanted) < int(many):
                    it = str(next(free))
                    if it not in taken:
                        wanted.append(it)
        setattr(eni, name, [{key: it} for it in [*have, *(it for it in wanted if it not in have)]])

    def leave(eni, name, key, unwanted):
        setattr(eni, name, [it for it in getattr(eni, name) if it[key] not in (unwanted or ())])

    def take_all(self, eni, sent):
        take(self, eni, "ipv4_prefixes", "Ipv4Prefix", sent.get("Ipv4Prefixes"), sent.get("Ipv4PrefixCount"))
        take(self, eni, "ipv6_prefixes", "Ipv6Prefix", sent.get("Ipv6Prefixes"), sent.get("Ipv6PrefixCount"))

    create = response.create_network_interface

    def create_network_interface(self):
        token = self._get_param("ClientToken")
        for it in self.ec2_backend.enis.values() if token else ():
            if it.client_token == token:
                return ActionResult({"NetworkInterface": it})
        answer = create(self)
        made, sent = answer.result["NetworkInterface"], self._get_params()
        made.client_token = token
        made.interface_type = self._get_param("InterfaceType") or "interface"
        made.primary_ipv6 = is_on(self._get_param("EnablePrimaryIpv6"))
        take_all(self, made, sent)
        return answer

    response.create_network_interface = create_network_interface

    def changing(operation, change):
        def answer(self):
            out = operation(self)
            change(self, self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId")))
            return out

        return answer

    def give(self, eni):
        take_all(self, eni, self._get_params())

    def give_back(self, eni):
        leave(eni, "ipv4_prefixes", "Ipv4Prefix", self._get_params().get("Ipv4Prefixes"))
        leave(eni, "ipv6_prefixes", "Ipv6Prefix", self._get_params().get("Ipv6Prefixes"))

    def set_up(self, eni):
        sent = self._get_params()
        if "Description" in sent:
            eni.description = (sent["Description"] or {}).get("Value") or ""
        if "SourceDestCheck" in sent:
            eni.source_dest_check = is_on(sent["SourceDestCheck"]["Value"])
        if "EnablePrimaryIpv6" in sent:
            eni.primary_ipv6 = is_on(sent["EnablePrimaryIpv6"])

    response.assign_private_ip_addresses = changing(response.assign_private_ip_addresses, give)
    response.assign_ipv6_addresses = changing(response.assign_ipv6_addresses, give)
    response.unassign_private_ip_addresses = changing(response.unassign_private_ip_addresses, give_back)
    response.unassign_ipv6_addresses = changing(response.unassign_ipv6_addresses, give_back)
    response.modify_network_interface_attribute = changing(response.modify_network_interface_attribute, set_up)

    both = interface.group_set.fget
    interface.group_set = property(lambda self: self._group_set if self.device_index else both(self))

    delete = response.delete_network_interface

    def delete_network_interface(self):
        eni = self.ec2_backend.enis.get(self._get_param("NetworkInterfaceId"))
        if eni is not None and eni.attachment_id and eni.instance:
            raise EC2ClientError("InvalidParameterValue", f"Network interface '{eni.id}' is currently in use.")
        delete(self)
        return EmptyResult()

    response.delete_network_interface = delete_network_interface


def repair_instances_with_interfaces():
    # An instance that is terminated lets go of the interfaces that do not go with it; moto keeps them plugged in.
    import moto.ec2.models.instances as models

    terminate = models.Instance.terminate

    def terminate_and_let_go(self):
        before = terminate(self)
        for nic in [it for it in self.nics.values() if not it.delete_on_termination]:
            self.detach_eni(nic)
        return before

    models.Instance.terminate = terminate_and_let_go


def repair_peering_connections():
    # AWS finds peering connections by filters, and refuses ids that it does not know; moto knows ids only.
    import moto.ec2.models.vpc_peering_connections as models
    from moto.core.responses import ActionResult
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections as response
    from moto.ec2.utils import generic_filter

    parts = {"vpc-id": "VpcId", "owner-id": "OwnerId", "cidr-block": "CidrBlock"}
    plain = models.VPCPeeringConnection.get_filter_value

    def get_filter_value(self, filter_name, method_name=None):
        side, _, part = filter_name.partition(".")
        sides = {"requester-vpc-info": "requester_vpc_info", "accepter-vpc-info": "accepter_vpc_info"}
        if side in sides and part in parts:
            return getattr(self, sides[side])[parts[part]]
        if filter_name == "vpc-peering-connection-id":
            return self.id
        if filter_name == "status-code":
            return self._status.code
        return plain(self, filter_name, method_name or "DescribeVpcPeeringConnections")

    models.VPCPeeringConnection.get_filter_value = get_filter_value

    def describe_vpc_peering_connections(self):
        ids = self._get_param("VpcPeeringConnectionIds", [])
        found = self.ec2_backend.describe_vpc_peering_connections(vpc_peering_ids=ids)
        missing = sorted(set(ids) - {it.id for it in found})
        if missing:
            text = f"The vpcPeeringConnection ID '{missing[0]}' does not exist"
            raise EC2ClientError("InvalidVpcPeeringConnectionID.NotFound", text)
        return ActionResult({"VpcPeeringConnections": generic_filter(self._filters_from_querystring(), found)})

    response.describe_vpc_peering_connections = describe_vpc_peering_connections

    # Options are for connections that are accepted.
    modify = response.modify_vpc_peering_connection_options

    def modify_vpc_peering_connection_options(self):
        name = self._get_param("VpcPeeringConnectionId")
        if self.ec2_backend.get_vpc_peering_connection(name)._status.code != "active":
            text = f"Peering {name} is not active. Peering options can be added only to active peerings."
            raise EC2ClientError("OperationNotPermitted", text)
        return modify(self)

    response.modify_vpc_peering_connection_options = modify_vpc_peering_connection_options


def repair_prefix_lists():
    # AWS changes the size of a list, keeps the name that a call does not give, takes ranges for the newest
    # version only, and not together with another size; what it does not know is missing. moto drops the first
    # two, and fails.
    import moto.ec2.models.managed_prefixes as models
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.responses.vpcs import VPCs as response

    backend = models.ManagedPrefixListBackend

    def there(self, name):
        found = self.managed_prefix_lists.get(name)
        if found is None or found.state == "delete-complete":
            raise EC2ClientError("InvalidPrefixListID.NotFound", f"The prefix list ID '{name}' does not exist")
        return found

    def checked(operation):
        def answer(self):
            there(self.ec2_backend, self._get_param("PrefixListId"))
            return operation(self)

        return answer

    response.delete_managed_prefix_list = checked(response.delete_managed_prefix_list)
    response.get_managed_prefix_list_entries = checked(response.get_managed_prefix_list_entries)

    modify = response.modify_managed_prefix_list

    def modify_managed_prefix_list(self):
        found = there(self.ec2_backend, self._get_param("PrefixListId"))
        add, remove = self._get_param("AddEntries", []), self._get_param("RemoveEntries", [])
        most, version = self._get_param("MaxEntries"), self._get_param("CurrentVersion")
        if most is not None and (add or remove):
            text = "You cannot modify the entries and the maximum entries for the prefix list in the same request."
            raise EC2ClientError("InvalidParameterCombination", text)
        if (add or remove) and version is not None and int(version) != found.version:
            raise EC2ClientError("PrefixListVersionMismatch", "The prefix list has the incorrect version number.")
        both = {it["Cidr"] for it in add} & {it["Cidr"] for it in remove}
        if both:
            text = f"Request cannot contain Cidr {min(both)} in both AddPrefixListEntries and RemovePrefixListEntries"
            raise EC2ClientError("InvalidParameterValue", text)
        name = found.prefix_list_name
        answer = modify(self)
        if self._get_param("PrefixListName") is None:
            found.prefix_list_name = name
        if most is not None:
            found.max_entries = int(most)
        return answer

    response.modify_managed_prefix_list = modify_managed_prefix_list

    # What is deleted is shown twice more by moto, to whoever asks: nobody finds it by the tags that it had.
    delete = backend.delete_managed_prefix_list

    def delete_managed_prefix_list(self, prefix_list_id):
        found = delete(self, prefix_list_id)
        self.tags.pop(prefix_list_id, None)
        return found

    backend.delete_managed_prefix_list = delete_managed_prefix_list
