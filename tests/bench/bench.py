#!/usr/bin/env python3
"""Measures infra beside Terraform: the same stack, emulators and delay, in one run. A report, not a test.

usage: tests/bench/bench.py --out FILE [--shapes cells:320,chain:40] [--latencies 0,30,100]
                            [--tools infra,terraform] [--commands validate,first,apply,plan,change,destroy]
                            [--infra PATH] [--terraform PATH] [--plugins DIR] [--runs 3] [--emulators 2]
       tests/bench/bench.py --out FILE --start-up
       tests/bench/tables.py FILE docs/benchmarks.md

Needs Python 3.11, and a release build of infra. Terraform is measured where it is found together with a
folder of provider plugins (`terraform providers mirror DIR` makes one). Results are added to FILE one by
one, and what stands there is not measured again (but with --again): a long matrix runs in pieces.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request

import path as paths
import shapes
import to_terraform

HERE = pathlib.Path(__file__).resolve().parent
COMMANDS = ("validate", "first", "apply", "plan", "change", "destroy")
PROVIDER = {
    "region": "eu-west-1",
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "s3_use_path_style": True,
}


def arguments():
    it = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words = lambda text: [word for word in text.split(",") if word]
    it.add_argument("--out", type=pathlib.Path, required=True, help="the results, added to")
    it.add_argument("--shapes", type=words, default=["cells:320"], help="cells:N, chain:N, star:N, app:N")
    it.add_argument("--latencies", type=words, default=["30"], help="milliseconds on each call")
    it.add_argument("--tools", type=words, default=["infra", "terraform"])
    it.add_argument("--commands", type=words, default=list(COMMANDS))
    it.add_argument("--runs", type=int, default=1, help="of commands that change nothing; the median counts")
    it.add_argument("--infra", default=str(HERE.parent.parent / "target" / "release" / "infra"))
    it.add_argument("--terraform", default=shutil.which("terraform"))
    it.add_argument("--plugins", help="folder that holds registry.terraform.io/")
    it.add_argument("--provider", default="5.100.0")
    it.add_argument("--parallelism", type=int, help="instead of each tool's own")
    it.add_argument("--emulators", type=int, default=2, help="EC2 has one to itself where there are two")
    it.add_argument("--again", action="store_true", help="measure what the results hold already")
    it.add_argument("--keep-logs", type=pathlib.Path, help="folder for the log of each apply and destroy")
    it.add_argument("--start-up", action="store_true", help="measure start-up times instead")
    given = it.parse_args()
    for name in given.commands:
        if name not in COMMANDS:
            it.error(f"no command `{name}`: {', '.join(COMMANDS)}")
    return given


class Results:
    """The records, in a file that is whole after each of them."""

    KEY = ("tool", "shape", "count", "latency", "command")

    def __init__(self, file):
        self.file = file
        self.all = json.loads(file.read_text()) if file.exists() else []

    def has(self, **key):
        return any(all(it[name] == key[name] for name in self.KEY) for it in self.all)

    def add(self, record):
        same = lambda it: all(it[name] == record[name] for name in self.KEY)
        self.all = [it for it in self.all if not same(it)] + [record]
        partial = self.file.with_suffix(".partial")
        partial.write_text("[\n" + ",\n".join(json.dumps(it) for it in self.all) + "\n]\n")
        partial.replace(self.file)


def surroundings(url):
    """A clean environment: the emulator, and no account."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME") if name in os.environ}
    aws = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return {**kept, **aws, "AWS_REGION": "eu-west-1", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def get(url):
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


class Emulator:
    """A sandbox of our own."""

    def __init__(self, infra, name):
        self.infra, self.name = infra, name
        subprocess.run([infra, "sandbox", "up", "--name", name], check=True, stdout=subprocess.DEVNULL)
        text = subprocess.run([infra, "sandbox", "env", "--name", name], check=True, capture_output=True, text=True)
        line = next(it for it in text.stdout.splitlines() if "AWS_ENDPOINT_URL=" in it)
        self.port = int(line.rsplit(":", 1)[1])
        text = subprocess.run([infra, "sandbox", "status", "--name", name], check=True, capture_output=True, text=True)
        found = re.search(r"process (\d+)", text.stdout)
        self.pid = found and found.group(1)

    def cpu(self):
        """Seconds, where the system tells."""
        try:
            fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def reset(self):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/moto-api/reset", method="POST")
        urllib.request.urlopen(request).close()

    def down(self):
        subprocess.run([self.infra, "sandbox", "down", "--name", self.name], check=False, stdout=subprocess.DEVNULL)


class Stage:
    """Emulators behind a proxy."""

    def __init__(self, given):
        self.emulators, self.process = [], None
        try:
            for n in range(given.emulators):
                self.emulators.append(Emulator(given.infra, f"bench-{os.getpid()}-{n}"))
            ports = [str(it.port) for it in self.emulators]
            command = [sys.executable, str(HERE / "proxy.py"), *ports]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
            self.given = given
        except BaseException:
            self.close()
            raise

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        for it in self.emulators:
            it.down()

    def start(self, latency, texts=False):
        get(f"{self.url}/bench/start?latency_ms={latency}&texts={int(texts)}")
        self.busy = [it.cpu() for it in self.emulators]

    def stop(self):
        """What was asked since, and what it cost on this side."""
        log = get(f"{self.url}/bench/log")
        return log["calls"], log["cpu"], [it.cpu() - was for it, was in zip(self.emulators, self.busy)]

    def reset(self):
        """Empties the emulators. What one loads when it is first asked is no part of what is measured."""
        for it in self.emulators:
            it.reset()
        self.start(0)
        for shape in ("chain", "app"):
            with tempfile.TemporaryDirectory(prefix="infra-bench-") as name:
                tool = Infra(self.given, pathlib.Path(name), shape, 10)
                for what in ("apply", "destroy"):
                    measured(tool.command(what), tool.folder, surroundings(self.url))


class Failed(Exception):
    pass


def measured(command, folder, env):
    output = folder / "output.txt"
    helper = [sys.executable, "-S", "-E", str(HERE / "measured.py"), str(output), *command]
    out = json.loads(subprocess.run(helper, cwd=folder, env=env, stdout=subprocess.PIPE, check=True).stdout)
    text = output.read_text()
    if out.pop("code") != 0:
        raise Failed(f"{' '.join(command)}: failed\n{text[-3000:]}")
    return out, text


def counted(calls):
    out = {}
    for it in calls:
        out[it["operation"]] = out.get(it["operation"], 0) + 1
    return dict(sorted(out.items()))


class Infra:
    name = "infra"

    def __init__(self, given, folder, shape, count):
        self.program, self.folder, self.shape, self.count, self.given = given.infra, folder, shape, count, given
        self.write(False)

    def write(self, changed):
        for name, text in shapes.stack(self.shape, self.count, changed).items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def command(self, what):
        words = {"first": "plan", "change": "plan"}.get(what, what)
        lanes = [f"-parallelism={self.given.parallelism}"] if self.given.parallelism and what != "validate" else []
        agreed = ["-auto-approve", "-json"] if what in ("apply", "destroy") else []
        return [self.program, words, *lanes, *agreed]

    def state(self):
        return json.loads((self.folder / "terraform.tfstate").read_text())


class Terraform(Infra):
    name = "terraform"

    def __init__(self, given, folder, shape, count):
        super().__init__(given, folder, shape, count)
        self.program = given.terraform
        command = [given.terraform, "init", "-input=false", f"-plugin-dir={plugins(given)}"]
        subprocess.run(command, cwd=folder, env=surroundings(""), check=True, stdout=subprocess.DEVNULL)

    def write(self, changed):
        with tempfile.TemporaryDirectory() as text:
            other = pathlib.Path(text)
            for name, content in shapes.stack(self.shape, self.count, changed).items():
                (other / name).parent.mkdir(parents=True, exist_ok=True)
                (other / name).write_text(content)
            for file in other.rglob("stack.toml"):
                self.write_module(other, file.parent)

    def write_module(self, root, folder):
        to = self.folder / folder.relative_to(root)
        to.mkdir(parents=True, exist_ok=True)
        text = to_terraform.terraform(to_terraform.read(folder))
        if folder == root:
            text["provider"] = {"aws": PROVIDER}
            text["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": self.given.provider}}}
        (to / "main.tf.json").write_text(json.dumps(text))


