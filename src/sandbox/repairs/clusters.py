# RDS: clusters.


class Databases(Groups):
    def cluster(self, sent, base=None):
        name = sent["DBClusterIdentifier"].lower()
        own = {"DBClusterMembers", "MasterUserSecret", "DeletionProtection", "AssociatedRoles"}
        it = {key: value for key, value in (base or {}).items() if key not in own}
        sent = {"VpcSecurityGroupIds": self.default_groups(), **sent} if not base else sent
        it.update(self.shaped(sent, "DBCluster"))
        arn, it["_id"] = self.arn("cluster", name), self.new_id("cluster-")
        it.update(DBClusterIdentifier=name, DBClusterArn=arn, _arn=arn, DbClusterResourceId=it["_id"], TagList=[])
        it["EngineVersion"] = self.version(it["Engine"], it.get("EngineVersion"))
        it["_port"] = it["Port"] = it.get("Port") or (5432 if "postgres" in it["Engine"] else 3306)
        host = f"abcdefghijkl.{self.region}.rds.amazonaws.com"
        it.update(Endpoint=f"{name}.cluster-{host}", ReaderEndpoint=f"{name}.cluster-ro-{host}", HostedZoneId="Z2R2ITUGPM61AM")
        it["DBSubnetGroup"] = sent.get("DBSubnetGroupName") or it.get("DBSubnetGroup", "default")
        if it["DBSubnetGroup"] != "default":
            self.group(it["DBSubnetGroup"])
        it["DBClusterParameterGroup"] = sent.get("DBClusterParameterGroupName") or f"default.{self.family(it)}"
        zones = it.get("AvailabilityZones", [])
        it["AvailabilityZones"] = (zones + [zone for zone in self.zones() if zone not in zones])[: max(3, len(zones))]
        for key, value in {
            "AllocatedStorage": 1, "AutoMinorVersionUpgrade": True, "BackupRetentionPeriod": 1, "StorageType": "",
            "PreferredBackupWindow": "06:00-06:30", "PreferredMaintenanceWindow": "sat:09:00-sat:09:30",
            "MultiAZ": False, "StorageEncrypted": False, "EngineMode": "provisioned", "NetworkType": "IPV4",
            "EngineLifecycleSupport": "open-source-rds-extended-support", "DeletionProtection": False,
            "CopyTagsToSnapshot": False, "IAMDatabaseAuthenticationEnabled": False, "HttpEndpointEnabled": False,
            "DatabaseInsightsMode": "standard", "MasterUsername": "admin", "DBClusterMembers": [],
            "AssociatedRoles": [], "CrossAccountClone": False,
        }.items():  # fmt: skip
            it.setdefault(key, value)
        self.serverless(it, sent)
        it.update(Status="available", ClusterCreateTime=self.now())
        self.said(it, sent)
        self.add("DBCluster", name, "DBClusterAlreadyExistsFault", it)
        return {"DBCluster": {**it, "Status": "creating"}}

    def serverless(self, it, sent):
        if "ServerlessV2ScalingConfiguration" in sent:
            it["ServerlessV2ScalingConfiguration"] = dict(sent["ServerlessV2ScalingConfiguration"])
        if it["EngineMode"] == "serverless":
            known = {"MinCapacity": 1, "MaxCapacity": 16, "AutoPause": True, "SecondsUntilAutoPause": 300,
                     "SecondsBeforeTimeout": 300, "TimeoutAction": "RollbackCapacityChange"}  # fmt: skip
            known.update(it.get("ScalingConfigurationInfo") or {})
            it["ScalingConfigurationInfo"] = {**known, **(sent.get("ScalingConfiguration") or {})}

    def create_db_cluster(self, sent):
        return self.cluster(sent)

    def restore_db_cluster_from_snapshot(self, sent):
        base = self.one("DBClusterSnapshot", sent["SnapshotIdentifier"], "DBClusterSnapshotNotFoundFault")
        return self.cluster(sent, base["_of"])

    def restore_db_cluster_to_point_in_time(self, sent):
        base = self.one("DBCluster", sent["SourceDBClusterIdentifier"].rsplit(":", 1)[-1], "DBClusterNotFoundFault")
        return self.cluster(sent, base)

    def restore_db_cluster_from_s3(self, sent):
        return self.cluster(sent)

    def described_cluster(self, name):
        return self.one("DBCluster", name.rsplit(":", 1)[-1], "DBClusterNotFoundFault")

    def describe_db_clusters(self, sent):
        if sent.get("DBClusterIdentifier"):
            return {"DBClusters": [self.described_cluster(sent["DBClusterIdentifier"])]}
        all = list(self.of("DBCluster").values())
        for one in sent.get("Filters", []):
            all = [it for it in all if it["DBClusterIdentifier"] in one["Values"] or it["_arn"] in one["Values"]]
        return {"DBClusters": all}

    def modify_db_cluster(self, sent):
        found = self.described_cluster(sent["DBClusterIdentifier"])
        if sent.get("EngineVersion"):
            sent = {**sent, "EngineVersion": self.version(found["Engine"], sent["EngineVersion"])}
            for member in found["DBClusterMembers"]:
                self.of("DBInstance")[member["DBInstanceIdentifier"]]["EngineVersion"] = sent["EngineVersion"]
        own = {"DBClusterIdentifier", "ScalingConfiguration", "ServerlessV2ScalingConfiguration"}
        found.update({key: value for key, value in self.shaped(sent, "DBCluster").items() if key not in own})
        if sent.get("DBClusterParameterGroupName"):
            found["DBClusterParameterGroup"] = sent["DBClusterParameterGroupName"]
        self.serverless(found, sent)
        self.said(found, sent)
        name = sent.get("NewDBClusterIdentifier", "").lower()
        if name:
            self.of("DBCluster")[name] = self.of("DBCluster").pop(found["DBClusterIdentifier"])
            found.update(DBClusterIdentifier=name, DBClusterArn=self.arn("cluster", name), _arn=self.arn("cluster", name))
        return {"DBCluster": {**found, "Status": "modifying"}}

    def delete_db_cluster(self, sent):
        found = self.described_cluster(sent["DBClusterIdentifier"])
        self.protected(found, "Cluster")
        if found["DBClusterMembers"]:
            text = "Cluster cannot be deleted, it still contains DB instances in non-deleting state."
            raise self.error("InvalidDBClusterStateFault", text)
        last = sent.get("FinalDBSnapshotIdentifier")
        if not last and not sent.get("SkipFinalSnapshot"):
            text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            raise self.error("InvalidParameterCombination", text)
        if last:
            self.create_db_cluster_snapshot({**sent, "DBClusterSnapshotIdentifier": last})
        del self.of("DBCluster")[found["DBClusterIdentifier"]]
        return {"DBCluster": {**found, "Status": "deleting"}}

    def create_db_cluster_snapshot(self, sent):
        of, name = self.described_cluster(sent["DBClusterIdentifier"]), sent["DBClusterSnapshotIdentifier"]
        return self.snapshot("DBClusterSnapshot", name, "DBClusterSnapshotAlreadyExistsFault", of)

    def describe_db_cluster_snapshots(self, sent):
        return {"DBClusterSnapshots": list(self.of("DBClusterSnapshot").values())}

    def delete_db_cluster_snapshot(self, sent):
        found = self.one("DBClusterSnapshot", sent["DBClusterSnapshotIdentifier"], "DBClusterSnapshotNotFoundFault")
        return {"DBClusterSnapshot": self.of("DBClusterSnapshot").pop(found["DBClusterSnapshotIdentifier"].lower())}

    def add_role_to_db_cluster(self, sent):
        found = self.described_cluster(sent["DBClusterIdentifier"])
        if any(it["RoleArn"] == sent["RoleArn"] for it in found["AssociatedRoles"]):
            raise self.error("DBClusterRoleAlreadyExists", "The specified IAM role is already associated.")
        role = {"RoleArn": sent["RoleArn"], "Status": "ACTIVE", "FeatureName": sent.get("FeatureName", "")}
        found["AssociatedRoles"] = found["AssociatedRoles"] + [role]

    def remove_role_from_db_cluster(self, sent):
        found = self.described_cluster(sent["DBClusterIdentifier"])
        left = [it for it in found["AssociatedRoles"] if it["RoleArn"] != sent["RoleArn"]]
        if len(left) == len(found["AssociatedRoles"]):
            raise self.error("DBClusterRoleNotFound", "The specified IAM role is not associated.")
        found["AssociatedRoles"] = left

    def http_endpoint(self, sent, on):
        self.tagged(sent["ResourceArn"])["HttpEndpointEnabled"] = on
        return {"ResourceArn": sent["ResourceArn"], "HttpEndpointEnabled": on}

    def enable_http_endpoint(self, sent):
        return self.http_endpoint(sent, True)

    def disable_http_endpoint(self, sent):
        return self.http_endpoint(sent, False)


