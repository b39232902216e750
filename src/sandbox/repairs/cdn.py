# CloudFront. moto forgets most of a distribution (who runs on it, which policies it goes by, its groups), looks at
# no version, and lacks functions, cache policies and origin access identities. This stands in for it: small, and
# honest about what it is. It gives back what it was sent, with what AWS adds to it, and refuses what AWS refuses as
# far as stacks run into it. It serves nobody a page. Distributions and functions are in the next file. Each file of
# this folder stands before the launcher, which runs its repairs.


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

    def __init__(self, account):
        self.account = account
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
            "cache-policy": self.policy,
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

    # Cache policies.

    def policy(self, id=None, part=None):
        make, all = CloudfrontXml.make, self.things.policies

        def whole(it):
            return make("CachePolicy", make("Id", it["id"]), make("LastModifiedTime", it["time"]), it["config"])

        def taken(name, besides=None):
            if any(it["config"].findtext("Name") == name for it in all.values() if it["id"] != besides):
                text = "A cache policy with the same name already exists."
                raise CloudfrontRefusal(409, "CachePolicyAlreadyExists", text)

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
            one = lambda it: make("CachePolicySummary", make("Type", kinds[it["managed"]]), whole(it))
            there = {k: one(it) for k, it in all.items() if it["managed"] in wanted}
            return self.listed("CachePolicyList", there, truncated=False)
        it = self.found(all, id, "NoSuchCachePolicy", "cache policy")
        if self.method in ("PUT", "DELETE"):
            self.match(it)
            if it["managed"]:
                raise CloudfrontRefusal(400, "IllegalUpdate", "You cannot change a managed policy.")
        if self.method == "PUT":
            config = self.sent()
            taken(config.findtext("Name"), id)
            it.update(config=config, version=self.fresh(), time=self.now())
        if self.method == "DELETE":
            uses = lambda config: any(o.text == id for o in config.iter("CachePolicyId"))
            self.used_by(uses, "CachePolicyInUse", "cache policy")
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


