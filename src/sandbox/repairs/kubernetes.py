"""An EKS of our own in place of moto's, and what IAM's OpenID Connect providers lack there.

moto's EKS has neither updates that take their time, nor versions, add-ons, access entries or pod identities, and
takes whatever it is given. This one answers as AWS does, in these ways above all:

- What is made is CREATING for a moment, and DELETING before it is gone.
- A change is an update, InProgress for a moment; a cluster and a group of nodes take one at a time.
- An update has one subject ("Only one type of update can be allowed"), and one that changes nothing is refused.
- A cluster with nodes or profiles is not deleted; with it go its add-ons, access entries, associations and group.
- A create that is repeated with its token makes nothing new.
- Roles, subnets and launch templates have to exist.

Not here: what a cluster does by itself (nodes, the access entry of whoever made it, logs), Auto Mode's nodes, and
that its subnets have to be of two zones.
"""

import copy
import json
import re
import threading
import time
import uuid
from urllib.parse import parse_qs, unquote, urlparse

DELAY = 0.3  # seconds until what was begun is done
LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
VERSIONS = ["1.29", "1.30", "1.31", "1.32", "1.33", "1.34"]
USUAL_VERSION = "1.33"
ADDONS = {
    "aws-ebs-csi-driver": "v1.45.0-eksbuild.2",
    "coredns": "v1.12.1-eksbuild.2",
    "eks-pod-identity-agent": "v1.3.7-eksbuild.2",
    "kube-proxy": "v1.33.0-eksbuild.2",
    "vpc-cni": "v1.19.5-eksbuild.1",
}


class Refusal(Exception):
    def __init__(self, status, code, message, **more):
        super().__init__(message)
        self.status, self.code, self.body = status, code, {"message": message, **more}


def missing(message, **more):
    return Refusal(404, "ResourceNotFoundException", message, **more)


def in_use(message, **more):
    return Refusal(409, "ResourceInUseException", message, **more)


def wrong(message, **more):
    return Refusal(400, "InvalidParameterException", message, **more)


def unready(message, **more):
    return Refusal(400, "InvalidRequestException", message, **more)


def short_id(length=17):
    return uuid.uuid4().hex[:length]


class Thing:
    """What AWS shows, and when what is being done to it is done."""

    def __init__(self, shown, status="CREATING"):
        self.shown, self.updates = shown, {}
        if status:
            shown["status"] = status
        self.due = time.time() + DELAY

    def settle(self):
        """Whether it is still there."""
        now = time.time()
        for it in self.updates.values():
            if it["status"] == "InProgress" and it["due"] <= now:
                it["apply"](self.shown)
                self.shown["modifiedAt"] = now
                it["status"], self.shown["status"] = "Successful", "ACTIVE"
        status = self.shown.get("status")
        if self.due <= now and status == "CREATING":
            self.shown["status"] = "ACTIVE"
        return not (self.due <= now and status == "DELETING")

    def delete(self):
        # What AWS says to this is not known to us: nothing may depend on its being taken a second time.
        if self.shown["status"] == "DELETING":
            raise in_use("It is being deleted already")
        self.shown["status"], self.due = "DELETING", time.time() + DELAY

    def update(self, kind, params, apply):
        it = {"id": str(uuid.uuid4()), "status": "InProgress", "type": kind, "createdAt": time.time()}
        it["params"] = [{"type": k, "value": v if isinstance(v, str) else json.dumps(v)} for k, v in params.items()]
        it |= {"errors": [], "due": time.time() + DELAY, "apply": apply}
        self.updates[it["id"]] = it
        self.shown["status"] = "UPDATING"
        return {"update": show_update(it)}

    def under_way(self):
        return next((it["id"] for it in self.updates.values() if it["status"] == "InProgress"), None)


def show_update(it):
    return {k: v for k, v in it.items() if k not in ("due", "apply")}


class Cluster(Thing):
    def __init__(self, shown):
        super().__init__(shown)
        self.groups, self.profiles, self.addons, self.entries, self.identities = {}, {}, {}, {}, {}

    def settle(self):
        for all in (self.groups, self.profiles, self.addons):
            for name in [name for name, it in all.items() if not it.settle()]:
                del all[name]
        return super().settle()