def repair_databases():
    from moto.rds.models import rds_backends
    from moto.rds.responses import RDSResponse

    Databases.take_over(RDSResponse, rds_backends, "rds", [
        *(f"{verb}_db_subnet_group" for verb in ("create", "modify", "delete")), "describe_db_subnet_groups",
        *(f"{verb}_db_parameter_group" for verb in ("create", "modify", "reset", "delete")),
        "describe_db_parameter_groups", "describe_db_parameters",
        *(f"{verb}_db_instance" for verb in ("create", "modify", "reboot", "delete")), "describe_db_instances",
        "create_db_instance_read_replica", "promote_read_replica",
        *(f"restore_db_{it}" for it in ("instance_from_db_snapshot", "instance_to_point_in_time", "instance_from_s3",
                                        "cluster_from_snapshot", "cluster_to_point_in_time", "cluster_from_s3")),
        *(f"{verb}_db_cluster" for verb in ("create", "modify", "delete", "add_role_to", "remove_role_from")),
        "describe_db_clusters", "enable_http_endpoint", "disable_http_endpoint",
        *(f"{verb}_db_cluster_parameter_group" for verb in ("create", "modify", "reset", "delete")),
        "describe_db_cluster_parameter_groups", "describe_db_cluster_parameters",
        *(f"{verb}_option_group" for verb in ("create", "modify", "delete")), "describe_option_groups",
        *(f"{verb}_db_{it}snapshot" for verb in ("create", "delete") for it in ("", "cluster_")),
        "describe_db_snapshots", "describe_db_cluster_snapshots",
        "add_tags_to_resource", "remove_tags_from_resource", "list_tags_for_resource",
    ])  # fmt: skip


