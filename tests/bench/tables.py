#!/usr/bin/env python3
"""Renders what bench.py measured: prints it, or puts it between the markers of a document.

usage: tests/bench/tables.py RESULTS… [DOCUMENT.md]
"""

import json
import pathlib
import sys

import shapes

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COMMANDS = {
    "validate": "validate",
    "first": "first plan",
    "apply": "apply",
    "plan": "plan, no changes",
    "change": "plan, one change",
    "destroy": "destroy",
}
# Where an emulator was busy for more of the time than this, it and not the tool is what was measured.
BUSY = 0.7
NONE = "not measured"


class Records:
    def __init__(self, all):
        self.by_key = {tuple(it[name] for name in ("tool", "shape", "count", "latency", "command")): it for it in all}

    def get(self, *key):
        return self.by_key.get(key)

    def stacks(self):
        """Shape and count of each stack, in the order of the shapes."""
        found = {key[1:3] for key in self.by_key if key[1] in shapes.SHAPES}
        return sorted(found, key=lambda it: (list(shapes.SHAPES).index(it[0]), it[1]))

    def latencies(self, shape, count):
        return sorted({key[3] for key in self.by_key if key[1:3] == (shape, count)})


def seconds(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def pair(ours, theirs, value, form):
    show = lambda it: form(value(it)) if it else "–"
    return f"{show(ours)} / {show(theirs)}"


def busy(record):
    return max(record["emulators"], default=0) / record["wall"] if record else 0


def marked(record, text):
    return f"{text} ¹" if record and busy(record) > BUSY else text


def row(records, shape, count, latency, command):
    ours, theirs = (records.get(tool, shape, count, latency, command) for tool in ("infra", "terraform"))
    wall = lambda it: marked(it, seconds(it["wall"])) if it else NONE
    ratio = f"{theirs['wall'] / ours['wall']:.1f} ×" if ours and theirs else "–"
    return [
        COMMANDS[command],
        wall(ours),
        wall(theirs),
        ratio,
        pair(ours, theirs, lambda it: it["cpu"], seconds),
        pair(ours, theirs, lambda it: it["memory"], "{:.0f}".format),
        pair(ours, theirs, lambda it: sum(it["calls"].values()), "{:,}".format),
    ]


HEAD = ["command", "infra, s", "Terraform, s", "faster", "CPU, s", "memory, MB", "calls"]


def title(records, shape, count, latency):
    found = [it for it in records.by_key.values() if (it["shape"], it["count"], it["latency"]) == (shape, count, latency)]
    real = next((it["resources"] for it in found if it.get("resources")), count)
    return f"{shapes.SHAPES[shape].story}: {real:,} resources, {latency:g} ms"


def beside(records):
    out = []
    for shape, count in records.stacks():
        for latency in records.latencies(shape, count):
            text = title(records, shape, count, latency)
            out += ["", f"### {text[0].upper()}{text[1:]}", ""]
            out += table(HEAD, [row(records, shape, count, latency, it) for it in COMMANDS])
    return out


def limits(records):
    rows = []
    for shape, count in records.stacks():
        for latency in records.latencies(shape, count):
            for command in ("apply", "destroy"):
                cells = []
                for tool in ("infra", "terraform"):
                    it = records.get(tool, shape, count, latency, command)
                    if not it or not it.get("limit"):
                        cells += [NONE, "–", "–"]
                        continue
                    limit = it["limit"]["seconds"]
                    cells += [marked(it, seconds(it["wall"])), seconds(limit), f"{it['wall'] / limit:.2f}"]
                rows.append([f"{command}, {shape} of {count:,}, {latency:g} ms", *cells])
    head = ["", "infra, s", "longest path", "ratio", "Terraform, s", "longest path", "ratio"]
    return table(head, rows)


def growth(records):
    """How infra's cost grows with the stack: per resource it should stay."""
    counts = sorted(it[1] for it in records.stacks() if it[0] == "cells")
    rows = []
    for command in COMMANDS:
        cells = []
        for count in counts:
            it = next((it for at in records.latencies("cells", count) if (it := records.get("infra", "cells", count, at, command))), None)
            cells.append(f"{1000 * it['cpu'] / count:.2f} ms, {it['memory']:.0f} MB" if it else NONE)
        rows.append([COMMANDS[command], *cells])
    return table(["", *(f"{it:,}" for it in counts)], rows)


def start_up(records):
    found = [it for key, it in records.by_key.items() if key[1] == "start-up"]
    rows = [[it["command"], f"{1000 * it['wall']:.1f}", f"{1000 * it['shortest']:.1f}", f"{it['memory']:.0f}"] for it in found]
    return table(["command", "median, ms", "at best, ms", "memory, MB"], rows)


def share(records):
    """The greatest part of the time for which the proxy was busy."""
    walls = [it for it in records.by_key.values() if "proxy" in it and it["wall"] > 0.5]
    return max((it["proxy"] / it["wall"] for it in walls), default=0)


def crowd(all, cores):
    """Where the machine had more to do than this, times are longer than they need to be, and not evenly so."""
    loads = sorted(it["load"] for it in all if "load" in it)
    if not loads or loads[-1] <= 2 * max(cores):
        return ""
    return (
        f"**The machine was not quiet**: its load was between {loads[0]:g} and {loads[-1]:g}, so that wall times (and "
        "their ratios) of both tools are longer than they need to be; CPU time, memory and calls hold. "
    )


def rendered(all):
    records = Records(all)
    dates = sorted(it["at"][:10] for it in all if "at" in it)
    cores = sorted({it["cores"] for it in all if "cores" in it})
    said = " to ".join(dict.fromkeys([dates[0], dates[-1]])) if dates else "never"
    lines = [
        f"Measured {said}, on {' or '.join(map(str, cores))} cores that the tool shares with proxy and emulators. "
        f"{crowd(all, cores or [1])}The proxy was busy for at most {100 * share(records):.0f} % of the time. "
        f"¹ An emulator was busy for more than {100 * BUSY:.0f} % of the time: it, and not the tool, is what was measured.",
        "",
        "## Start-up",
        "",
        *start_up(records),
        "",
        "## The longest path",
        "",
        *limits(records),
        "",
        "## Growth",
        "",
        "CPU time per resource and peak memory, of `infra`, by the number of resources (cells).",
        "",
        *growth(records),
        "",
        "## Beside Terraform",
        "",
        "Pairs are infra's and Terraform's.",
        *beside(records),
    ]
    return "\n".join(lines)


def main():
    results = [it for it in sys.argv[1:] if not it.endswith(".md")]
    text = rendered([record for it in results for record in json.loads(pathlib.Path(it).read_text())])
    documents = [pathlib.Path(it) for it in sys.argv[1:] if it.endswith(".md")]
    if not documents:
        print(text)
    for document in documents:
        before, _, rest = document.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        document.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


main()
