"""Repairs of moto's networks: network ACLs and sets of DHCP options. Each says what AWS answers."""


def repair_network_acls():
    import moto.ec2.models.network_acls as models
    from moto.ec2.exceptions import (
        EC2ClientError,
        InvalidAssociationIdError,
        InvalidNetworkAclIdError,
    )
    from moto.ec2.responses.network_acls import NetworkACLs

    backend = models.NetworkAclBackend
    delete, associate = backend.delete_network_acl_entry, backend.replace_network_acl_association

    # AWS finds network ACLs by their ids in a filter, too, and says of an id that no network ACL has it; moto
    # does not know the filter, and speaks of route tables.
    models.NetworkAcl.network_acl_id = property(lambda self: self.id)
    models.InvalidRouteTableIdError = InvalidNetworkAclIdError

    # AWS says that there is no such rule, or no such association; moto falls over.
    def delete_network_acl_entry(self, network_acl_id, rule_number, egress):
        acl = self.get_network_acl(network_acl_id)
        if not any((it.rule_number, it.egress) == (rule_number, egress) for it in acl.network_acl_entries):
            way = "egress" if egress else "ingress"
            raise EC2ClientError(
                "InvalidNetworkAclEntry.NotFound",
                f"The network acl entry identified by {rule_number} {way} does not exist",
            )
        return delete(self, network_acl_id, rule_number, egress)

    def replace_network_acl_association(self, association_id, network_acl_id):
        self.get_network_acl(network_acl_id)
        if not any(association_id in it._associations for it in list(self.network_acls.values())):
            raise InvalidAssociationIdError(association_id)
        return associate(self, association_id, network_acl_id)

    backend.delete_network_acl_entry = delete_network_acl_entry
    backend.replace_network_acl_association = replace_network_acl_association

    # AWS keeps the type and the code of ICMP; moto looks for them under another name.
    def with_icmp(change):
        def changed(self):
            self.params["Icmp"] = self._get_param("IcmpTypeCode", {})
            return change(self)

        return changed

    NetworkACLs.create_network_acl_entry = with_icmp(NetworkACLs.create_network_acl_entry)
    NetworkACLs.replace_network_acl_entry = with_icmp(NetworkACLs.replace_network_acl_entry)


def repair_what_goes_with_its_network():
    from moto.ec2.exceptions import DependencyViolationError
    from moto.ec2.models.subnets import SubnetBackend
    from moto.ec2.models.vpcs import VPCBackend

    delete_one, delete_all = SubnetBackend.delete_subnet, VPCBackend.delete_vpc

    # With a subnet goes its place in a network ACL; moto keeps it.
    def delete_subnet(self, subnet_id):
        gone = delete_one(self, subnet_id)
        for acl in list(self.network_acls.values()):
            for key in [key for key, it in list(acl._associations.items()) if it.subnet_id == subnet_id]:
                acl._associations.pop(key)
        return gone

    # With a VPC goes the network ACL that came with it, others keep it from going, and its DHCP options stay;
    # with moto it is the other way round.
    def delete_vpc(self, vpc_id):
        acls = [it for it in list(self.network_acls.values()) if it.vpc_id == vpc_id]
        vpc = self.vpcs.get(vpc_id)
        if vpc is not None and not all(it.default for it in acls):
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        options = None if vpc is None else vpc.dhcp_options
        if options is not None:
            vpc.dhcp_options = None
        try:
            gone = delete_all(self, vpc_id)
        except Exception:
            if options is not None:
                vpc.dhcp_options = options
            raise
        for it in acls:
            self.network_acls.pop(it.id, None)
        if options is not None and options.vpc is vpc:
            options.vpc = None
        return gone

    SubnetBackend.delete_subnet = delete_subnet
    VPCBackend.delete_vpc = delete_vpc


def repair_dhcp_options():
    from moto.ec2.models.dhcp_options import DHCPOptionsSet
    from moto.ec2.responses.dhcp_options import DHCPOptions

    create = DHCPOptions.create_dhcp_options
    lease = "ipv6-address-preferred-lease-time"

    # AWS tells the owner, the lease of IPv6 addresses and the tags of the call; moto forgets them.
    def create_dhcp_options(self):
        answer = create(self)
        made = answer.result["DhcpOptions"]
        sent = {it["Key"]: it.get("Values") for it in self._get_param("DhcpConfigurations", [])}
        made._options[lease] = sent.get(lease)
        for spec in self._get_param("TagSpecifications", []):
            for tag in spec.get("Tags", []):
                made.add_tag(tag["Key"], tag.get("Value") or "")
        return answer

    DHCPOptionsSet.owner_id = property(lambda self: self.ec2_backend.account_id)
    DHCPOptions.create_dhcp_options = create_dhcp_options
