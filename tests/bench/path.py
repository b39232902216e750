"""The longest path of an apply: what no schedule could be faster than, given the calls that were made.

An operation's own time is the time during which calls of its own were under way at the proxy (latency and
service): calls that name its resource, between the tool's messages that it began and that it ended. Calls
beside each other count once; pauses between calls do not count. The path is the chain of operations, each
waiting for the one before by the graph in the state, whose own times add up to most. To it come the calls
before the first operation and those after the last one, which nothing can overlap.
"""

import bisect
import datetime
import json
import re
import urllib.parse

# What finds a resource in a call where none of its own names does.
PARTS = {
    "aws_route": ("route_table_id",),
    "aws_iam_role_policy_attachment": ("role",),
    "aws_iam_role_policy": ("name",),
}
NAMES = ("id", "arn", "name", "bucket", "url")
SLACK = 0.002
KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def operations(output):
    """From the lines of `apply -json`: address → (began, ended) of each, in seconds."""
    began, out = {}, {}
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        it = json.loads(line)
        if it.get("type") not in ("apply_start", "apply_complete"):
            continue
        addr = it["hook"]["resource"]["addr"]
        if it["type"] == "apply_start":
            began[addr] = instant(it["@timestamp"])
        else:
            out[addr] = (began[addr], instant(it["@timestamp"]))
    return out


def instances(state):
    """Of a state file: address → (resource, names, resources it depends on). Keys of modules are no part of either."""
    out = {}
    for resource in state["resources"]:
        if resource["mode"] != "managed":
            continue
        whole = ".".join(it for it in (resource.get("module"), resource["type"], resource["name"]) if it)
        base = KEY.sub("", whole)
        for it in resource["instances"]:
            key = it.get("index_key")
            addr = whole + ("" if key is None else f"[{json.dumps(key)}]")
            attributes = it["attributes"]
            names = {attributes.get(name) for name in PARTS.get(resource["type"], NAMES)}
            names = {name for name in names if isinstance(name, str) and name}
            out[addr] = (base, names, it.get("dependencies", []))
    return out


def covered(spans):
    """How long at least one of them was under way."""
    total, end = 0.0, float("-inf")
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total


def named(text, name):
    """Whether a text names it, and not just something that begins the same."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not re.match(r"[\w-]", before) and not re.match(r"[\w-]", after):
            return True
        at = text.find(name, at + 1)
    return False


def own_times(spans, known, calls):
    calls = sorted(calls, key=lambda it: it["start"])
    starts = [it["start"] for it in calls]
    for it in calls:
        it.setdefault("plain", urllib.parse.unquote_plus(it["text"]).replace("\\/", "/"))
    out = {}
    for addr, (began, ended) in spans.items():
        within = calls[bisect.bisect_left(starts, began - SLACK) : bisect.bisect_right(starts, ended)]
        names = known[addr][1] if addr in known else set()
        mine = [it for it in within if it["end"] <= ended + SLACK and any(named(it["plain"], name) for name in names)]
        out[addr] = covered((it["start"], it["end"]) for it in mine)
    return out


def module_of(addr):
    """The instance of a module that it is in: the steps, with their keys."""
    return re.findall(r"module\.[^.\[]+(?:" + KEY.pattern + ")?", addr)


def beside(addr, other):
    """Whether one that depends on the other's resource depends on this instance of it. In the stacks that are
    measured nothing in a module gets at another instance of the same module."""
    return all(a == b or KEY.sub("", a) != KEY.sub("", b) for a, b in zip(module_of(addr), module_of(other)))


def longest(own, known, backwards):
    """The path with the greatest sum: (seconds, addresses in the order in which they run)."""
    by_resource = {}
    for addr in own:
        by_resource.setdefault(known[addr][0] if addr in known else addr, []).append(addr)
    before = {addr: [] for addr in own}
    for addr in own:
        for resource in known[addr][2] if addr in known else ():
            for other in filter(lambda it: beside(addr, it), by_resource.get(resource, ())):
                first, second = (addr, other) if backwards else (other, addr)
                before[second].append(first)
    best = {}

    def reach(addr):
        stack = [addr]
        while stack:
            top = stack[-1]
            missing = [it for it in before[top] if it not in best]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            last = max(before[top], key=lambda it: best[it][0], default=None)
            best[top] = ((best[last][0] if last else 0.0) + own[top], last)

    for addr in own:
        reach(addr)
    end = max(best, key=lambda it: best[it][0], default=None)
    path = []
    while end:
        path.append(end)
        end = best[end][1]
    return (best[path[0]][0] if path else 0.0), path[::-1]


def limit(output, state, calls, backwards=False):
    """Everything about it: seconds in all, before, on the path, after, and the path."""
    spans, known = operations(output), instances(state)
    if not spans:
        return None
    own = own_times(spans, known, calls)
    seconds, path = longest(own, known, backwards)
    first, last = min(it[0] for it in spans.values()), max(it[1] for it in spans.values())
    head = covered((it["start"], it["end"]) for it in calls if it["end"] <= first + SLACK)
    tail = covered((it["start"], it["end"]) for it in calls if it["start"] >= last - SLACK)
    unnamed = sum(1 for addr in own if own[addr] == 0)
    steps = [[addr, round(own[addr], 4), *[round(at - first, 4) for at in spans[addr]]] for addr in path]
    return {"seconds": head + seconds + tail, "head": head, "path": seconds, "tail": tail, "steps": steps, "unnamed": unnamed}
