# CloudFront's distributions and functions, and how all of it takes the place of moto's.


class CloudfrontApi(CloudfrontBasics):
    # Functions: what is written stands in one stage, what is published in the other.

    def function(self, name=None, part=None):
        all = self.things.functions
        stage = self.param("Stage", "DEVELOPMENT")
        if name is None and self.method == "POST":
            sent = self.sent()
            name = sent.findtext("Name")
            if name in all:
                text = "A function with the same name already exists in this AWS account."
                raise CloudfrontRefusal(409, "FunctionAlreadyExists", text)
            it = {"name": name, "LIVE": None, "time": self.now()}
            all[name] = it
            self.write(it, sent)
            return 201, {"ETag": it["DEVELOPMENT"]["version"]}, self.summary(it, "DEVELOPMENT")
        if name is None:
            stages = [self.param("Stage")] if self.param("Stage") else ["DEVELOPMENT", "LIVE"]
            there = {f"{k}/{s}": self.summary(it, s) for k, it in all.items() for s in stages if it[s]}
            return self.listed("FunctionList", there, truncated=False)
        it = self.found(all, name, "NoSuchFunctionExists", "function")
        if self.method == "GET":
            if it[stage] is None:
                self.found({}, name, "NoSuchFunctionExists", "function")
            version = {"ETag": it[stage]["version"]}
            if part == "describe":
                return 200, version, self.summary(it, stage)
            return 200, {**version, "Content-Type": "application/octet-stream"}, it[stage]["code"]
        self.match(it["DEVELOPMENT"])
        if self.method == "PUT":
            self.write(it, self.sent())
            version = it["DEVELOPMENT"]["version"]
            # The API's own spelling, and the right one.
            return 200, {"ETtag": version, "ETag": version}, self.summary(it, "DEVELOPMENT")
        if self.method == "POST":
            old = it["LIVE"]["version"] if it["LIVE"] else None
            same = it["LIVE"] and it["LIVE"]["code"] == it["DEVELOPMENT"]["code"]
            it["LIVE"] = {**it["DEVELOPMENT"], "version": old if same else self.fresh(), "time": self.now()}
            it["published"] = True
            return 200, {}, self.summary(it, "LIVE")
        arn = self.things.arn("function", name)
        uses = lambda config: any(o.text == arn for o in config.iter("FunctionARN"))
        self.used_by(uses, "FunctionInUse", "function")
        del all[name]
        return 204, {}, None

    def write(self, it, sent):
        import base64

        code = base64.b64decode(sent.findtext("FunctionCode") or "")
        config = sent.find("FunctionConfig")
        it["DEVELOPMENT"] = {"code": code, "config": config, "version": self.fresh(), "time": self.now()}
        it["published"] = False

    def summary(self, it, stage):
        make, one = CloudfrontXml.make, it[stage]
        arn = self.things.arn("function", it["name"])
        used = any(o.text == arn for d in self.things.distributions.values() for o in d["config"].iter("FunctionARN"))
        status = "DEPLOYED" if used else "UNASSOCIATED"
        if stage == "DEVELOPMENT" and not it["published"]:
            status = "UNPUBLISHED"
        metadata = [make("FunctionARN", arn), make("Stage", stage)]
        metadata += [make("CreatedTime", it["time"]), make("LastModifiedTime", one["time"])]
        parts = [make("Name", it["name"]), make("Status", status), one["config"]]
        return make("FunctionSummary", *parts, make("FunctionMetadata", *metadata))

    # Distributions.

    def distribution(self, id=None, part=None):
        make, all = CloudfrontXml.make, self.things.distributions
        if id is None and self.method == "POST":
            sent, tags = self.sent(), {}
            if sent.tag == "DistributionConfigWithTags":
                tags = self.labels(sent.find("Tags"))
                sent = sent.find("DistributionConfig")
            reference = sent.findtext("CallerReference")
            for it in all.values():
                if it["config"].findtext("CallerReference") == reference:
                    text = "The caller reference you attempted to create the distribution with is associated with "
                    text += f"another distribution. Already exists: {it['id']}"
                    raise CloudfrontRefusal(409, "DistributionAlreadyExists", text)
            it = {"id": self.fresh(), "config": self.completed(sent), "domain": self.fresh().lower() + ".cloudfront.net"}
            self.changed(it)
            all[it["id"]] = it
            self.things.tags[self.things.arn("distribution", it["id"])] = tags
            return 201, {"ETag": it["version"]}, self.shown(it)
        if id is None:
            return self.listed("DistributionList", {k: self.short(it) for k, it in all.items()})
        it = self.found(all, id, "NoSuchDistribution", "distribution")
        if self.method == "PUT":
            self.match(it)
            sent = self.sent()
            if sent.findtext("CallerReference") != it["config"].findtext("CallerReference"):
                text = "The update contains modifications that are not allowed."
                raise CloudfrontRefusal(400, "IllegalUpdate", text)
            it["config"] = self.completed(sent)
            self.changed(it)
        if self.method == "DELETE":
            self.match(it)
            if it["config"].findtext("Enabled") == "true" or it["looks"] > 0:
                text = "The distribution you are trying to delete has not been disabled."
                raise CloudfrontRefusal(409, "DistributionNotDisabled", text)
            del all[id]
            self.things.tags.pop(self.things.arn("distribution", id), None)
            return 204, {}, None
        if self.method == "GET" and part == "config":
            return 200, {"ETag": it["version"]}, it["config"]
        answer = self.shown(it)
        if self.method == "GET":
            # All servers have it after it has been looked at once: AWS takes minutes.
            it["looks"] = max(0, it["looks"] - 1)
        return 200, {"ETag": it["version"]}, answer

    def changed(self, it):
        it.update(version=self.fresh(), time=self.now(), looks=1)

    def shown(self, it):
        make = CloudfrontXml.make
        off = [make("Enabled", "false"), make("Quantity", 0)]
        return make(
            "Distribution",
            make("Id", it["id"]),
            make("ARN", self.things.arn("distribution", it["id"])),
            make("Status", "InProgress" if it["looks"] > 0 else "Deployed"),
            make("LastModifiedTime", it["time"]),
            make("InProgressInvalidationBatches", 0),
            make("DomainName", it["domain"]),
            make("ActiveTrustedSigners", *off),
            make("ActiveTrustedKeyGroups", *off),
            it["config"],
        )

    def short(self, it):
        """The list leaves out what it was made by, its root, its logs and its trial."""
        make = CloudfrontXml.make
        left = ("CallerReference", "DefaultRootObject", "Logging", "ContinuousDeploymentPolicyId")
        rest = [part for part in it["config"] if part.tag not in left]
        return make(
            "DistributionSummary",
            make("Id", it["id"]),
            make("ARN", self.things.arn("distribution", it["id"])),
            make("ETag", it["version"]),
            make("Status", "InProgress" if it["looks"] > 0 else "Deployed"),
            make("LastModifiedTime", it["time"]),
            make("DomainName", it["domain"]),
            *rest,
        )

    def completed(self, config):
        """As AWS gives it back, after it has looked at it."""
        xml = CloudfrontXml
        self.check(config)
        for it in list(config.iter()):
            items = it.find("Items")
            if items is not None and len(items) == 0:
                it.remove(items)
        for it in [config.find("DefaultCacheBehavior"), *config.iter("CacheBehavior")]:
            for name in ("CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId"):
                if not it.findtext(name):
                    xml.drop(it, name)
            if it.find("GrpcConfig") is None:
                it.append(xml.make("GrpcConfig", xml.make("Enabled", "false")))
            # It keeps no order of methods.
            methods = it.find("AllowedMethods/Items")
            methods[:] = sorted(methods, key=lambda one: (len(one.text), one.text), reverse=True)
        for it in config.iter("Origin"):
            xml.put(it, "ConnectionAttempts", 3)
            xml.put(it, "ConnectionTimeout", 10)
            if it.find("OriginShield") is None:
                it.append(xml.make("OriginShield", xml.make("Enabled", "false")))
        origins = config.find("Origins/Items")
        origins[:] = sorted(origins, key=lambda one: one.findtext("Id"))
        if config.find("OriginGroups") is None:
            config.append(xml.make("OriginGroups", xml.make("Quantity", 0)))
        self.certificate(config.find("ViewerCertificate"))
        return config

    @staticmethod
    def certificate(it):
        xml = CloudfrontXml
        own = it.findtext("ACMCertificateArn") or it.findtext("IAMCertificateId")
        if own:
            xml.put(it, "CloudFrontDefaultCertificate", "false")
            xml.put(it, "Certificate", own)
            xml.put(it, "CertificateSource", "acm" if it.findtext("ACMCertificateArn") else "iam")
            return
        # Whatever was asked for.
        for name, text in (("MinimumProtocolVersion", "TLSv1"), ("SSLSupportMethod", "vip")):
            xml.drop(it, name)
            xml.put(it, name, text)
        xml.put(it, "CertificateSource", "cloudfront")

    def check(self, config):
        origins = {it.findtext("Id") for it in config.iter("Origin")}
        groups = {it.findtext("Id") for it in config.iter("OriginGroup")}
        targets = {it.text for it in config.iter("TargetOriginId")} - groups
        members = {it.findtext("OriginId") for it in config.iter("OriginGroupMember")}
        if not (targets | members) <= origins:
            text = "One or more of your origins or origin groups do not exist."
            raise CloudfrontRefusal(404, "NoSuchOrigin", text)
        for it in config.iter("CachePolicyId"):
            if it.text:
                self.found(self.things.policies, it.text, "NoSuchCachePolicy", "cache policy")
        for it in config.iter("OriginAccessControlId"):
            if it.text and it.text not in self.things.controls:
                text = "The origin access control is not valid."
                raise CloudfrontRefusal(400, "InvalidOriginAccessControl", text)
        paths = {f"origin-access-identity/cloudfront/{id}" for id in self.things.identities}
        for it in config.iter("OriginAccessIdentity"):
            if it.text and it.text not in paths:
                text = "The origin access identity is not valid or doesn't exist."
                raise CloudfrontRefusal(400, "InvalidOriginAccessIdentity", text)
        live = {self.things.arn("function", k) for k, it in self.things.functions.items() if it["LIVE"]}
        for it in config.iter("FunctionARN"):
            if it.text not in live:
                text = "The specified function doesn't exist or is not published."
                raise CloudfrontRefusal(400, "InvalidFunctionAssociation", text)
        certificate = config.find("ViewerCertificate")
        arn = certificate.findtext("ACMCertificateArn") if certificate is not None else None
        if arn and arn.split(":")[3] != "us-east-1":
            text = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't "
            text += "include a valid certificate chain."
            raise CloudfrontRefusal(400, "InvalidViewerCertificate", text)


