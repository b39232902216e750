# ElastiCache.


class Caches(Fleet):
    VERSIONS = {"memcached": ["1.6.22", "1.6.17"], "redis": ["7.1.0", "7.0.7", "6.2.6", "5.0.6"], "valkey": ["8.0.1", "7.2.6"]}
    DEFAULTS = {
        name: {"ParameterName": name, "Source": "system", "IsModifiable": True, "DataType": "string",
               "ChangeType": "immediate", "ParameterValue": value}
        for name, value in (("maxmemory-policy", "volatile-lru"), ("reserved-memory-percent", "25"), ("reserved-memory", "0"))
    }  # fmt: skip

    def version(self, engine, wanted):
        known = self.VERSIONS.get(engine, [])
        start = (wanted or "").replace(".x", "")
        return next((it for it in known if it == start or it.startswith(f"{start}.") or not start), wanted)

    def family(self, engine, version):
        parts = version.split(".")
        sixth = f"{engine}6.x" if parts[0] == "6" else f"{engine}{parts[0]}"
        old = engine == "memcached" or int(parts[0]) < 6
        return f"{engine}{'.'.join(parts[:2])}" if old else sixth

    # Groups of subnets.

    def spread(self, ids):
        vpc, subnets = self.subnets(ids)
        all = [{"SubnetIdentifier": id, "SubnetAvailabilityZone": {"Name": zone}, "SupportedNetworkTypes": ["ipv4"]}
               for id, zone in subnets]  # fmt: skip
        return {"VpcId": vpc, "Subnets": all, "SupportedNetworkTypes": ["ipv4"]}

    def create_cache_subnet_group(self, sent):
        name = sent["CacheSubnetGroupName"].lower()
        arn = self.arn("subnetgroup", name)
        it = {**self.shaped(sent, "CacheSubnetGroup"), "CacheSubnetGroupName": name, "ARN": arn, "_arn": arn,
              "TagList": sent.get("Tags", []), **self.spread(sent["SubnetIds"])}  # fmt: skip
        return {"CacheSubnetGroup": self.add("CacheSubnetGroup", name, "CacheSubnetGroupAlreadyExists", it)}

    def subnet_group(self, sent):
        return self.one("CacheSubnetGroup", sent["CacheSubnetGroupName"], "CacheSubnetGroupNotFoundFault")

    def describe_cache_subnet_groups(self, sent):
        named = "CacheSubnetGroupName" in sent
        return {"CacheSubnetGroups": [self.subnet_group(sent)] if named else list(self.of("CacheSubnetGroup").values())}

    def modify_cache_subnet_group(self, sent):
        found = self.subnet_group(sent)
        if "SubnetIds" in sent:
            found.update(self.spread(sent["SubnetIds"]))
        found["CacheSubnetGroupDescription"] = sent.get("CacheSubnetGroupDescription", found["CacheSubnetGroupDescription"])
        return {"CacheSubnetGroup": found}

    def delete_cache_subnet_group(self, sent):
        name = self.subnet_group(sent)["CacheSubnetGroupName"]
        if any(it.get("CacheSubnetGroupName") == name for it in self.of("CacheCluster").values()):
            raise self.error("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")
        del self.of("CacheSubnetGroup")[name]

    # Groups of parameters.

    def create_cache_parameter_group(self, sent):
        name = sent["CacheParameterGroupName"].lower()
        arn = self.arn("parametergroup", name)
        it = {**self.shaped(sent, "CacheParameterGroup"), "CacheParameterGroupName": name, "ARN": arn, "_arn": arn,
              "_set": {}, "TagList": sent.get("Tags", []), "IsGlobal": False}  # fmt: skip
        return {"CacheParameterGroup": self.add("CacheParameterGroup", name, "CacheParameterGroupAlreadyExists", it)}

    def parameter_group(self, sent):
        return self.one("CacheParameterGroup", sent["CacheParameterGroupName"], "CacheParameterGroupNotFound")

    def describe_cache_parameter_groups(self, sent):
        named = "CacheParameterGroupName" in sent
        groups = [self.parameter_group(sent)] if named else list(self.of("CacheParameterGroup").values())
        return {"CacheParameterGroups": groups}

    def describe_cache_parameters(self, sent):
        return {"Parameters": self.parameters(self.parameter_group(sent), self.DEFAULTS, sent.get("Source"))}

    def modify_cache_parameter_group(self, sent):
        found = self.parameter_group(sent)
        self.set_parameters(found, self.DEFAULTS, sent["ParameterNameValues"], 20)
        return {"CacheParameterGroupName": found["CacheParameterGroupName"]}

    def reset_cache_parameter_group(self, sent):
        found = self.parameter_group(sent)
        self.reset_parameters(found, sent)
        return {"CacheParameterGroupName": found["CacheParameterGroupName"]}

    def delete_cache_parameter_group(self, sent):
        name = self.parameter_group(sent)["CacheParameterGroupName"]
        for it in self.of("CacheCluster").values():
            if it["CacheParameterGroup"]["CacheParameterGroupName"] == name:
                text = "One or more cache clusters are still members of this parameter group."
                raise self.error("InvalidCacheParameterGroupState", text)
        del self.of("CacheParameterGroup")[name]

    # Clusters.

    def changed(self, it, sent, shape):
        """What both clusters and groups take under one name and tell under another."""
        it.update(self.shaped(sent, shape))
        if "SecurityGroupIds" in sent:
            it["SecurityGroups"] = [{"SecurityGroupId": id, "Status": "active"} for id in sent["SecurityGroupIds"]]
        if "NotificationTopicArn" in sent:
            topic = sent["NotificationTopicArn"]
            status = sent.get("NotificationTopicStatus", "active")
            it["NotificationConfiguration"] = {"TopicArn": topic, "TopicStatus": status} if topic else None
        if "LogDeliveryConfigurations" in sent:
            logs = {one["LogType"]: one for one in it.get("_logs", [])}
            for one in sent["LogDeliveryConfigurations"]:
                logs.pop(one["LogType"], None)
                if one.get("Enabled", True):
                    logs[one["LogType"]] = {**one, "Status": "active"}
            it["_logs"] = list(logs.values())
        it["LogDeliveryConfigurations"] = it.get("_logs", [])
        if "CacheParameterGroupName" in sent:
            group = {"CacheParameterGroupName": sent["CacheParameterGroupName"], "ParameterApplyStatus": "in-sync"}
            it["CacheParameterGroup"] = group
        if it.get("PreferredMaintenanceWindow"):
            it["PreferredMaintenanceWindow"] = it["PreferredMaintenanceWindow"].lower()

    def cluster(self, sent):
        name = sent["CacheClusterId"].lower()
        arn, engine = self.arn("cluster", name), sent["Engine"].lower()
        it = {"AutoMinorVersionUpgrade": True, "CacheClusterStatus": "available", "NumCacheNodes": 1,
              "PreferredMaintenanceWindow": "sat:09:00-sat:10:00", "NetworkType": "ipv4", "IpDiscovery": "ipv4",
              "TransitEncryptionEnabled": False, "AtRestEncryptionEnabled": False, "AuthTokenEnabled": False,
              "CacheSecurityGroups": [], "SecurityGroups": [], "CacheSubnetGroupName": "default"}  # fmt: skip
        if engine != "memcached":
            it.update(SnapshotRetentionLimit=0, SnapshotWindow="06:00-07:00")
        version = self.version(engine, sent.get("EngineVersion"))
        group = f"default.{self.family(engine, version)}"
        self.changed(it, {"CacheParameterGroupName": group, **sent}, "CacheCluster")
        it.update(CacheClusterId=name, ARN=arn, _arn=arn, Engine=engine, EngineVersion=version, TagList=sent.get("Tags", []),
                  CacheClusterCreateTime=self.now())  # fmt: skip
        if it["CacheSubnetGroupName"] != "default":
            self.subnet_group(it)
        port = sent.get("Port") or (11211 if engine == "memcached" else 6379)
        host = f"{name}.abcdef.{{}}.use1.cache.amazonaws.com"
        it["_node"] = {"CacheNodeStatus": "available", "ParameterGroupStatus": "in-sync", "CacheNodeCreateTime": self.now()}
        it["_host"], it["_port"] = host, port
        if engine == "memcached":
            it["ConfigurationEndpoint"] = {"Address": host.format("cfg"), "Port": port}
        it["_spread"] = sent.get("AZMode") == "cross-az"
        self.nodes(it, sent.get("PreferredAvailabilityZones") or [])
        zones = {node["CustomerAvailabilityZone"] for node in it["CacheNodes"]}
        it["PreferredAvailabilityZone"] = "Multiple" if len(zones) > 1 else zones.pop()
        return self.add("CacheCluster", name, "CacheClusterAlreadyExists", it)

    def nodes(self, it, zones, gone=()):
        kept = [node for node in it.get("CacheNodes", []) if node["CacheNodeId"] not in gone]
        taken = {node["CacheNodeId"] for node in it.get("CacheNodes", [])}
        ids = (id for id in (f"{at:04}" for at in range(1, 100)) if id not in taken)
        zones = list(zones)
        while len(kept) < it["NumCacheNodes"]:
            id = next(ids)
            other = self.zones()[len(kept) % 3] if it["_spread"] else it.get("PreferredAvailabilityZone", self.zones()[0])
            endpoint = {"Address": it["_host"].format(id), "Port": it["_port"]}
            zone = zones.pop(0) if zones else other
            kept.append({**it["_node"], "CacheNodeId": id, "Endpoint": endpoint, "CustomerAvailabilityZone": zone})
        it["CacheNodes"] = kept

    def create_cache_cluster(self, sent):
        group = sent.get("ReplicationGroupId")
        if not group:
            return {"CacheCluster": {**self.cluster(sent), "CacheClusterStatus": "creating"}}
        found = self.one("ReplicationGroup", group, "ReplicationGroupNotFoundFault")
        out = self.member(found, sent["CacheClusterId"].lower(), sent)
        found["_members"][0].append(out["CacheClusterId"])
        self.settle(found)
        return {"CacheCluster": out}

    def found(self, sent):
        return self.one("CacheCluster", sent["CacheClusterId"], "CacheClusterNotFound")

    def describe_cache_clusters(self, sent):
        all = [self.found(sent)] if sent.get("CacheClusterId") else list(self.of("CacheCluster").values())
        if sent.get("ShowCacheClustersNotInReplicationGroups"):
            all = [it for it in all if not it.get("ReplicationGroupId")]
        told = set() if sent.get("ShowCacheNodeInfo") else {"CacheNodes"}
        return {"CacheClusters": [{key: value for key, value in it.items() if key not in told} for it in all]}

    def modify_cache_cluster(self, sent):
        found = self.found(sent)
        sent = {key: value for key, value in sent.items() if key != "CacheClusterId"}
        if "EngineVersion" in sent:
            sent["EngineVersion"] = self.version(found["Engine"], sent["EngineVersion"])
        self.changed(found, sent, "CacheCluster")
        found["_spread"] = sent.get("AZMode", "cross-az" if found["_spread"] else None) == "cross-az"
        self.nodes(found, sent.get("NewAvailabilityZones") or [], sent.get("CacheNodeIdsToRemove") or [])
        if sent.get("AZMode"):
            found["PreferredAvailabilityZone"] = "Multiple" if sent["AZMode"] == "cross-az" else self.zones()[0]
        return {"CacheCluster": {**found, "CacheClusterStatus": "modifying"}}

    def delete_cache_cluster(self, sent):
        found = self.found(sent)
        del self.of("CacheCluster")[found["CacheClusterId"]]
        group = self.of("ReplicationGroup").get(found.get("ReplicationGroupId"))
        if group:
            group["_members"] = [[it for it in shard if it != found["CacheClusterId"]] for shard in group["_members"]]
            self.settle(group)
        return {"CacheCluster": {**found, "CacheClusterStatus": "deleting"}}

    # Replication groups.

    def member(self, group, name, sent):
        sent = {**group["_sent"], **sent, "CacheClusterId": name, "ReplicationGroupId": group["ReplicationGroupId"]}
        sent = {key: value for key, value in sent.items() if key not in ("Tags", "PreferredAvailabilityZones", "NumCacheClusters")}
        out = self.cluster(sent)
        out["AuthTokenEnabled"] = group["AuthTokenEnabled"]
        return out

    def create_replication_group(self, sent):
        name = sent["ReplicationGroupId"].lower()
        if name in self.of("ReplicationGroup"):
            raise self.error("ReplicationGroupAlreadyExists", f"Replication group {name} already exists.")
        arn = self.arn("replicationgroup", name)
        sent = {"Engine": "redis", "NumNodeGroups": 1, **sent}
        engine, shards = sent["Engine"].lower(), sent["NumNodeGroups"]
        sharded = shards > 1 or sent.get("ClusterMode") == "enabled" or ".cluster.on" in sent.get("CacheParameterGroupName", "")
        nodes = sent.get("NumCacheClusters") or 1 + sent.get("ReplicasPerNodeGroup", 0)
        switch = lambda on: "enabled" if on else "disabled"  # noqa: E731
        it = {"ReplicationGroupId": name, "ARN": arn, "_arn": arn, "TagList": sent.get("Tags", []), "Status": "available",
              "Description": sent["ReplicationGroupDescription"], "Engine": engine, "_sent": sent, "_sharded": sharded,
              "AutomaticFailover": switch(sent.get("AutomaticFailoverEnabled")), "MultiAZ": switch(sent.get("MultiAZEnabled")),
              "CacheNodeType": sent.get("CacheNodeType"), "ClusterEnabled": sharded, "DataTiering": switch(sent.get("DataTieringEnabled")),
              "ClusterMode": sent.get("ClusterMode") or switch(sharded), "SnapshotRetentionLimit": 0, "SnapshotWindow": "06:00-07:00",
              "AutoMinorVersionUpgrade": True, "NetworkType": "ipv4", "IpDiscovery": "ipv4", "AtRestEncryptionEnabled": False,
              "TransitEncryptionEnabled": False, "AuthTokenEnabled": "AuthToken" in sent, "ReplicationGroupCreateTime": self.now()}  # fmt: skip
        if sent.get("TransitEncryptionEnabled"):
            sent.setdefault("TransitEncryptionMode", "required")
        own = {"ReplicationGroupId", "Engine", "ClusterMode", "AutomaticFailoverEnabled"}
        self.changed(it, {key: value for key, value in sent.items() if key not in own}, "ReplicationGroup")
        it["UserGroupIds"] = sent.get("UserGroupIds", [])
        self.of("ReplicationGroup")[name] = it
        it["_members"] = []
        try:
            self.grow(it, shards, nodes)
        except Exception:
            del self.of("ReplicationGroup")[name]
            raise
        return {"ReplicationGroup": {**it, "Status": "creating"}}

    def grow(self, it, shards, nodes):
        """So many shards of so many nodes."""
        while len(it["_members"]) < shards:
            it["_members"].append([])
        for at, shard in enumerate(it["_members"], 1):
            while len(shard) > nodes:
                del self.of("CacheCluster")[shard.pop()]
            name = f"{it['ReplicationGroupId']}-{at:04}" if it["_sharded"] else it["ReplicationGroupId"]
            while len(shard) < nodes:
                id = next(id for id in (f"{name}-{at:03}" for at in range(1, 9)) if id not in shard)
                zones = it["_sent"].get("PreferredCacheClusterAZs") or self.zones()
                self.member(it, id, {"PreferredAvailabilityZone": zones[len(shard) % len(zones)]})
                shard.append(id)
        self.settle(it)

    def settle(self, it):
        host = f"{it['ReplicationGroupId']}.abcdef.{{}}.use1.cache.amazonaws.com"
        port = it["_sent"].get("Port") or 6379
        at = lambda part: {"Address": host.format(part), "Port": port}  # noqa: E731
        it["MemberClusters"] = [id for shard in it["_members"] for id in shard]
        it["NodeGroups"] = []
        for number, shard in enumerate(it["_members"], 1):
            nodes = [{"CacheClusterId": id, "CacheNodeId": "0001", "CurrentRole": "replica" if place else "primary",
                      "PreferredAvailabilityZone": self.of("CacheCluster")[id]["PreferredAvailabilityZone"]}
                     for place, id in enumerate(shard)]  # fmt: skip
            group = {"NodeGroupId": f"{number:04}", "Status": "available", "NodeGroupMembers": nodes}
            if not it["_sharded"]:
                group.update(PrimaryEndpoint=at("ng"), ReaderEndpoint=at("ng-ro"))
            it["NodeGroups"].append(group)
        if it["_sharded"]:
            it["ConfigurationEndpoint"] = at("clustercfg")

    def group(self, sent):
        return self.one("ReplicationGroup", sent["ReplicationGroupId"], "ReplicationGroupNotFoundFault")

    def describe_replication_groups(self, sent):
        named = sent.get("ReplicationGroupId")
        return {"ReplicationGroups": [self.group(sent)] if named else list(self.of("ReplicationGroup").values())}

    def modify_replication_group(self, sent):
        found = self.group(sent)
        sent = {key: value for key, value in sent.items() if key != "ReplicationGroupId"}
        if sent.get("EngineVersion"):
            sent["EngineVersion"] = self.version(sent.get("Engine", found["Engine"]), sent["EngineVersion"])
        for key, word in (("AutomaticFailoverEnabled", "AutomaticFailover"), ("MultiAZEnabled", "MultiAZ")):
            if key in sent:
                found[word] = "enabled" if sent[key] else "disabled"
        if "ReplicationGroupDescription" in sent:
            found["Description"] = sent["ReplicationGroupDescription"]
        users = [id for id in found["UserGroupIds"] if id not in sent.get("UserGroupIdsToRemove", [])]
        found["UserGroupIds"] = users + sent.get("UserGroupIdsToAdd", [])
        self.changed(found, sent, "ReplicationGroup")
        strategy = sent.get("AuthTokenUpdateStrategy")
        found["AuthTokenEnabled"] = strategy != "DELETE" and (found["AuthTokenEnabled"] or strategy is not None)
        found["_sent"] = {**found["_sent"], **sent}
        for id in found["MemberClusters"]:
            member = self.of("CacheCluster")[id]
            self.changed(member, sent, "CacheCluster")
            member["AuthTokenEnabled"] = found["AuthTokenEnabled"]
        return {"ReplicationGroup": {**found, "Status": "modifying"}}

    def replicas(self, sent):
        found = self.group(sent)
        self.grow(found, len(found["_members"]), 1 + sent["NewReplicaCount"])
        return {"ReplicationGroup": {**found, "Status": "modifying"}}

    def increase_replica_count(self, sent):
        return self.replicas(sent)

    def decrease_replica_count(self, sent):
        return self.replicas(sent)

    def modify_replication_group_shard_configuration(self, sent):
        found = self.group(sent)
        for shard in found["_members"][sent["NodeGroupCount"] :]:
            for id in shard:
                del self.of("CacheCluster")[id]
        del found["_members"][sent["NodeGroupCount"] :]
        self.grow(found, sent["NodeGroupCount"], len(found["_members"][0]))
        return {"ReplicationGroup": {**found, "Status": "modifying"}}

    def delete_replication_group(self, sent):
        found = self.group(sent)
        for id in found["MemberClusters"]:
            del self.of("CacheCluster")[id]
        del self.of("ReplicationGroup")[found["ReplicationGroupId"]]
        return {"ReplicationGroup": {**found, "Status": "deleting"}}


def repair_caches():
    from moto.elasticache.models import elasticache_backends
    from moto.elasticache.responses import ElastiCacheResponse

    Caches.take_over(ElastiCacheResponse, elasticache_backends, "elasticache", [
        *(f"{verb}_cache_{it}" for verb in ("create", "modify", "delete")
          for it in ("cluster", "subnet_group", "parameter_group")),
        *(f"describe_cache_{it}s" for it in ("cluster", "subnet_group", "parameter_group", "parameter")),
        *(f"{verb}_replication_group" for verb in ("create", "modify", "delete")), "describe_replication_groups",
        "reset_cache_parameter_group", "increase_replica_count", "decrease_replica_count",
        "modify_replication_group_shard_configuration",
        "add_tags_to_resource", "remove_tags_from_resource", "list_tags_for_resource",
    ])  # fmt: skip


