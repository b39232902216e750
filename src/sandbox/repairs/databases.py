# RDS: groups of subnets and of parameters, instances, snapshots.


class Instances(Fleet):
    VERSIONS = {
        "postgres": ["17.2", "16.4", "15.8", "14.13"],
        "mysql": ["8.0.39", "8.4.3", "5.7.44"],
        "mariadb": ["11.4.3", "10.11.9"],
        "aurora-postgresql": ["16.4", "15.8"],
        "aurora-mysql": ["8.0.mysql_aurora.3.08.0", "5.7.mysql_aurora.2.12.4"],
    }
    # What of an instance changes at once only where that is asked for.
    SLOW = {
        "AllocatedStorage", "BackupRetentionPeriod", "DBInstanceClass", "EngineVersion", "Iops",
        "MasterUserPassword", "MultiAZ", "StorageThroughput", "StorageType",
    }  # fmt: skip
    DEFAULTS = {
        name: {"ParameterName": name, "ApplyType": kind, "Source": "engine-default", "IsModifiable": True,
               "ApplyMethod": "pending-reboot", "DataType": "string"}
        for name, kind in (("max_connections", "static"), ("shared_buffers", "static"), ("log_statement", "dynamic"))
    }  # fmt: skip

    def version(self, engine, wanted):
        known = self.VERSIONS.get(engine, [wanted or "1.0"])
        if not wanted:
            return known[0]
        return next((it for it in known if it == wanted or it.startswith(f"{wanted}.")), wanted)

    def family(self, it):
        parts = it["EngineVersion"].split(".")
        return it["Engine"] + (parts[0] if "postgres" in it["Engine"] else ".".join(parts[:2]))

    # Groups of subnets.

    def create_db_subnet_group(self, sent):
        name = sent["DBSubnetGroupName"].lower()
        arn = self.arn("subgrp", name)
        it = {"DBSubnetGroupName": name, "DBSubnetGroupArn": arn, "_arn": arn, "TagList": sent.get("Tags", []),
              "SubnetGroupStatus": "Complete", "SupportedNetworkTypes": ["IPV4"],
              "DBSubnetGroupDescription": sent["DBSubnetGroupDescription"], **self.spread(sent["SubnetIds"])}  # fmt: skip
        return {"DBSubnetGroup": self.add("DBSubnetGroup", name, "DBSubnetGroupAlreadyExists", it)}

    def spread(self, ids):
        vpc, subnets = self.subnets(ids)
        if len({zone for _, zone in subnets}) < 2:
            text = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement."
            raise self.error("DBSubnetGroupDoesNotCoverEnoughAZs", text)
        subnets = [{"SubnetIdentifier": id, "SubnetStatus": "Active", "SubnetAvailabilityZone": {"Name": zone}}
                   for id, zone in subnets]  # fmt: skip
        return {"VpcId": vpc, "Subnets": subnets}

    def group(self, name):
        return self.one("DBSubnetGroup", name, "DBSubnetGroupNotFoundFault")

    def describe_db_subnet_groups(self, sent):
        name = sent.get("DBSubnetGroupName")
        return {"DBSubnetGroups": [self.group(name)] if name else list(self.of("DBSubnetGroup").values())}

    def modify_db_subnet_group(self, sent):
        found = self.group(sent["DBSubnetGroupName"])
        found.update(self.spread(sent["SubnetIds"]))
        found["DBSubnetGroupDescription"] = sent.get("DBSubnetGroupDescription", found["DBSubnetGroupDescription"])
        return {"DBSubnetGroup": found}

    def delete_db_subnet_group(self, sent):
        found = self.group(sent["DBSubnetGroupName"])
        name = found["DBSubnetGroupName"]
        users = [it for it in self.of("DBInstance").values() if it["DBSubnetGroup"]["DBSubnetGroupName"] == name]
        if users or any(it["DBSubnetGroup"] == name for it in self.of("DBCluster").values()):
            text = f"Cannot delete the subnet group '{name}' because at least one database instance is still using it."
            raise self.error("InvalidDBSubnetGroupStateFault", text)
        del self.of("DBSubnetGroup")[name]

    # Groups of parameters.

    def create_db_parameter_group(self, sent):
        name = sent["DBParameterGroupName"].lower()
        arn = self.arn("pg", name)
        it = {**self.shaped(sent, "DBParameterGroup"), "DBParameterGroupName": name, "DBParameterGroupArn": arn,
              "_arn": arn, "_set": {}, "TagList": sent.get("Tags", [])}  # fmt: skip
        return {"DBParameterGroup": self.add("DBParameterGroup", name, "DBParameterGroupAlreadyExists", it)}

    def parameter_group(self, sent):
        return self.one("DBParameterGroup", sent["DBParameterGroupName"], "DBParameterGroupNotFound")

    def describe_db_parameter_groups(self, sent):
        named = "DBParameterGroupName" in sent
        groups = [self.parameter_group(sent)] if named else list(self.of("DBParameterGroup").values())
        return {"DBParameterGroups": groups}

    def describe_db_parameters(self, sent):
        return {"Parameters": self.parameters(self.parameter_group(sent), self.DEFAULTS, sent.get("Source"))}

    def modify_db_parameter_group(self, sent):
        found = self.parameter_group(sent)
        self.set_parameters(found, self.DEFAULTS, sent["Parameters"], 20)
        return {"DBParameterGroupName": found["DBParameterGroupName"]}

    def reset_db_parameter_group(self, sent):
        found = self.parameter_group(sent)
        self.reset_parameters(found, sent)
        return {"DBParameterGroupName": found["DBParameterGroupName"]}

    def delete_db_parameter_group(self, sent):
        name = self.parameter_group(sent)["DBParameterGroupName"]
        for it in self.of("DBInstance").values():
            if it["DBParameterGroups"][0]["DBParameterGroupName"] == name:
                raise self.error("InvalidDBParameterGroupState", f"One or more database instances are still members of this parameter group {name}, so the group cannot be deleted")
        del self.of("DBParameterGroup")[name]

    # Instances.

    def said(self, it, sent):
        """What both instances and clusters take under one name and tell under another."""
        words = {
            "EnablePerformanceInsights": "PerformanceInsightsEnabled",
            "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
            "EnableCustomerOwnedIp": "CustomerOwnedIpEnabled",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "EnableHttpEndpoint": "HttpEndpointEnabled",
            "Tags": "TagList",
        }
        it.update({there: sent[word] for word, there in words.items() if word in sent})
        if sent.get("VpcSecurityGroupIds"):
            groups = sent["VpcSecurityGroupIds"]
            it["VpcSecurityGroups"] = [{"VpcSecurityGroupId": id, "Status": "active"} for id in groups]
        if "CloudwatchLogsExportConfiguration" in sent:
            change = sent["CloudwatchLogsExportConfiguration"]
            logs = set(it.get("EnabledCloudwatchLogsExports", [])) | set(change.get("EnableLogTypes", []))
            it["EnabledCloudwatchLogsExports"] = sorted(logs - set(change.get("DisableLogTypes", [])))
        if sent.get("ManageMasterUserPassword"):
            secret = f"arn:aws:secretsmanager:{self.region}:{self.account}:secret:rds!{it['_id']}"
            key = sent.get("MasterUserSecretKmsKeyId") or self.key("secretsmanager")
            it["MasterUserSecret"] = {"SecretArn": secret, "SecretStatus": "active", "KmsKeyId": key}
        if sent.get("ManageMasterUserPassword") is False:
            it.pop("MasterUserSecret", None)
        if it.get("PerformanceInsightsEnabled"):
            it.setdefault("PerformanceInsightsKMSKeyId", self.key("rds"))
            it.setdefault("PerformanceInsightsRetentionPeriod", 7)
        for window in ("PreferredMaintenanceWindow", "PreferredBackupWindow"):
            if window in it:
                it[window] = it[window].lower()
        if it.get("StorageEncrypted"):
            it.setdefault("KmsKeyId", self.key("rds"))

    def key(self, of):
        import uuid

        id = uuid.uuid5(uuid.NAMESPACE_DNS, f"{of}.{self.region}.{self.account}")
        return f"arn:aws:kms:{self.region}:{self.account}:key/{id}"

    def new_id(self, prefix):
        import random
        import string

        return prefix + "".join(random.choices(string.ascii_uppercase + string.digits, k=26))

    def options(self, group):
        return [{"OptionGroupName": group, "Status": "in-sync"}]

    def instance(self, sent, base=None):
        name = sent["DBInstanceIdentifier"].lower()
        cluster = self.of("DBCluster").get((sent.get("DBClusterIdentifier") or "").lower())
        own = {"DBInstanceIdentifier", "ReadReplicaDBInstanceIdentifiers", "MasterUserSecret", "DeletionProtection",
               "EnabledCloudwatchLogsExports", "MaxAllocatedStorage"}  # fmt: skip
        it = {key: value for key, value in (base or {}).items() if key not in own}
        it.update(self.shaped(sent, "DBInstance"))
        if cluster:
            shared = ("Engine", "EngineVersion", "MasterUsername", "StorageEncrypted", "KmsKeyId", "DBSubnetGroup",
                      "VpcSecurityGroups", "BackupRetentionPeriod", "PreferredBackupWindow", "NetworkType")  # fmt: skip
            it.update({key: cluster[key] for key in shared if key in cluster})
            it["StorageType"] = cluster["StorageType"] or "aurora"
        arn, it["_id"] = self.arn("db", name), self.new_id("db-")
        it.update(DBInstanceIdentifier=name, DBInstanceArn=arn, _arn=arn, DbiResourceId=it["_id"], TagList=[])
        it["EngineVersion"] = self.version(it["Engine"], it.get("EngineVersion"))
        port = sent.get("Port") or (base or cluster or {}).get("_port") or (5432 if "postgres" in it["Engine"] else 3306)
        it["_port"], it["DbInstancePort"] = port, 0
        host = f"{name}.abcdefghijkl.{self.region}.rds.amazonaws.com"
        it["Endpoint"] = {"Address": host, "Port": port, "HostedZoneId": "Z2R2ITUGPM61AM"}
        group = sent.get("DBSubnetGroupName") or (cluster or {}).get("DBSubnetGroup")
        if group and group != "default":
            it["DBSubnetGroup"] = self.group(group)
        elif not isinstance(it.get("DBSubnetGroup"), dict):
            it["DBSubnetGroup"] = {"DBSubnetGroupName": "default", "SubnetGroupStatus": "Complete", "Subnets": []}
        family = self.family(it)
        for key, value in {
            "AllocatedStorage": 1, "AutoMinorVersionUpgrade": True, "BackupRetentionPeriod": 1,
            "PreferredBackupWindow": "06:00-06:30", "PreferredMaintenanceWindow": "sat:09:00-sat:09:30",
            "MultiAZ": False, "AvailabilityZone": self.zones()[0], "StorageType": "gp2", "StorageEncrypted": False,
            "LicenseModel": "postgresql-license" if "postgres" in it["Engine"] else "general-public-license",
            "CACertificateIdentifier": "rds-ca-rsa2048-g1", "PubliclyAccessible": False, "MonitoringInterval": 0,
            "NetworkType": "IPV4", "DatabaseInsightsMode": "standard", "BackupTarget": "region",
            "EngineLifecycleSupport": "open-source-rds-extended-support", "DeletionProtection": False,
            "CopyTagsToSnapshot": False, "IAMDatabaseAuthenticationEnabled": False, "DedicatedLogVolume": False,
            "PerformanceInsightsEnabled": False, "CustomerOwnedIpEnabled": False, "StorageThroughput": 0,
            "MasterUsername": "admin", "ReadReplicaDBInstanceIdentifiers": [],
            "VpcSecurityGroups": [{"VpcSecurityGroupId": id, "Status": "active"} for id in self.default_groups()],
            "OptionGroupMemberships": self.options(f"default:{family}".replace(".", "-")),
        }.items():  # fmt: skip
            it.setdefault(key, value)
        if sent.get("OptionGroupName"):
            it["OptionGroupMemberships"] = self.options(sent["OptionGroupName"])
        groups = sent.get("DBParameterGroupName") or f"default.{family}"
        it["DBParameterGroups"] = [{"DBParameterGroupName": groups, "ParameterApplyStatus": "in-sync"}]
        it.update(DBInstanceStatus="available", InstanceCreateTime=self.now(), PendingModifiedValues={})
        self.said(it, sent)
        self.add("DBInstance", name, "DBInstanceAlreadyExists", it)
        if cluster:
            writer = not cluster["DBClusterMembers"]
            member = {"DBInstanceIdentifier": name, "IsClusterWriter": writer, "PromotionTier": sent.get("PromotionTier", 1),
                      "DBClusterParameterGroupStatus": "in-sync"}  # fmt: skip
            it.setdefault("PromotionTier", 1)
            cluster["DBClusterMembers"].append(member)
        return {"DBInstance": {**it, "DBInstanceStatus": "creating"}}

    def create_db_instance(self, sent):
        sent = {"Engine": "", **sent}
        name = sent.get("DBClusterIdentifier")
        if name:
            self.one("DBCluster", name, "DBClusterNotFoundFault")
        return self.instance(sent)

    def create_db_instance_read_replica(self, sent):
        source = sent["SourceDBInstanceIdentifier"].rsplit(":", 1)[-1]
        base = self.one("DBInstance", source, "DBInstanceNotFound")
        if not base["BackupRetentionPeriod"]:
            raise self.error("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
        extra = {"ReadReplicaSourceDBInstanceIdentifier": base["DBInstanceIdentifier"], "BackupRetentionPeriod": 0}
        out = self.instance({**sent, **extra}, {**base, "MultiAZ": False})
        base["ReadReplicaDBInstanceIdentifiers"] = base["ReadReplicaDBInstanceIdentifiers"] + [sent["DBInstanceIdentifier"]]
        return out

    def promote_read_replica(self, sent):
        found = self.one("DBInstance", sent["DBInstanceIdentifier"], "DBInstanceNotFound")
        self.leave(found)
        found["BackupRetentionPeriod"] = sent.get("BackupRetentionPeriod", 1)
        return {"DBInstance": found}

    def leave(self, replica):
        source = self.of("DBInstance").get(replica.pop("ReadReplicaSourceDBInstanceIdentifier", None))
        if source:
            left = source["ReadReplicaDBInstanceIdentifiers"]
            source["ReadReplicaDBInstanceIdentifiers"] = [it for it in left if it != replica["DBInstanceIdentifier"]]

    def restore_db_instance_from_db_snapshot(self, sent):
        base = self.one("DBSnapshot", sent["DBSnapshotIdentifier"], "DBSnapshotNotFound")
        return self.instance(sent, base["_of"])

    def restore_db_instance_to_point_in_time(self, sent):
        id, name = sent.get("SourceDbiResourceId"), sent.get("SourceDBInstanceIdentifier")
        if name is None:
            name = next((it["DBInstanceIdentifier"] for it in self.of("DBInstance").values() if it["_id"] == id), "")
        base = self.one("DBInstance", name, "DBInstanceNotFound")
        return self.instance({**sent, "DBInstanceIdentifier": sent["TargetDBInstanceIdentifier"]}, base)

    def restore_db_instance_from_s3(self, sent):
        return self.instance(sent)

    def describe_db_instances(self, sent):
        all = list(self.of("DBInstance").values())
        if sent.get("DBInstanceIdentifier"):
            name = sent["DBInstanceIdentifier"].rsplit(":", 1)[-1]
            found = [it for it in all if it["_id"].lower() == name.lower()]
            all = found or [self.one("DBInstance", name, "DBInstanceNotFound")]
        keys = {"dbi-resource-id": "DbiResourceId", "db-instance-id": "DBInstanceIdentifier",
                "db-cluster-id": "DBClusterIdentifier", "engine": "Engine"}  # fmt: skip
        for one in sent.get("Filters", []):
            all = [it for it in all if it.get(keys[one["Name"]]) in one["Values"]]
        return {"DBInstances": all}

    def modify_db_instance(self, sent):
        found = self.one("DBInstance", sent["DBInstanceIdentifier"], "DBInstanceNotFound")
        if sent.get("EngineVersion"):
            sent = {**sent, "EngineVersion": self.version(found["Engine"], sent["EngineVersion"])}
        later = set() if sent.get("ApplyImmediately") or "DBClusterIdentifier" in found else self.SLOW
        pending = {key: sent[key] for key in later & set(sent) if sent[key] != found.get(key)}
        found["PendingModifiedValues"] = {**found["PendingModifiedValues"], **pending}
        for key in set(sent) - later:
            found["PendingModifiedValues"].pop(key, None)
        own = {"DBInstanceIdentifier", "DBInstanceArn", *later}
        found.update({key: value for key, value in self.shaped(sent, "DBInstance").items() if key not in own})
        if found.get("MaxAllocatedStorage", 0) <= found["AllocatedStorage"]:
            found.pop("MaxAllocatedStorage", None)
        if sent.get("DBParameterGroupName"):
            groups = [{"DBParameterGroupName": sent["DBParameterGroupName"], "ParameterApplyStatus": "in-sync"}]
            found["DBParameterGroups"] = groups
        if sent.get("OptionGroupName"):
            found["OptionGroupMemberships"] = self.options(sent["OptionGroupName"])
        if sent.get("DBSubnetGroupName"):
            found["DBSubnetGroup"] = self.group(sent["DBSubnetGroupName"])
        if sent.get("DBPortNumber"):
            found["_port"] = found["Endpoint"]["Port"] = sent["DBPortNumber"]
        self.said(found, {key: value for key, value in sent.items() if key != "Tags"})
        if sent.get("NewDBInstanceIdentifier"):
            self.rename(found, sent["NewDBInstanceIdentifier"].lower())
        return {"DBInstance": {**found, "DBInstanceStatus": "modifying"}}

    def rename(self, found, name):
        was = found["DBInstanceIdentifier"]
        del self.of("DBInstance")[was]
        arn = self.arn("db", name)
        host = found["Endpoint"]["Address"].replace(was, name, 1)
        found.update(DBInstanceIdentifier=name, DBInstanceArn=arn, _arn=arn)
        found["Endpoint"] = {**found["Endpoint"], "Address": host}
        self.of("DBInstance")[name] = found
        for cluster in self.of("DBCluster").values():
            for member in cluster["DBClusterMembers"]:
                if member["DBInstanceIdentifier"] == was:
                    member["DBInstanceIdentifier"] = name

    def reboot_db_instance(self, sent):
        return {"DBInstance": self.one("DBInstance", sent["DBInstanceIdentifier"], "DBInstanceNotFound")}

    def protected(self, it, what):
        if it["DeletionProtection"]:
            text = f"Cannot delete protected {what}, please disable deletion protection and try again."
            raise self.error("InvalidParameterCombination", text)

    def delete_db_instance(self, sent):
        found = self.one("DBInstance", sent["DBInstanceIdentifier"], "DBInstanceNotFound")
        self.protected(found, "DB Instance")
        last = sent.get("FinalDBSnapshotIdentifier")
        if not last and not sent.get("SkipFinalSnapshot") and "DBClusterIdentifier" not in found:
            text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            raise self.error("InvalidParameterCombination", text)
        if last:
            self.create_db_snapshot({**sent, "DBSnapshotIdentifier": last})
        self.leave(found)
        for name in found["ReadReplicaDBInstanceIdentifiers"]:
            self.of("DBInstance").get(name, {}).pop("ReadReplicaSourceDBInstanceIdentifier", None)
        del self.of("DBInstance")[found["DBInstanceIdentifier"]]
        for cluster in self.of("DBCluster").values():
            left = cluster["DBClusterMembers"]
            cluster["DBClusterMembers"] = [it for it in left if it["DBInstanceIdentifier"] != found["DBInstanceIdentifier"]]
        return {"DBInstance": {**found, "DBInstanceStatus": "deleting"}}

    def snapshot(self, kind, name, code, of):
        arn = self.arn("snapshot", name)
        shape = {key: value for key, value in of.items() if key in self.shapes[kind]}
        it = {**shape, f"{kind}Identifier": name, f"{kind}Arn": arn, "_arn": arn, "_of": of, "Status": "available",
              "SnapshotType": "manual", "SnapshotCreateTime": self.now(), "PercentProgress": 100, "TagList": []}  # fmt: skip
        return {kind: self.add(kind, name, code, it)}

    def create_db_snapshot(self, sent):
        of = self.one("DBInstance", sent["DBInstanceIdentifier"], "DBInstanceNotFound")
        return self.snapshot("DBSnapshot", sent["DBSnapshotIdentifier"], "DBSnapshotAlreadyExists", of)

    def describe_db_snapshots(self, sent):
        return {"DBSnapshots": list(self.of("DBSnapshot").values())}

    def delete_db_snapshot(self, sent):
        found = self.one("DBSnapshot", sent["DBSnapshotIdentifier"], "DBSnapshotNotFound")
        return {"DBSnapshot": self.of("DBSnapshot").pop(found["DBSnapshotIdentifier"].lower())}