def repair_cloudfront():
    import threading
    from urllib.parse import parse_qs, unquote, urlsplit

    from moto.cloudfront import urls
    from moto.cloudfront.models import cloudfront_backends
    from moto.core.responses import BaseResponse

    turn = threading.Lock()

    def things_of(account):
        backend = cloudfront_backends[account]["aws"]
        if not hasattr(backend, "things"):
            backend.things = CloudfrontThings(account)
        return backend.things

    def refused(it):
        make = CloudfrontXml.make
        error = make("Error", make("Type", "Sender"), make("Code", it.code), make("Message", str(it)))
        return make("ErrorResponse", error, make("RequestId", "00000000-0000-0000-0000-000000000000"))

    def cloudfront(request, full_url, headers):
        whose = BaseResponse(service_name="cloudfront")
        whose.setup_class(request, full_url, headers, use_raw_body=True)
        url = urlsplit(full_url)
        query = parse_qs(url.query, keep_blank_values=True)
        with turn:
            api = CloudfrontApi(
                things_of(whose.current_account), request.method, unquote(url.path), query, headers, whose.body
            )
            try:
                status, more, content = api.answer()
            except CloudfrontRefusal as it:
                status, more, content = it.status, {}, refused(it)
            if isinstance(content, bytes):
                return status, more, content
            body = "" if content is None else CloudfrontXml.write(content)
        return status, {"Content-Type": "text/xml", **more}, body

    kept = {k: v for k, v in urls.url_paths.items() if "key-group" in k or "public-key" in k}
    depths = ["(?P<a>[^/]+)" + "".join(f"/(?P<{it}>[^/]+)" for it in "bcd"[:n]) for n in range(4)]
    urls.url_paths.clear()
    urls.url_paths.update(kept)
    urls.url_paths.update({"{0}/2020-05-31/" + it + "$": cloudfront for it in depths})

    # AWS's tagging API, in us-east-1, tells the tags of distributions.
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend as Tagging

    others = Tagging._get_resources_generator

    def resources(self, tag_filters=None, resource_type_filters=None):
        yield from others(self, tag_filters, resource_type_filters)
        if self.region_name == "us-east-1" and not tag_filters and not resource_type_filters:
            for arn, tags in list(things_of(self.account_id).tags.items()):
                if tags:
                    yield {"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}

    Tagging._get_resources_generator = resources


CDN_REPAIRS = (repair_cloudfront,)