def plugins(given):
    usual = [pathlib.Path.home() / ".terraform.d" / "plugins", pathlib.Path("/usr/local/share/terraform/plugins")]
    return given.plugins or next((str(it) for it in usual if (it / "registry.terraform.io").is_dir()), None)


def tools(given):
    out = [Infra] if "infra" in given.tools else []
    if "terraform" in given.tools:
        if given.terraform and plugins(given):
            out.append(Terraform)
        else:
            print("Terraform or its folder of plugins is not here: measuring infra alone.", file=sys.stderr)
    return out


class Bench:
    def __init__(self, given, results, stage, folder):
        self.given, self.results, self.stage, self.folder = given, results, stage, folder

    def wanted(self, key):
        held = lambda what: self.results.has(**key, command=what)
        return [it for it in COMMANDS if it in self.given.commands and (self.given.again or not held(it))]

    def cell(self, kind, shape, count, latency):
        """All that is wanted of one tool on one stack with one latency."""
        key = {"tool": kind.name, "shape": shape, "count": count, "latency": latency}
        wanted = self.wanted(key)
        if not wanted:
            return
        folder = self.folder / f"{kind.name}-{shape}-{count}-{latency:g}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.stage.reset()
        tool = kind(self.given, folder, shape, count)
        for what in COMMANDS:
            if what == "apply" and what not in wanted and set(wanted) & {"plan", "change", "destroy"}:
                self.lend(tool, shape, count)
            if what in wanted:
                self.one(tool, key, what)
        shutil.rmtree(folder, ignore_errors=True)

    def lend(self, tool, shape, count):
        """A state to plan on, where the apply itself is not measured: infra makes it, without delay."""
        folder = self.folder / "lender"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.stage.start(0)
        lender = Infra(self.given, folder, shape, count)
        measured(lender.command("apply"), folder, surroundings(self.stage.url))
        shutil.copy(folder / "terraform.tfstate", tool.folder / "terraform.tfstate")

    def one(self, tool, key, what):
        started = datetime.datetime.now(datetime.timezone.utc)
        if what == "change":
            tool.write(True)
        before = tool.state() if what == "destroy" else None
        runs, texts = [], what in ("apply", "destroy")
        for _ in range(1 if texts else self.given.runs):
            self.stage.start(key["latency"], texts)
            took, output = measured(tool.command(what), tool.folder, surroundings(self.stage.url))
            calls, proxy, emulators = self.stage.stop()
            runs.append({**took, "proxy": proxy, "emulators": emulators})
        if what == "change":
            tool.write(False)
        self.check(tool, what, output)
        record = {**key, "command": what, **self.middle(runs)}
        record |= {"calls": counted(calls), "refused": sum(it["status"] >= 400 for it in calls)}
        if texts:
            record["limit"] = paths.limit(output, before or tool.state(), calls, what == "destroy")
            self.keep(key, what, output, calls)
        record |= {"at": started.isoformat(timespec="seconds"), "cores": os.cpu_count(), "machine": platform.machine()}
        record["load"] = round(os.getloadavg()[0], 1)
        record["resources"] = resources(before or tool.state()) if texts or (tool.folder / "terraform.tfstate").exists() else None
        self.results.add(record)
        print(told(record), file=sys.stderr, flush=True)

    def middle(self, runs):
        out = {name: statistics.median(it[name] for it in runs) for name in ("wall", "cpu", "memory", "proxy")}
        out["emulators"] = [statistics.median(column) for column in zip(*(it["emulators"] for it in runs))]
        return out

    def keep(self, key, what, output, calls):
        if not self.given.keep_logs:
            return
        self.given.keep_logs.mkdir(parents=True, exist_ok=True)
        name = f"{key['tool']}-{key['shape']}-{key['count']}-{key['latency']:g}-{what}"
        (self.given.keep_logs / f"{name}.out").write_text(output)
        lines = [json.dumps({name: it[name] for name in ("start", "end", "operation", "status")}) for it in calls]
        (self.given.keep_logs / f"{name}.calls").write_text("\n".join(lines) + "\n")

    def check(self, tool, what, output):
        """That it did what is measured."""
        if what == "plan" and "No changes" not in output:
            raise Failed(f"{tool.name} plans changes where there are none:\n{output[-3000:]}")
        if what == "change" and "1 to change" not in output:
            raise Failed(f"{tool.name} does not plan the one change:\n{output[-3000:]}")
        if what == "destroy" and resources(tool.state()):
            raise Failed(f"{tool.name} has destroyed a part only:\n{output[-3000:]}")


