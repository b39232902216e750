# CloudFront. moto forgets most of a distribution (who runs on it, which policies it goes by, its groups), looks at
# no version, and lacks functions, policies and origin access identities. This stands in for it: small, and
# honest about what it is. It gives back what it was sent, with what AWS adds to it, and refuses what AWS refuses as
# far as stacks run into it. It serves nobody a page.


class CloudfrontRefusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class CloudfrontXml:
    """Texts and elements: AWS's namespace is put on at the very end."""

    SPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"

    @staticmethod
    def parse(text):
        import xml.etree.ElementTree as tree

        root = tree.fromstring(text)
        for it in root.iter():
            it.tag = it.tag.rsplit("}", 1)[-1]
        return root

    @classmethod
    def write(cls, root):
        import xml.etree.ElementTree as tree

        root.set("xmlns", cls.SPACE)
        text = tree.tostring(root, encoding="unicode")
        del root.attrib["xmlns"]
        return '<?xml version="1.0"?>\n' + text

    @staticmethod
    def make(tag, *parts):
        import xml.etree.ElementTree as tree

        it = tree.Element(tag)
        for part in parts:
            if isinstance(part, (str, int)):
                it.text = str(part)
            elif part is not None:
                it.append(part)
        return it

    @classmethod
    def put(cls, parent, tag, text):
        """Unless it says something of that already."""
        if parent.find(tag) is None:
            parent.append(cls.make(tag, text))

    @staticmethod
    def drop(parent, tag):
        it = parent.find(tag)
        if it is not None:
            parent.remove(it)


