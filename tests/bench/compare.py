#!/usr/bin/env python3
"""Measures infra beside Terraform on the same stack, the same emulator and the same delay, in one run.

usage: tests/bench/compare.py [--cells 63] [--latency-ms 30] [--runs 3] [--infra PATH]
                              [--terraform PATH] [--plugins DIR] [--provider VERSION] [--out FILE]

Needs Python 3.11, and a release build of infra. Terraform is measured where it is found together with
a folder of provider plugins (`terraform providers mirror DIR` makes one). Infra applies the stack once;
both then work on that state, which is Terraform's format. Prints a Markdown table.
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import stack as stacks
import to_terraform

HERE = pathlib.Path(__file__).resolve().parent
PROVIDER = {
    "region": "eu-west-1",
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "s3_use_path_style": True,
}


def arguments():
    it = argparse.ArgumentParser()
    it.add_argument("--cells", type=int, default=63)
    it.add_argument("--latency-ms", type=float, default=30)
    it.add_argument("--runs", type=int, default=3)
    it.add_argument("--infra", default=str(HERE.parent.parent / "target" / "release" / "infra"))
    it.add_argument("--terraform", default=shutil.which("terraform"))
    it.add_argument("--plugins", help="folder that holds registry.terraform.io/")
    it.add_argument("--provider", default="5.100.0")
    it.add_argument("--apply-with", choices=["infra", "terraform"], default="infra")
    it.add_argument("--out", type=pathlib.Path)
    return it.parse_args()


def surroundings(url):
    """A clean environment: the emulator, and no account."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME") if name in os.environ}
    aws = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return {**kept, **aws, "AWS_REGION": "eu-west-1", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


@contextlib.contextmanager
def emulator(infra):
    """A sandbox of our own; gives its port."""
    name = f"bench-{os.getpid()}"
    subprocess.run([infra, "sandbox", "up", "--name", name], check=True, stdout=sys.stderr)
    try:
        text = subprocess.run([infra, "sandbox", "env", "--name", name], check=True, capture_output=True, text=True)
        line = next(it for it in text.stdout.splitlines() if "AWS_ENDPOINT_URL=" in it)
        yield int(line.rsplit(":", 1)[1])
    finally:
        subprocess.run([infra, "sandbox", "down", "--name", name], check=False, stdout=sys.stderr)


@contextlib.contextmanager
def proxy(upstream, latency_ms):
    command = [sys.executable, str(HERE / "proxy.py"), str(upstream), str(latency_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def calls(url):
    with urllib.request.urlopen(url + "/calls") as answer:
        return json.load(answer)


def measured(command, folder, env):
    """Runs it; gives wall time, CPU time of it and its children, and the memory of the largest of them."""
    start = time.monotonic()
    with open(folder / "output.txt", "wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}\n{(folder / 'output.txt').read_text()[-4000:]}")
    unit = 1 if platform.system() == "Darwin" else 1024
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20


class Tool:
    def __init__(self, name, program, folder, empty):
        self.name, self.program, self.folder, self.empty = name, program, folder, empty

    def run(self, words, url, given):
        """The median of several runs; calls are those of the last."""
        env = surroundings(url)
        runs = []
        for _ in range(given.runs):
            calls(url)
            runs.append(measured([self.program, *words], self.folder, env))
        wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
        return {"wall": wall, "cpu": cpu, "memory": memory, "calls": calls(url)}

    def must_be_empty(self):
        text = (self.folder / "output.txt").read_text()
        if self.empty not in text:
            sys.exit(f"{self.name} plans changes where there are none:\n{text[-4000:]}")


def prepare(folder, given):
    """The same stack for both."""
    infra, terraform = folder / "infra", folder / "terraform"
    infra.mkdir()
    terraform.mkdir()
    (infra / "stack.toml").write_text(stacks.stack(given.cells))
    text = to_terraform.terraform(to_terraform.read(infra))
    text["provider"] = {"aws": PROVIDER}
    text["terraform"] = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": given.provider}}}
    (terraform / "main.tf.json").write_text(json.dumps(text))
    return infra, terraform


def plugins(given):
    if given.plugins:
        return given.plugins
    usual = [pathlib.Path.home() / ".terraform.d" / "plugins", pathlib.Path("/usr/local/share/terraform/plugins")]
    return next((str(it) for it in usual if (it / "registry.terraform.io").is_dir()), None)


def has_terraform(folder, given):
    mirror = plugins(given)
    if not given.terraform or not mirror:
        print("Terraform or its folder of plugins is not here: measuring infra alone.", file=sys.stderr)
        return False
    command = [given.terraform, "init", "-input=false", f"-plugin-dir={mirror}"]
    subprocess.run(command, cwd=folder, env=surroundings(""), check=True, stdout=subprocess.DEVNULL)
    return True


def apply(given, infra, terraform, port):
    """Once, without delay. The state serves both."""
    tool, folder, other = (given.infra, infra, terraform) if given.apply_with == "infra" else (given.terraform, terraform, infra)
    command = [tool, "apply", "-auto-approve", "-parallelism=50"]
    wall, _, _ = measured(command, folder, surroundings(f"http://127.0.0.1:{port}"))
    print(f"applied by {given.apply_with} in {wall:.1f} s", file=sys.stderr)
    shutil.copy(folder / "terraform.tfstate", other / "terraform.tfstate")


def measure(given, folder):
    infra, terraform = prepare(folder, given)
    tools = [Tool("infra", given.infra, infra, "No changes")]
    if has_terraform(terraform, given):
        tools.append(Tool("Terraform", given.terraform, terraform, "No changes"))
    results = {}
    with emulator(given.infra) as port:
        apply(given, infra, terraform, port)
        with proxy(port, given.latency_ms) as url:
            for what, words in (("validate", ["validate"]), ("plan, nothing to do", ["plan"])):
                for tool in tools:
                    results[what, tool.name] = tool.run(words, url, given)
                    if words == ["plan"]:
                        tool.must_be_empty()
    return results, [it.name for it in tools]


COLUMNS = (
    ("wall, s", lambda it: it["wall"], "{:.2f}"),
    ("CPU, s", lambda it: it["cpu"], "{:.2f}"),
    ("memory, MB", lambda it: it["memory"], "{:.0f}"),
    ("calls", lambda it: sum(it["calls"].values()), "{:.0f}"),
)


def table(results, names, given):
    count = given.cells * stacks.RESOURCES
    lines = [
        f"{count:,} resources, {given.latency_ms:g} ms of latency, median of {given.runs} runs, {os.cpu_count()} cores.",
        "",
        "| command | measure | " + " | ".join(names) + (" | infra is |" if len(names) > 1 else " |"),
        "|---|---|" + "---:|" * (len(names) + (len(names) > 1)),
    ]
    for what in dict.fromkeys(it[0] for it in results):
        for name, value, form in COLUMNS:
            values = [value(results[what, it]) for it in names]
            cells = [form.format(it) for it in values]
            if len(names) > 1:
                cells.append(f"{100 * values[0] / values[1]:.1f} %" if values[1] else "–")
            lines.append(f"| {what} | {name} | " + " | ".join(cells) + " |")
    return lines + ["", *operations(results, names)]


def operations(results, names):
    """Calls of the plan, by service and operation."""
    all_calls = [results["plan, nothing to do", it]["calls"] for it in names]
    lines = ["| call | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for call in sorted(set().union(*all_calls)):
        lines.append(f"| {call} | " + " | ".join(f"{it.get(call, 0):,}" for it in all_calls) + " |")
    return lines


def main():
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="infra-bench-") as folder:
        results, names = measure(given, pathlib.Path(folder))
    text = "\n".join(table(results, names, given))
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


main()