def resources(state):
    return sum(len(it["instances"]) for it in state["resources"] if it["mode"] == "managed")


def told(it):
    text = f"{it['tool']} {it['shape']}:{it['count']} {it['latency']:g} ms {it['command']}: {it['wall']:.2f} s"
    text += f", CPU {it['cpu']:.2f} s, {it['memory']:.0f} MB, {sum(it['calls'].values())} calls"
    busy = [it["proxy"], *it["emulators"]]
    text += ", busy (proxy, emulators): " + ", ".join(f"{100 * used / it['wall']:.0f} %" for used in busy)
    if it.get("limit"):
        text += f"; longest path {it['limit']['seconds']:.2f} s, {it['wall'] / max(it['limit']['seconds'], 0.001):.2f} of it"
    return text


START_UP = {
    "version": ["version"],
    "help": ["--help"],
    "validate, empty stack": ["validate"],
    "plan, empty stack": ["plan"],
}


def start_up(given, results, folder):
    """The shortest of many runs is what the program takes; the median what one meets on this machine."""
    (folder / "stack.toml").write_text(shapes.HEAD)
    for what, words in START_UP.items():
        walls = []
        for _ in range(40):
            took, _ = measured([given.infra, *words], folder, surroundings("http://127.0.0.1:9"))
            walls.append(took)
        record = {"tool": "infra", "shape": "start-up", "count": 0, "latency": 0, "command": what, "calls": {}}
        record |= {name: statistics.median(it[name] for it in walls) for name in ("wall", "cpu", "memory")}
        record["shortest"] = min(it["wall"] for it in walls)
        results.add(record)
        print(f"{what}: {1000 * record['wall']:.1f} ms, at best {1000 * record['shortest']:.1f} ms", file=sys.stderr)


def main():
    given = arguments()
    given.infra = str(pathlib.Path(given.infra).resolve())
    results = Results(given.out)
    failed = False
    with tempfile.TemporaryDirectory(prefix="infra-bench-") as name:
        folder = pathlib.Path(name)
        if given.start_up:
            return start_up(given, results, folder)
        stage = Stage(given)
        with contextlib.closing(stage):
            for shape, _, count in (it.partition(":") for it in given.shapes):
                count = int(count or shapes.SHAPES[shape].usual)
                for latency in map(float, given.latencies):
                    for kind in tools(given):
                        try:
                            Bench(given, results, stage, folder).cell(kind, shape, count, latency)
                        except Failed as error:
                            print(error, file=sys.stderr, flush=True)
                            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