class CloudfrontThings:
    """What one account has."""

    # The policies of AWS's own that examples name: id, name, least, usual and most time, packed answers.
    MANAGED = (
        ("658327ea-f89d-4fab-a63d-7e88639e58f6", "Managed-CachingOptimized", 1, 86400, 31536000, "true"),
        ("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "Managed-CachingDisabled", 0, 0, 0, "false"),
        ("b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "Managed-CachingOptimizedForUncompressedObjects", 1, 86400, 31536000, "false"),
    )

    # Which headers, cookies and parts of the query go to the origin.
    REQUESTS = (
        ("216adef6-5c7f-47e4-b989-5492eafa07d3", "Managed-AllViewer", ["allViewer"], ["all"], ["all"]),
        ("b689b0a8-53d0-40ab-baf2-68738e2966ac", "Managed-AllViewerExceptHostHeader", ["allExcept", "host"], ["all"], ["all"]),
        ("acba4595-bd28-49b8-b9fe-13317c0390fa", "Managed-UserAgentRefererHeaders", ["whitelist", "user-agent", "referer"], ["none"], ["none"]),
    )
    # And what answers are given besides.
    RESPONSES = (
        ("60669652-455b-4ae9-85a4-c4c02393f86c", "Managed-SimpleCORS", {"CorsConfig": {
            "AccessControlAllowOrigins": {"Quantity": 1, "Items": {"Origin": "*"}},
            "AccessControlAllowHeaders": {"Quantity": 0},
            "AccessControlAllowMethods": {"Quantity": 1, "Items": {"Method": "GET"}},
            "AccessControlAllowCredentials": "false", "OriginOverride": "false",
        }}),
        ("67f7725c-6f97-4210-82d7-5512b31e9d03", "Managed-SecurityHeadersPolicy", {"SecurityHeadersConfig": {
            "XSSProtection": {"Override": "false", "Protection": "true", "ModeBlock": "true"},
            "FrameOptions": {"Override": "false", "FrameOption": "SAMEORIGIN"},
            "ReferrerPolicy": {"Override": "false", "ReferrerPolicy": "strict-origin-when-cross-origin"},
            "ContentTypeOptions": {"Override": "true"},
            "StrictTransportSecurity": {"Override": "false", "AccessControlMaxAgeSec": 31536000},
        }}),
    )  # fmt: skip

    def __init__(self, account):
        self.account = account
        self.requests = {it[0]: self.request(*it) for it in self.REQUESTS}
        self.responses = {it[0]: self.own("ResponseHeadersPolicy", *it) for it in self.RESPONSES}
        self.distributions, self.controls, self.identities, self.functions = {}, {}, {}, {}
        self.tags = {}
        self.policies = {it[0]: self.managed(*it) for it in self.MANAGED}

    @staticmethod
    def managed(id, name, least, usual, most, packed):
        make = CloudfrontXml.make
        parameters = make(
            "ParametersInCacheKeyAndForwardedToOrigin",
            make("EnableAcceptEncodingGzip", packed),
            make("EnableAcceptEncodingBrotli", packed),
            make("HeadersConfig", make("HeaderBehavior", "none")),
            make("CookiesConfig", make("CookieBehavior", "none")),
            make("QueryStringsConfig", make("QueryStringBehavior", "none")),
        )
        times = [make("DefaultTTL", usual), make("MaxTTL", most), make("MinTTL", least)]
        config = make("CachePolicyConfig", make("Comment", f"Policy {name}"), *times, make("Name", name), parameters)
        return {"id": id, "config": config, "version": "E23ZP02F085DFQ", "managed": True, "time": "2020-07-15T00:00:00Z"}

    @classmethod
    def request(cls, id, name, *parts):
        says, kinds = {}, (("Headers", "Header"), ("Cookies", "Cookie"), ("QueryStrings", "QueryString"))
        for (many, one), (behavior, *names) in zip(kinds, parts):
            items = [CloudfrontXml.make("Name", it) for it in names]
            named = {many: {"Quantity": len(items), "Items": items}} if items else {}
            says[f"{many}Config"] = {f"{one}Behavior": behavior, **named}
        return cls.own("OriginRequestPolicy", id, name, says)

    @staticmethod
    def own(tag, id, name, says):
        make = CloudfrontXml.make

        def whole(tag, says):
            if isinstance(says, dict):
                return make(tag, *(whole(k, it) for k, it in says.items()))
            return make(tag, *says) if isinstance(says, list) else make(tag, says)

        config = whole(f"{tag}Config", {"Comment": f"Policy {name}", "Name": name, **says})
        return {"id": id, "config": config, "version": "E23ZP02F085DFQ", "managed": True, "time": "2021-11-01T00:00:00Z"}

    def arn(self, kind, id):
        return f"arn:aws:cloudfront::{self.account}:{kind}/{id}"


class CloudfrontBasics:
    """One request: what all things have in common, and the smaller ones."""

    def __init__(self, things, method, path, query, headers, body):
        self.things, self.method, self.query, self.body = things, method, query, body
        self.parts = path.strip("/").split("/")[1:]
        self.given = next((v for k, v in headers.items() if k.lower() == "if-match"), None)

    # What AWS answers: a status, headers, and an element or nothing.

    def answer(self):
        kind, rest = self.parts[0], self.parts[1:]
        if kind == "origin-access-identity":
            rest = rest[1:]
        handler = {
            "distribution": self.distribution,
            "origin-access-control": self.control,
            "origin-access-identity": self.identity,
            "function": self.function,
            "cache-policy": lambda *rest: self.policy("CachePolicy", *rest),
            "origin-request-policy": lambda *rest: self.policy("OriginRequestPolicy", *rest),
            "response-headers-policy": lambda *rest: self.policy("ResponseHeadersPolicy", *rest),
            "tagging": self.tagging,
        }.get(kind)
        if handler is None:
            raise CloudfrontRefusal(501, "NotImplemented", f"the sandbox does not know {kind}")
        return handler(*rest)

    def param(self, name, usual=None):
        return (self.query.get(name) or [usual])[0]

    @staticmethod
    def fresh(length=14):
        import random
        import string

        return "E" + "".join(random.choices(string.ascii_uppercase + string.digits, k=length - 1))

    @staticmethod
    def now():
        import datetime

        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def sent(self):
        return CloudfrontXml.parse(self.body)

    def found(self, all, id, code, what):
        if id not in all:
            raise CloudfrontRefusal(404, code, f"The specified {what} does not exist.")
        return all[id]

    def match(self, it):
        """A change names the version that it changes."""
        if not self.given:
            text = "The If-Match version is missing or not valid for the resource."
            raise CloudfrontRefusal(400, "InvalidIfMatchVersion", text)
        if self.given != it["version"]:
            text = "The request failed because it didn't meet the preconditions in one or more request-header fields."
            raise CloudfrontRefusal(412, "PreconditionFailed", text)

    def listed(self, tag, items, truncated=True):
        """A page: AWS gives 100 and a marker."""
        make = CloudfrontXml.make
        size, first = int(self.param("MaxItems", "100")), self.param("Marker", "")
        names = sorted(items)
        start = names.index(first) + 1 if first in names else 0
        some = names[start : start + size]
        more = start + size < len(names)
        parts = [make("Marker", first)] if truncated else []
        parts += [make("NextMarker", some[-1])] if more else []
        parts += [make("MaxItems", size)]
        parts += [make("IsTruncated", "true" if more else "false")] if truncated else []
        parts += [make("Quantity", len(some))]
        if some:
            parts.append(make("Items", *(items[it] for it in some)))
        return 200, {}, make(tag, *parts)

    def used_by(self, uses, code, what):
        if any(uses(it["config"]) for it in self.things.distributions.values()):
            text = f"Cannot delete the {what} because it's in use by one or more distributions."
            raise CloudfrontRefusal(409, code, text)

    # Origin access controls.

    def control(self, id=None, part=None):
        make, all = CloudfrontXml.make, self.things.controls

        def whole(it):
            return make("OriginAccessControl", make("Id", it["id"]), it["config"])

        def taken(name, besides=None):
            if any(it["config"].findtext("Name") == name for it in all.values() if it["id"] != besides):
                text = "An origin access control with the specified parameters already exists."
                raise CloudfrontRefusal(409, "OriginAccessControlAlreadyExists", text)

        if id is None and self.method == "POST":
            config = self.sent()
            taken(config.findtext("Name"))
            it = {"id": self.fresh(), "version": self.fresh(), "config": config}
            all[it["id"]] = it
            return 201, {"ETag": it["version"]}, whole(it)
        if id is None:
            return self.listed(
                "OriginAccessControlList",
                {k: make("OriginAccessControlSummary", make("Id", k), *it["config"]) for k, it in all.items()},
            )
        it = self.found(all, id, "NoSuchOriginAccessControl", "origin access control")
        if self.method == "PUT":
            self.match(it)
            config = self.sent()
            taken(config.findtext("Name"), id)
            it.update(config=config, version=self.fresh())
        if self.method == "DELETE":
            self.match(it)
            uses = lambda config: any(o.text == id for o in config.iter("OriginAccessControlId"))
            self.used_by(uses, "OriginAccessControlInUse", "origin access control")
            del all[id]
            return 204, {}, None
        return 200, {"ETag": it["version"]}, it["config"] if part and self.method == "GET" else whole(it)

    # Origin access identities.

    def identity(self, id=None, part=None):
        make, all = CloudfrontXml.make, self.things.identities

        def whole(it):
            user = make("S3CanonicalUserId", it["user"])
            return make("CloudFrontOriginAccessIdentity", make("Id", it["id"]), user, it["config"])

        def summary(it):
            comment = make("Comment", it["config"].findtext("Comment") or "")
            user = make("S3CanonicalUserId", it["user"])
            return make("CloudFrontOriginAccessIdentitySummary", make("Id", it["id"]), user, comment)

        if id is None and self.method == "POST":
            import uuid

            config = self.sent()
            reference = config.findtext("CallerReference")
            for it in all.values():
                if it["config"].findtext("CallerReference") == reference:
                    if it["config"].findtext("Comment") == config.findtext("Comment"):
                        return 201, {"ETag": it["version"]}, whole(it)
                    text = "The caller reference that you are using is associated with another identity."
                    raise CloudfrontRefusal(409, "CloudFrontOriginAccessIdentityAlreadyExists", text)
            it = {"id": self.fresh(), "version": self.fresh(), "config": config, "user": uuid.uuid4().hex * 2}
            all[it["id"]] = it
            return 201, {"ETag": it["version"]}, whole(it)
        if id is None:
            return self.listed("CloudFrontOriginAccessIdentityList", {k: summary(it) for k, it in all.items()})
        it = self.found(all, id, "NoSuchCloudFrontOriginAccessIdentity", "origin access identity")
        if self.method == "PUT":
            self.match(it)
            config = self.sent()
            if config.findtext("CallerReference") != it["config"].findtext("CallerReference"):
                text = "The update contains modifications that are not allowed."
                raise CloudfrontRefusal(400, "IllegalUpdate", text)
            it.update(config=config, version=self.fresh())
        if self.method == "DELETE":
            self.match(it)
            path = f"origin-access-identity/cloudfront/{id}"
            uses = lambda config: any(o.text == path for o in config.iter("OriginAccessIdentity"))
            self.used_by(uses, "CloudFrontOriginAccessIdentityInUse", "origin access identity")
            del all[id]
            return 204, {}, None
        return 200, {"ETag": it["version"]}, it["config"] if part and self.method == "GET" else whole(it)

    # Policies: of the cache, of what goes to the origin, of headers in answers.

    def policy(self, tag, id=None, part=None):
        make, things = CloudfrontXml.make, self.things
        all, what = {
            "CachePolicy": (things.policies, "cache policy"),
            "OriginRequestPolicy": (things.requests, "origin request policy"),
            "ResponseHeadersPolicy": (things.responses, "response headers policy"),
        }[tag]

        def whole(it):
            return make(tag, make("Id", it["id"]), make("LastModifiedTime", it["time"]), it["config"])

        def taken(name, besides=None):
            if any(it["config"].findtext("Name") == name for it in all.values() if it["id"] != besides):
                article = "An" if what[0] in "aeiou" else "A"
                text = f"{article} {what} with the same name already exists."
                raise CloudfrontRefusal(409, f"{tag}AlreadyExists", text)

        if id is None and self.method == "POST":
            import uuid

            config = self.sent()
            taken(config.findtext("Name"))
            it = {"id": str(uuid.uuid4()), "version": self.fresh(), "config": config, "time": self.now(), "managed": False}
            all[it["id"]] = it
            return 201, {"ETag": it["version"]}, whole(it)
        if id is None:
            wanted = {"managed": (True,), "custom": (False,)}.get(self.param("Type"), (True, False))
            kinds = {True: "managed", False: "custom"}
            one = lambda it: make(f"{tag}Summary", make("Type", kinds[it["managed"]]), whole(it))
            there = {k: one(it) for k, it in all.items() if it["managed"] in wanted}
            return self.listed(f"{tag}List", there, truncated=False)
        it = self.found(all, id, f"NoSuch{tag}", what)
        if self.method in ("PUT", "DELETE"):
            self.match(it)
            if it["managed"]:
                raise CloudfrontRefusal(400, "IllegalUpdate", "You cannot change a managed policy.")
        if self.method == "PUT":
            config = self.sent()
            taken(config.findtext("Name"), id)
            it.update(config=config, version=self.fresh(), time=self.now())
        if self.method == "DELETE":
            uses = lambda config: any(o.text == id for o in config.iter(f"{tag}Id"))
            self.used_by(uses, f"{tag}InUse", what)
            del all[id]
            return 204, {}, None
        return 200, {"ETag": it["version"]}, it["config"] if part and self.method == "GET" else whole(it)

    # Tags.

    @staticmethod
    def labels(it):
        each = it.iter("Tag") if it is not None else ()
        return {one.findtext("Key"): one.findtext("Value") or "" for one in each}

    def tagging(self):
        make, arn = CloudfrontXml.make, self.param("Resource")
        tags = self.found(self.things.tags, arn, "NoSuchResource", "resource")
        if self.method == "GET":
            each = [make("Tag", make("Key", k), make("Value", v)) for k, v in sorted(tags.items())]
            return 200, {}, make("Tags", make("Items", *each))
        sent = self.sent()
        if self.param("Operation") == "Untag":
            for it in sent.iter("Key"):
                tags.pop(it.text, None)
        else:
            tags.update(self.labels(sent))
        return 204, {}, None


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
        for tag, all, what in (
            ("CachePolicy", self.things.policies, "cache policy"),
            ("OriginRequestPolicy", self.things.requests, "origin request policy"),
            ("ResponseHeadersPolicy", self.things.responses, "response headers policy"),
        ):
            for it in config.iter(f"{tag}Id"):
                if it.text:
                    self.found(all, it.text, f"NoSuch{tag}", what)
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