class Account:
    """What one account has in one region."""

    def __init__(self, region, account):
        self.region, self.account, self.clusters, self.tokens = region, account, {}, {}

    def arn(self, what):
        partition = "aws-cn" if self.region.startswith("cn-") else "aws"
        return f"arn:{partition}:eks:{self.region}:{self.account}:{what}"

    def ec2(self):
        from moto.ec2.models import ec2_backends

        return ec2_backends[self.account][self.region]

    def settle(self):
        for name in [name for name, it in self.clusters.items() if not it.settle()]:
            group = self.clusters.pop(name).shown["resourcesVpcConfig"]["clusterSecurityGroupId"]
            try:
                self.ec2().delete_security_group(group_id=group)
            except Exception:
                pass  # somebody has removed it, or its network

    def cluster(self, name):
        if name not in self.clusters:
            raise missing(f"No cluster found for name: {name}.", clusterName=name)
        return self.clusters[name]

    def ready_cluster(self, name, what):
        it = self.cluster(name)
        if it.under_way():
            text = f"Cannot {what} because cluster {name} currently has update {it.under_way()} in progress"
            raise in_use(text, clusterName=name)
        if it.shown["status"] != "ACTIVE":
            raise unready(f"Cluster '{name}' is not in ACTIVE status", clusterName=name)
        return it

    def repeated(self, what, body, there):
        """Whether this create was carried out before; notes that it is now."""
        token = body.get("clientRequestToken")
        known = (what, token) in self.tokens
        if known and there(self.tokens[what, token]) is not None:
            return there(self.tokens[what, token])
        return None

    def has_role(self, arn):
        from moto.iam.models import iam_backends

        match = re.match(r"arn:[^:]+:iam::(\d{12}):role/", arn or "")
        if not match:
            raise wrong(f"The role ARN {arn} is not valid")
        roles = [role for backend in iam_backends[match[1]].values() for role in backend.roles.values()]
        return any(role.arn == arn for role in roles)

    def vpc_of(self, subnets):
        known = {id: it for zone in self.ec2().subnets.values() for id, it in zone.items()}
        for id in subnets:
            if id not in known:
                raise wrong(f"The subnet ID '{id}' does not exist (Service: Ec2, Status Code: 400)")
        return known[subnets[0]].vpc_id

    # Clusters

    def create_cluster(self, body):
        name, vpc = body["name"], body["resourcesVpcConfig"]
        before = self.repeated("cluster", body, self.clusters.get)
        if before:
            return {"cluster": before.shown}
        if name in self.clusters:
            raise in_use(f"Cluster already exists with name: {name}", clusterName=name)
        if not self.has_role(body["roleArn"]):
            raise wrong(f"roleArn, {body['roleArn']}, does not exist", clusterName=name)
        vpc_id = self.vpc_of(vpc["subnetIds"])
        version = body.get("version", USUAL_VERSION)
        if version not in VERSIONS:
            raise wrong(f"unsupported Kubernetes version {version}")
        network = body.get("kubernetesNetworkConfig") or {}
        auto = is_on(body.get("computeConfig"))
        check_auto_mode(body.get("computeConfig"), network, body.get("storageConfig"))
        if auto and body.get("bootstrapSelfManagedAddons", True):
            raise wrong("When Compute Config is enabled, bootstrapSelfManagedAddons must be set to false")
        group = self.ec2().create_security_group(
            f"eks-cluster-sg-{name}-{short_id(9)}", "EKS created security group applied to its interfaces", vpc_id
        )
        id = uuid.uuid4().hex.upper()
        shown = {
            "name": name,
            "arn": self.arn(f"cluster/{name}"),
            "createdAt": time.time(),
            "version": version,
            "roleArn": body["roleArn"],
            "resourcesVpcConfig": {
                "subnetIds": vpc["subnetIds"],
                "securityGroupIds": vpc.get("securityGroupIds") or [],
                "clusterSecurityGroupId": group.id,
                "vpcId": vpc_id,
                "endpointPublicAccess": vpc.get("endpointPublicAccess", True),
                "endpointPrivateAccess": vpc.get("endpointPrivateAccess", False),
                "publicAccessCidrs": vpc.get("publicAccessCidrs") or ["0.0.0.0/0"],
            },
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": network.get("serviceIpv4Cidr", "10.100.0.0/16"),
                "ipFamily": network.get("ipFamily", "ipv4"),
                "elasticLoadBalancing": {"enabled": is_on(network.get("elasticLoadBalancing"))},
            },
            "logging": logging(body.get("logging"), []),
            "identity": {"oidc": {"issuer": f"https://oidc.eks.{self.region}.amazonaws.com/id/{id}"}},
            "endpoint": f"https://{id}.gr7.{self.region}.eks.amazonaws.com",
            "certificateAuthority": {"data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="},
            "platformVersion": "eks.1",
            "tags": body.get("tags") or {},
            "health": {"issues": []},
            "accessConfig": {
                "authenticationMode": (body.get("accessConfig") or {}).get("authenticationMode", "CONFIG_MAP")
            },
            "upgradePolicy": {"supportType": (body.get("upgradePolicy") or {}).get("supportType", "EXTENDED")},
        }
        for key in ("encryptionConfig", "computeConfig", "storageConfig", "zonalShiftConfig", "remoteNetworkConfig"):
            if body.get(key):
                shown[key] = body[key]
        self.clusters[name] = Cluster(shown)
        self.tokens["cluster", body.get("clientRequestToken")] = name
        return {"cluster": shown}

    def describe_cluster(self, name):
        return {"cluster": self.cluster(name).shown}

    def delete_cluster(self, name):
        it = self.cluster(name)
        for all, what in ((it.groups, "nodegroups"), (it.profiles, "Fargate profiles")):
            if all:
                raise in_use(f"Cluster has {what} attached", clusterName=name, nodegroupName=next(iter(all)))
        if it.under_way():
            text = f"Cannot DeleteCluster because cluster {name} currently has update {it.under_way()} in progress"
            raise in_use(text, clusterName=name)
        it.delete()
        return {"cluster": it.shown}

    def update_cluster_version(self, name, body):
        it = self.ready_cluster(name, "VersionUpdate")
        old, new = it.shown["version"], body["version"]
        if new not in VERSIONS or VERSIONS.index(new) != VERSIONS.index(old) + 1:
            raise wrong(f"Unsupported Kubernetes minor version update from {old} to {new}", clusterName=name)
        return it.update("VersionUpdate", {"Version": new}, lambda shown: shown.update(version=new))

    def update_cluster_config(self, name, body):
        kinds = cluster_updates(body)
        if len(kinds) != 1:
            raise wrong("Only one type of update can be allowed." if kinds else "No updates were given.")
        [(kind, change)] = kinds.items()
        it = self.ready_cluster(name, kind)
        will = copy.deepcopy(it.shown)
        said = change(will)
        vpc = body.get("resourcesVpcConfig") or {}
        if "subnetIds" in vpc:
            self.vpc_of(vpc["subnetIds"])
        if {k: v for k, v in will.items() if k != "status"} == {k: v for k, v in it.shown.items() if k != "status"}:
            raise wrong(said, clusterName=name)
        return it.update(kind, {"Config": body}, change)

    def associate_encryption_config(self, name, body):
        it = self.ready_cluster(name, "AssociateEncryptionConfig")
        if it.shown.get("encryptionConfig"):
            raise wrong("Cluster already has an encryption config", clusterName=name)
        config = body["encryptionConfig"]
        apply = lambda shown: shown.update(encryptionConfig=config)
        return it.update("AssociateEncryptionConfig", {"EncryptionConfig": config}, apply)

    def describe_update(self, name, id, query):
        of = self.cluster(name)
        if "nodegroupName" in query:
            of = self.part(name, "groups", query["nodegroupName"][0])
        if "addonName" in query:
            of = self.part(name, "addons", query["addonName"][0])
        if id not in of.updates:
            raise missing(f"No update found for ID: {id}")
        return {"update": show_update(of.updates[id])}

    # What belongs to a cluster

    NOUNS = {"groups": "node group", "profiles": "Fargate Profile", "addons": "addon", "entries": "access entry"}

    def part(self, cluster, sort, name):
        all = getattr(self.cluster(cluster), sort)
        if name not in all:
            raise missing(f"No {self.NOUNS[sort]} found for name: {name}.", clusterName=cluster)
        return all[name]

    def create_nodegroup(self, cluster, body):
        name = body["nodegroupName"]
        before = self.repeated("group", body, self.cluster(cluster).groups.get)
        if before:
            return {"nodegroup": before.shown}
        it = self.ready_cluster(cluster, "CreateNodegroup")
        if name in it.groups:
            text = f"NodeGroup already exists with name {name} and cluster name {cluster}"
            raise in_use(text, clusterName=cluster, nodegroupName=name)
        if not self.has_role(body["nodeRole"]):
            raise wrong(f"The role with name {body['nodeRole'].rsplit('/', 1)[-1]} cannot be found.")
        self.vpc_of(body["subnets"])
        template = self.template(body.get("launchTemplate"))
        version = body.get("version", it.shown["version"])
        shown = {
            "nodegroupName": name,
            "nodegroupArn": self.arn(f"nodegroup/{cluster}/{name}/{uuid.uuid4()}"),
            "clusterName": cluster,
            "version": version,
            "releaseVersion": body.get("releaseVersion", f"{version}.0-20250704"),
            "createdAt": time.time(),
            "modifiedAt": time.time(),
            "capacityType": body.get("capacityType", "ON_DEMAND"),
            "scalingConfig": body.get("scalingConfig") or {"minSize": 1, "maxSize": 2, "desiredSize": 2},
            "subnets": body["subnets"],
            "amiType": body.get("amiType", "AL2023_x86_64_STANDARD"),
            "nodeRole": body["nodeRole"],
            "labels": body.get("labels") or {},
            "taints": taints(body.get("taints")),
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{short_id(8)}"}]},
            "health": {"issues": []},
            "updateConfig": body.get("updateConfig") or {"maxUnavailable": 1},
            "tags": body.get("tags") or {},
        }
        if template:
            shown["launchTemplate"] = template
        else:
            shown["diskSize"] = body.get("diskSize", 20)
        if body.get("instanceTypes") or not template:
            shown["instanceTypes"] = body.get("instanceTypes") or ["t3.medium"]
        for key in ("remoteAccess", "nodeRepairConfig"):
            if body.get(key):
                shown[key] = body[key]
        if body.get("remoteAccess"):
            shown["resources"]["remoteAccessSecurityGroup"] = f"sg-{short_id()}"
        it.groups[name] = Thing(shown)
        self.tokens["group", body.get("clientRequestToken")] = name
        return {"nodegroup": shown}

    def template(self, given):
        if not given:
            return None
        if ("id" in given) == ("name" in given):
            raise wrong("Either provide launch template ID or launch template name in the request.")
        for it in self.ec2().launch_templates.values():
            if it.id == given.get("id") or it.name == given.get("name"):
                return {"id": it.id, "name": it.name, "version": given.get("version", "1")}
        raise wrong(f"Launch template {given.get('id') or given.get('name')} does not exist")

    def active_group(self, cluster, name):
        it = self.part(cluster, "groups", name)
        if it.shown["status"] != "ACTIVE":
            text = "Nodegroup cannot be updated as it is currently not in Active State"
            raise in_use(text, clusterName=cluster, nodegroupName=name)
        return it

    def update_nodegroup_version(self, cluster, name, body):
        it = self.active_group(cluster, name)
        whole = self.ready_cluster(cluster, "VersionUpdate")
        template = self.template(body.get("launchTemplate"))
        version = body.get("version") or (None if template else whole.shown["version"])
        if version and version not in (whole.shown["version"], it.shown["version"]):
            text = f"Nodegroup Kubernetes version should be equal to Cluster kubernetes version {whole.shown['version']}"
            raise wrong(f"{text} or NodeGroup kubernetes version {it.shown['version']}")
        release = body.get("releaseVersion")

        def apply(shown):
            if version and version != shown["version"]:
                shown.update(version=version, releaseVersion=f"{version}.0-20250704")
            if release:
                shown["releaseVersion"] = release
            if template:
                shown["launchTemplate"] = template

        will = copy.deepcopy(it.shown)
        apply(will)
        if will == it.shown:
            raise wrong("Nodegroup is already at the requested version")
        return it.update("VersionUpdate", {"Version": version or "", "ReleaseVersion": release or ""}, apply)

    def update_nodegroup_config(self, cluster, name, body):
        it = self.active_group(cluster, name)

        def apply(shown):
            for key in ("scalingConfig", "updateConfig", "nodeRepairConfig"):
                if body.get(key):
                    shown[key] = body[key]
            labels, change = shown["labels"], body.get("labels") or {}
            labels.update(change.get("addOrUpdateLabels") or {})
            for key in change.get("removeLabels") or []:
                labels.pop(key, None)
            change = body.get("taints") or {}
            new, old = change.get("addOrUpdateTaints") or [], change.get("removeTaints") or []
            place = lambda it: (it["key"], it["effect"])
            gone = {place(it) for it in (*new, *old)}
            shown["taints"] = taints([it for it in shown["taints"] if place(it) not in gone] + new)

        return it.update("ConfigUpdate", {"Config": body}, apply)

    def create_fargate_profile(self, cluster, body):
        name = body["fargateProfileName"]
        before = self.repeated("profile", body, self.cluster(cluster).profiles.get)
        if before:
            return {"fargateProfile": before.shown}
        it = self.ready_cluster(cluster, "CreateFargateProfile")
        if name in it.profiles:
            raise in_use("A Fargate Profile already exists with this name in this cluster.", clusterName=cluster)
        self.no_other_profile(it, cluster, name, "create")
        if not self.has_role(body["podExecutionRoleArn"]):
            raise wrong("Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com "
                        "Service Principal")
        subnets = body.get("subnets") or it.shown["resourcesVpcConfig"]["subnetIds"]
        self.vpc_of(subnets)
        shown = {
            "fargateProfileName": name,
            "fargateProfileArn": self.arn(f"fargateprofile/{cluster}/{name}/{uuid.uuid4()}"),
            "clusterName": cluster,
            "createdAt": time.time(),
            "podExecutionRoleArn": body["podExecutionRoleArn"],
            "subnets": subnets,
            "selectors": body.get("selectors") or [],
            "tags": body.get("tags") or {},
        }
        it.profiles[name] = Thing(shown)
        self.tokens["profile", body.get("clientRequestToken")] = name
        return {"fargateProfile": shown}

    def no_other_profile(self, it, cluster, name, what):
        for other, profile in it.profiles.items():
            status = profile.shown["status"]
            if other != name and status in ("CREATING", "DELETING"):
                text = f"Cannot {what} Fargate Profile {name} because cluster {cluster} currently has Fargate profile"
                raise in_use(f"{text} {other} in status {status}", clusterName=cluster)

    def create_addon(self, cluster, body):
        name = body["addonName"]
        before = self.repeated("addon", body, self.cluster(cluster).addons.get)
        if before:
            return {"addon": before.shown}
        it = self.ready_cluster(cluster, "CreateAddon")
        if name in it.addons:
            raise in_use("Addon already exists.", clusterName=cluster, addonName=name)
        shown = {
            "addonName": name,
            "clusterName": cluster,
            "addonVersion": body.get("addonVersion") or ADDONS.get(name, "v1.0.0-eksbuild.1"),
            "health": {"issues": []},
            "addonArn": self.arn(f"addon/{cluster}/{name}/{uuid.uuid4()}"),
            "createdAt": time.time(),
            "modifiedAt": time.time(),
            "tags": body.get("tags") or {},
            "podIdentityAssociations": self.of_addon(it, cluster, name, body.get("podIdentityAssociations")),
        }
        for key in ("configurationValues", "serviceAccountRoleArn"):
            if body.get(key):
                shown[key] = body[key]
        it.addons[name] = Thing(shown)
        self.tokens["addon", body.get("clientRequestToken")] = name
        return {"addon": shown}

    def of_addon(self, it, cluster, addon, wanted):
        """Makes the associations of an add-on: their ARNs."""
        for id in [id for id, other in it.identities.items() if other["owner"] == addon]:
            del it.identities[id]
        arns = []
        for one in wanted or []:
            one = {"namespace": "kube-system", **one}
            arns.append(self.identity(it, cluster, one, addon)["associationArn"])
        return arns

    def update_addon(self, cluster, name, body):
        it = self.part(cluster, "addons", name)
        if it.shown["status"] in ("CREATING", "UPDATING", "DELETING"):
            text = f"Addon {name} cannot be updated as it is currently in {it.shown['status']} state"
            raise in_use(text, clusterName=cluster, addonName=name)

        def apply(shown):
            for key in ("addonVersion", "configurationValues"):
                if key in body:
                    shown[key] = body[key]
            if body.get("serviceAccountRoleArn"):
                shown["serviceAccountRoleArn"] = body["serviceAccountRoleArn"]
            else:
                shown.pop("serviceAccountRoleArn", None)
            if "podIdentityAssociations" in body:
                wanted = body["podIdentityAssociations"]
                shown["podIdentityAssociations"] = self.of_addon(self.cluster(cluster), cluster, name, wanted)

        return it.update("AddonUpdate", {"AddonVersion": body.get("addonVersion", "")}, apply)

    def delete_part(self, cluster, sort, name, key):
        it, whole = self.part(cluster, sort, name), self.cluster(cluster)
        if sort == "profiles":
            self.no_other_profile(whole, cluster, name, "delete")
        if sort == "addons":
            self.of_addon(whole, cluster, name, [])
        it.delete()
        return {key: it.shown}

    def create_access_entry(self, cluster, body):
        it, principal = self.cluster(cluster), body["principalArn"]
        before = self.repeated("entry", body, it.entries.get)
        if before:
            return {"accessEntry": before.shown}
        if it.shown["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
            raise unready("The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to "
                          "perform this operation.", clusterName=cluster)
        if principal in it.entries:
            raise in_use("The specified access entry resource is already in use on this cluster.")
        if ":role/" in principal and not self.has_role(principal):
            raise wrong("The specified principalArn is invalid: invalid principal.")
        session = "{{SessionName}}"
        usual = f"arn:aws:sts::{self.account}:assumed-role/{principal.rsplit('/', 1)[-1]}/{session}"
        kind, name = principal.split(":", 5)[5].split("/", 1)
        shown = {
            "clusterName": cluster,
            "principalArn": principal,
            "kubernetesGroups": body.get("kubernetesGroups") or [],
            "accessEntryArn": self.arn(f"access-entry/{cluster}/{kind}/{self.account}/{name}/{uuid.uuid4()}"),
            "createdAt": time.time(),
            "modifiedAt": time.time(),
            "tags": body.get("tags") or {},
            "username": body.get("username") or (usual if kind == "role" else principal),
            "type": body.get("type", "STANDARD"),
        }
        it.entries[principal] = Thing(shown, status=None)
        it.entries[principal].policies = {}
        self.tokens["entry", body.get("clientRequestToken")] = principal
        return {"accessEntry": shown}

    def entry(self, cluster, principal):
        all = self.cluster(cluster).entries
        if principal not in all:
            raise missing("The specified principalArn could not be found. You can view your available access entries "
                          "with 'list-access-entries'.", clusterName=cluster)
        return all[principal]

    def update_access_entry(self, cluster, principal, body):
        shown = self.entry(cluster, principal).shown
        if "kubernetesGroups" in body:
            shown["kubernetesGroups"] = body["kubernetesGroups"]
        if body.get("username"):
            shown["username"] = body["username"]
        shown["modifiedAt"] = time.time()
        return {"accessEntry": shown}

    def delete_access_entry(self, cluster, principal):
        self.entry(cluster, principal)
        del self.cluster(cluster).entries[principal]
        return {}

    def associate_access_policy(self, cluster, principal, body):
        it, now = self.entry(cluster, principal), time.time()
        if not re.match(r"arn:[^:]+:eks::aws:cluster-access-policy/\w+$", body["policyArn"]):
            raise wrong("The policyArn parameter format is not valid")
        before = it.policies.get(body["policyArn"], {})
        scope = {"namespaces": [], **(body.get("accessScope") or {})}
        policy = {"policyArn": body["policyArn"], "accessScope": scope}
        policy |= {"associatedAt": before.get("associatedAt", now), "modifiedAt": now}
        it.policies[body["policyArn"]] = policy
        return {"clusterName": cluster, "principalArn": principal, "associatedAccessPolicy": policy}

    def disassociate_access_policy(self, cluster, principal, policy):
        it = self.entry(cluster, principal)
        if it.policies.pop(policy, None) is None:
            raise missing("The specified policyArn could not be found.", clusterName=cluster)
        return {}

    def identity(self, it, cluster, body, owner=None):
        if not self.has_role(body["roleArn"]):
            raise wrong("Role provided in the request does not exist.")
        id = "a-" + short_id()
        shown = {
            "clusterName": cluster,
            "namespace": body["namespace"],
            "serviceAccount": body["serviceAccount"],
            "roleArn": body["roleArn"],
            "associationArn": self.arn(f"podidentityassociation/{cluster}/{id}"),
            "associationId": id,
            "tags": body.get("tags") or {},
            "createdAt": time.time(),
            "modifiedAt": time.time(),
            "disableSessionTags": False,
        }
        if owner:
            shown["ownerArn"] = self.arn(f"addon/{cluster}/{owner}/0")
        it.identities[id] = {"shown": shown, "owner": owner}
        return shown

    def create_pod_identity_association(self, cluster, body):
        it = self.cluster(cluster)
        before = self.repeated("identity", body, it.identities.get)
        if before:
            return {"association": before["shown"]}
        place = lambda it: (it["namespace"], it["serviceAccount"])
        if any(place(other["shown"]) == place(body) for other in it.identities.values()):
            raise in_use("Association already exists: " + "/".join(place(body)), clusterName=cluster)
        shown = self.identity(it, cluster, body)
        self.tokens["identity", body.get("clientRequestToken")] = shown["associationId"]
        return {"association": shown}

    def association(self, cluster, id):
        all = self.cluster(cluster).identities
        if id not in all:
            raise missing(f"Association not found: {id}", clusterName=cluster)
        return all[id]["shown"]

    def update_pod_identity_association(self, cluster, id, body):
        shown = self.association(cluster, id)
        if body.get("roleArn"):
            if not self.has_role(body["roleArn"]):
                raise wrong("Role provided in the request does not exist.")
            shown["roleArn"] = body["roleArn"]
        shown["modifiedAt"] = time.time()
        return {"association": shown}

    def delete_pod_identity_association(self, cluster, id):
        shown = self.association(cluster, id)
        del self.cluster(cluster).identities[id]
        return {"association": shown}

    def list_pod_identity_associations(self, cluster, query):
        keys = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
        all = [it["shown"] for it in self.cluster(cluster).identities.values()]
        for key in ("namespace", "serviceAccount"):
            all = [it for it in all if key not in query or it[key] == query[key][0]]
        return [{key: it[key] for key in keys if key in it} for it in all]

    def tags_of(self, arn):
        for cluster in self.clusters.values():
            things = [cluster, *cluster.groups.values(), *cluster.profiles.values(), *cluster.addons.values()]
            shown = [it.shown for it in (*things, *cluster.entries.values())]
            shown += [it["shown"] for it in cluster.identities.values()]
            for it in shown:
                if arn in (it.get(key) for key in ARNS):
                    return it["tags"]
        raise Refusal(404, "NotFoundException", "Resource was not found")


ARNS = ("arn", "nodegroupArn", "fargateProfileArn", "addonArn", "accessEntryArn", "associationArn")


def is_on(switch):
    return bool((switch or {}).get("enabled"))


def check_auto_mode(compute, network, storage):
    switches = {is_on(compute), is_on((network or {}).get("elasticLoadBalancing"))}
    if len(switches | {is_on((storage or {}).get("blockStorage"))}) > 1:
        raise wrong("For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
                    "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled.")


def logging(given, now):
    on = set(now)
    for setup in (given or {}).get("clusterLogging") or []:
        types = set(setup.get("types") or [])
        on = on | types if setup.get("enabled") else on - types
    setups = [{"types": [it for it in LOG_TYPES if it in on], "enabled": True}] if on else []
    return {"clusterLogging": setups + [{"types": [it for it in LOG_TYPES if it not in on], "enabled": False}]}


def taints(given):
    # A value that is empty is none.
    return [{k: v for k, v in it.items() if k != "value" or v} for it in given or []]


def cluster_updates(body):
    """The kinds of update that a request asks for: what each changes, and what is said where it changes nothing."""
    kinds = {}

    def on_logging(shown):
        now = [it for setup in shown["logging"]["clusterLogging"] if setup["enabled"] for it in setup["types"]]
        shown["logging"] = logging(body["logging"], now)
        return "No changes needed for the logging config provided"

    def on_endpoints(shown):
        config = shown["resourcesVpcConfig"]
        config.update({key: vpc[key] for key in ENDPOINTS if key in vpc})
        if not (config["endpointPrivateAccess"] or config["endpointPublicAccess"]):
            raise wrong("Private and public endpoint access cannot be disabled")
        private, public = (str(config[key]).lower() for key in ENDPOINTS[:2])
        return (f"Cluster is already at the desired configuration with endpointPrivateAccess: {private} , "
                f"endpointPublicAccess: {public}, and Public Endpoint Restrictions: {config['publicAccessCidrs']}")

    def on_network(shown):
        shown["resourcesVpcConfig"].update({key: vpc[key] for key in NETWORK if key in vpc})
        return "Provided subnet ids and security group ids are already attached to the cluster"

    def on_access(shown):
        order = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
        old, new = shown["accessConfig"]["authenticationMode"], body["accessConfig"]["authenticationMode"]
        if order.index(new) <= order.index(old):
            raise wrong(f"Unsupported authentication mode update from {old} to {new}")
        shown["accessConfig"] = {"authenticationMode": new}

    def on_upgrade_policy(shown):
        shown["upgradePolicy"] = body["upgradePolicy"]
        return "Cluster already has the upgrade policy that was given"

    def on_zonal_shift(shown):
        shown["zonalShiftConfig"] = body["zonalShiftConfig"]
        return "Cluster already has the zonal shift config that was given"

    def on_auto_mode(shown):
        network = {**shown["kubernetesNetworkConfig"], **(body.get("kubernetesNetworkConfig") or {})}
        compute = body.get("computeConfig", shown.get("computeConfig"))
        storage = body.get("storageConfig", shown.get("storageConfig"))
        check_auto_mode(compute, network, storage)
        shown.update(kubernetesNetworkConfig=network)
        shown.update({k: v for k, v in (("computeConfig", compute), ("storageConfig", storage)) if v})
        return "Cluster is already in the mode that was asked for"

    vpc = body.get("resourcesVpcConfig") or {}
    if "logging" in body:
        kinds["LoggingUpdate"] = on_logging
    if any(key in vpc for key in ENDPOINTS):
        kinds["EndpointAccessUpdate"] = on_endpoints
    if any(key in vpc for key in NETWORK):
        kinds["VpcConfigUpdate"] = on_network
    for key, kind, change in (
        ("accessConfig", "AccessConfigUpdate", on_access),
        ("upgradePolicy", "UpgradePolicyUpdate", on_upgrade_policy),
        ("zonalShiftConfig", "ZonalShiftConfigUpdate", on_zonal_shift),
    ):
        if key in body:
            kinds[kind] = change
    if any(key in body for key in ("computeConfig", "kubernetesNetworkConfig", "storageConfig")):
        kinds["AutoModeUpdate"] = on_auto_mode
    return kinds


ENDPOINTS = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
NETWORK = ("subnetIds", "securityGroupIds")


def page(key, all, query):
    size, start = int(query.get("maxResults", ["100"])[0]), int(query.get("nextToken", ["0"])[0])
    more = {"nextToken": str(start + size)} if start + size < len(all) else {}
    return {key: all[start : start + size], **more}


def answer(it, method, path, query, body):
    """What a request is answered. `path` holds its parts, decoded."""
    match (method, *path):
        case ("GET", "tags", arn):
            return {"tags": it.tags_of(arn)}
        case ("POST", "tags", arn):
            it.tags_of(arn).update(body["tags"])
            return {}
        case ("DELETE", "tags", arn):
            for key in query.get("tagKeys", []):
                it.tags_of(arn).pop(key, None)
            return {}
        case ("GET", "clusters"):
            return page("clusters", sorted(it.clusters), query)
        case ("POST", "clusters"):
            return it.create_cluster(body)
        case ("GET", "clusters", name):
            return it.describe_cluster(name)
        case ("DELETE", "clusters", name):
            return it.delete_cluster(name)
        case ("POST", "clusters", name, "updates"):
            return it.update_cluster_version(name, body)
        case ("POST", "clusters", name, "update-config"):
            return it.update_cluster_config(name, body)
        case ("POST", "clusters", name, "encryption-config", "associate"):
            return it.associate_encryption_config(name, body)
        case ("GET", "clusters", name, "updates", id):
            return it.describe_update(name, id, query)
        case ("GET", "clusters", name, "node-groups"):
            return page("nodegroups", sorted(it.cluster(name).groups), query)
        case ("POST", "clusters", name, "node-groups"):
            return it.create_nodegroup(name, body)
        case ("GET", "clusters", name, "node-groups", group):
            return {"nodegroup": it.part(name, "groups", group).shown}
        case ("DELETE", "clusters", name, "node-groups", group):
            return it.delete_part(name, "groups", group, "nodegroup")
        case ("POST", "clusters", name, "node-groups", group, "update-version"):
            return it.update_nodegroup_version(name, group, body)
        case ("POST", "clusters", name, "node-groups", group, "update-config"):
            return it.update_nodegroup_config(name, group, body)
        case ("GET", "clusters", name, "fargate-profiles"):
            return page("fargateProfileNames", sorted(it.cluster(name).profiles), query)
        case ("POST", "clusters", name, "fargate-profiles"):
            return it.create_fargate_profile(name, body)
        case ("GET", "clusters", name, "fargate-profiles", profile):
            return {"fargateProfile": it.part(name, "profiles", profile).shown}
        case ("DELETE", "clusters", name, "fargate-profiles", profile):
            return it.delete_part(name, "profiles", profile, "fargateProfile")
        case ("GET", "clusters", name, "addons"):
            return page("addons", sorted(it.cluster(name).addons), query)
        case ("POST", "clusters", name, "addons"):
            return it.create_addon(name, body)
        case ("GET", "clusters", name, "addons", addon):
            return {"addon": it.part(name, "addons", addon).shown}
        case ("POST", "clusters", name, "addons", addon, "update"):
            return it.update_addon(name, addon, body)
        case ("DELETE", "clusters", name, "addons", addon):
            return it.delete_part(name, "addons", addon, "addon")
        case ("GET", "clusters", name, "access-entries"):
            return page("accessEntries", sorted(it.cluster(name).entries), query)
        case ("POST", "clusters", name, "access-entries"):
            return it.create_access_entry(name, body)
        case ("GET", "clusters", name, "access-entries", principal):
            return {"accessEntry": it.entry(name, principal).shown}
        case ("POST", "clusters", name, "access-entries", principal):
            return it.update_access_entry(name, principal, body)
        case ("DELETE", "clusters", name, "access-entries", principal):
            return it.delete_access_entry(name, principal)
        case ("GET", "clusters", name, "access-entries", principal, "access-policies"):
            all = page("associatedAccessPolicies", list(it.entry(name, principal).policies.values()), query)
            return {"clusterName": name, "principalArn": principal, **all}
        case ("POST", "clusters", name, "access-entries", principal, "access-policies"):
            return it.associate_access_policy(name, principal, body)
        case ("DELETE", "clusters", name, "access-entries", principal, "access-policies", policy):
            return it.disassociate_access_policy(name, principal, policy)
        case ("GET", "clusters", name, "pod-identity-associations"):
            return page("associations", it.list_pod_identity_associations(name, query), query)
        case ("POST", "clusters", name, "pod-identity-associations"):
            return it.create_pod_identity_association(name, body)
        case ("GET", "clusters", name, "pod-identity-associations", id):
            return {"association": it.association(name, id)}
        case ("POST", "clusters", name, "pod-identity-associations", id):
            return it.update_pod_identity_association(name, id, body)
        case ("DELETE", "clusters", name, "pod-identity-associations", id):
            return it.delete_pod_identity_association(name, id)
    return None


def repair_eks():
    import moto.eks.models as models
    import moto.eks.urls as urls
    from moto.core.base_backend import BackendDict, BaseBackend
    from moto.core.responses import BaseResponse

    class Backend(BaseBackend):
        # By its module moto finds the addresses that it answers.
        __module__ = "moto.eks.models"

        def __init__(self, region_name, account_id):
            super().__init__(region_name, account_id)
            self.content = Account(region_name, account_id)

    alone = threading.Lock()
    models.eks_backends = BackendDict(Backend, "eks")

    def handle(request, full_url, headers):
        asked = BaseResponse(service_name="eks")
        asked.setup_class(request, full_url, headers)
        backend = models.eks_backends[asked.current_account][asked.region]
        path = [unquote(part) for part in asked.raw_path.strip("/").split("/")]
        query = parse_qs(urlparse(full_url).query)
        body = json.loads(asked.body) if asked.body else {}
        kind = {"Content-Type": "application/json"}
        with alone:
            backend.content.settle()
            try:
                found = answer(backend.content, request.method, path, query, body)
                if found is None:
                    return 404, {"Content-Type": "text/html"}, "<html>not implemented</html>"
                return 200, kind, json.dumps(found)
            except Refusal as error:
                return error.status, {**kind, "x-amzn-ErrorType": error.code}, json.dumps(error.body)

    urls.url_paths = {"{0}/.*": handle}


def repair_openid():
    # AWS adds and removes client ids of a provider one by one; moto does not know these operations. And it finds the
    # fingerprint itself where none is given; moto has none then.
    from moto.iam.models import IAMBackend
    from moto.iam.responses import IamResponse

    create = IAMBackend.create_open_id_connect_provider

    def create_provider(self, url, thumbprint_list, client_id_list, tags):
        prints = thumbprint_list or ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
        return create(self, url, prints, client_id_list, tags)

    def clients(self):
        provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
        return provider.client_id_list, self._get_param("ClientID")

    def add(self):
        from moto.core.responses import EmptyResult

        all, one = clients(self)
        if one not in all:
            all.append(one)
        return EmptyResult()

    def remove(self):
        from moto.core.responses import EmptyResult

        all, one = clients(self)
        if one in all:
            all.remove(one)
        return EmptyResult()

    IAMBackend.create_open_id_connect_provider = create_provider
    IamResponse.add_client_id_to_open_id_connect_provider = add
    IamResponse.remove_client_id_from_open_id_connect_provider = remove
