# RDS: groups of clusters' parameters, and of options.


class Groups(Instances):
    # What AWS knows of some options: their port and version, and what their settings are by default.
    OPTIONS = {
        "MARIADB_AUDIT_PLUGIN": {"settings": {
            "SERVER_AUDIT_FILE_ROTATE_SIZE": "1000000", "SERVER_AUDIT_FILE_ROTATIONS": "9",
            "SERVER_AUDIT_EVENTS": "CONNECT,QUERY", "SERVER_AUDIT_LOGGING": "ON",
            "SERVER_AUDIT_QUERY_LOG_LIMIT": "1024",
        }},
        "MEMCACHED": {"port": 11211, "settings": {"CHUNK_SIZE": "48", "MAX_SIMULTANEOUS_CONNECTIONS": "1024"}},
        "OEM": {"port": 1158, "version": "13.5.0.0.v1", "settings": {"AGENT_REGISTRATION_PASSWORD": ""}},
    }  # fmt: skip
    # What AWS shows as stars.
    HIDDEN = {"AGENT_REGISTRATION_PASSWORD"}

    # Groups of clusters' parameters: AWS has one of its own for each family.

    def own_cluster_groups(self):
        groups = {}
        for engine in (it for it in self.VERSIONS if it.startswith("aurora-")):
            for version in self.VERSIONS[engine]:
                family = self.family({"Engine": engine, "EngineVersion": version})
                name = f"default.{family}"
                groups[name] = {"DBClusterParameterGroupName": name, "DBParameterGroupFamily": family,
                                "Description": f"Default cluster parameter group for {family}", "_set": {},
                                "DBClusterParameterGroupArn": self.arn("cluster-pg", name)}  # fmt: skip
        return groups

    def create_db_cluster_parameter_group(self, sent):
        name = sent["DBClusterParameterGroupName"].lower()
        arn = self.arn("cluster-pg", name)
        it = {**self.shaped(sent, "DBClusterParameterGroup"), "DBClusterParameterGroupName": name,
              "DBClusterParameterGroupArn": arn, "_arn": arn, "_set": {}, "TagList": sent.get("Tags", [])}  # fmt: skip
        it = self.add("DBClusterParameterGroup", name, "DBParameterGroupAlreadyExists", it)
        return {"DBClusterParameterGroup": it}

    def cluster_group(self, sent):
        name = sent["DBClusterParameterGroupName"]
        own = self.own_cluster_groups().get(name)
        return own or self.one("DBClusterParameterGroup", name, "DBParameterGroupNotFound")

    def describe_db_cluster_parameter_groups(self, sent):
        if sent.get("DBClusterParameterGroupName"):
            return {"DBClusterParameterGroups": [self.cluster_group(sent)]}
        made = self.of("DBClusterParameterGroup").values()
        return {"DBClusterParameterGroups": [*self.own_cluster_groups().values(), *made]}

    def describe_db_cluster_parameters(self, sent):
        return {"Parameters": self.parameters(self.cluster_group(sent), self.DEFAULTS, sent.get("Source"))}

    def modify_db_cluster_parameter_group(self, sent):
        found = self.cluster_group(sent)
        self.set_parameters(found, self.DEFAULTS, sent["Parameters"], 20)
        return {"DBClusterParameterGroupName": found["DBClusterParameterGroupName"]}

    def reset_db_cluster_parameter_group(self, sent):
        found = self.cluster_group(sent)
        self.reset_parameters(found, sent)
        return {"DBClusterParameterGroupName": found["DBClusterParameterGroupName"]}

    def delete_db_cluster_parameter_group(self, sent):
        name = self.one("DBClusterParameterGroup", sent["DBClusterParameterGroupName"], "DBParameterGroupNotFound")
        name = name["DBClusterParameterGroupName"]
        if any(it["DBClusterParameterGroup"] == name for it in self.of("DBCluster").values()):
            text = f"One or more database clusters are still members of this parameter group {name}, so the group cannot be deleted"
            raise self.error("InvalidDBParameterGroupState", text)
        del self.of("DBClusterParameterGroup")[name]

    # Groups of options.

    def option_group(self, sent):
        return self.one("OptionGroup", sent["OptionGroupName"], "OptionGroupNotFoundFault")

    def create_option_group(self, sent):
        name = sent["OptionGroupName"].lower()
        arn = self.arn("og", name)
        it = {**self.shaped(sent, "OptionGroup"), "OptionGroupName": name, "OptionGroupArn": arn, "_arn": arn,
              "Options": [], "AllowsVpcAndNonVpcInstanceMemberships": True, "TagList": sent.get("Tags", [])}  # fmt: skip
        return {"OptionGroup": self.add("OptionGroup", name, "OptionGroupAlreadyExistsFault", it)}

    def describe_option_groups(self, sent):
        groups = [self.option_group(sent)] if sent.get("OptionGroupName") else list(self.of("OptionGroup").values())
        for key in ("EngineName", "MajorEngineVersion"):
            groups = [it for it in groups if sent.get(key) in (None, it[key])]
        return {"OptionGroupsList": groups}

    def option(self, sent):
        known = self.OPTIONS.get(sent["OptionName"], {"settings": {}})
        given = {it["Name"]: it.get("Value", "") for it in sent.get("OptionSettings", [])}
        settings = []
        for name in sorted({*known["settings"], *given}):
            usual = known["settings"].get(name, "")
            value = "****" if name in self.HIDDEN and given.get(name) else given.get(name, usual)
            settings.append({"Name": name, "Value": value, "DefaultValue": usual, "IsModifiable": True})
        vpc, old = sent.get("VpcSecurityGroupMemberships", []), sent.get("DBSecurityGroupMemberships", [])
        out = {
            "OptionName": sent["OptionName"], "Persistent": False, "Permanent": False, "OptionSettings": settings,
            "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": it, "Status": "active"} for it in vpc],
            "DBSecurityGroupMemberships": [{"DBSecurityGroupName": it, "Status": "active"} for it in old],
        }  # fmt: skip
        for key, usual in (("Port", "port"), ("OptionVersion", "version")):
            if sent.get(key) or usual in known:
                out[key] = sent.get(key) or known[usual]
        return out

    def modify_option_group(self, sent):
        found = self.option_group(sent)
        include, remove = sent.get("OptionsToInclude", []), sent.get("OptionsToRemove", [])
        if not include and not remove:
            raise self.error("InvalidParameterValue", "At least one option must be added, modified, or removed.")
        gone = {*remove, *(it["OptionName"] for it in include)}
        kept = [it for it in found["Options"] if it["OptionName"] not in gone]
        found["Options"] = sorted([*kept, *map(self.option, include)], key=lambda it: it["OptionName"])
        return {"OptionGroup": found}

    def delete_option_group(self, sent):
        name = self.option_group(sent)["OptionGroupName"]
        for it in self.of("DBInstance").values():
            if any(one["OptionGroupName"] == name for one in it["OptionGroupMemberships"]):
                raise self.error("InvalidOptionGroupStateFault", f"The option group '{name}' cannot be deleted because it is in use.")
        del self.of("OptionGroup")[name]


