#!/usr/bin/env python3
"""Tools that read Terraform's plan JSON say the same of Terraform's plan and of ours.

    tests/tools/check.py [--infra PATH] [--theirs FILE] [--cache DIR] [TOOL...]

Plans `tests/tools/stack` with infra and lets each tool look at that plan and at the one that Terraform
made of the same files (`tests/tools/terraform.json`, or --theirs). Tools, at the versions below, are
installed with pip into a virtual environment of their own (in --cache, else in a temporary folder):

  checkov               the checks that pass and fail, by resource
  terraform-compliance  every step of tests/tools/features, and its failures
  rego                  the policy tests/tools/policy.rego, as conftest and OPA evaluate it
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NOWHERE = "http://127.0.0.1:9"

REGO = """
import json, sys
from regopy import Interpreter
rego = Interpreter()
rego.add_module("policy", open(sys.argv[2]).read())
rego.set_input(json.load(open(sys.argv[1])))
asked = ("deny", "unknown", "secret", "relevant")
found = {name: json.loads(str(rego.query(f"data.main.{name}"))) for name in asked}
print(json.dumps({name: sorted(it["expressions"][0]) for name, it in found.items()}))
"""


def run(command, allowed=(0,), **more):
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, timeout=900, **more)
    if done.returncode not in allowed:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def environment(cache, package):
    """The programs of a package, installed if they are not there yet."""
    folder = cache / re.sub("[^a-z0-9.]+", "-", package)
    if not (folder / "done").exists():
        print(f"installing {package}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        run([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", package])
        (folder / "done").touch()
    return folder / "bin"


def our_plan(infra, into):
    """The stack has nothing that must be asked of AWS."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(into), "AWS_ENDPOINT_URL": NOWHERE, "AWS_EC2_METADATA_DISABLED": "true"}
    stack = shutil.copytree(HERE / "stack", into / "stack")
    run([infra, "plan", "--out", "our.plan"], cwd=stack, env=clean)
    shown = run([infra, "show", "--json", "our.plan"], cwd=stack, env=clean)
    found = into / "ours.json"
    found.write_text(shown)
    return found


def checkov(programs, plan, into):
    said = run(
        [programs / "checkov", "-f", plan, "--framework", "terraform_plan", "-o", "json", "--skip-download"],
        allowed=(0, 1),
        cwd=into,
    )
    found = json.loads(said)
    lines = [f"{name}: {count}" for name, count in found["summary"].items()]
    for kind in ("passed_checks", "failed_checks"):
        for it in found["results"][kind]:
            keys = it["check_result"].get("evaluated_keys") or []
            lines.append(f"{it['check_id']} {it['resource']} {it['check_result']['result']} {sorted(keys)}")
    # It asks in another order every time.
    return sorted(lines)


def compliance(programs, plan, into):
    said = run([programs / "terraform-compliance", "-p", plan, "-f", HERE / "features", "--no-ansi"], (0, 1), cwd=into)
    # The name of the plan, and of the run.
    return [it for it in said.splitlines() if not re.match(r"^(> Plan File|Run )", it)]


def rego(programs, plan, into):
    said = json.loads(run([programs / "python", "-c", REGO, plan, HERE / "policy.rego"], cwd=into))
    return [f"{name}: {it}" for name, all in said.items() for it in all]


TOOLS = {
    "checkov": ("checkov==3.3.30", checkov),
    "terraform-compliance": ("terraform-compliance==1.16.0", compliance),
    "rego": ("regopy==1.5.2", rego),
}


def compared(name, theirs, ours):
    """How many lines differ; what a tool says of nothing proves nothing."""
    if len(theirs) < 5:
        sys.exit(f"{name} said too little of Terraform's plan: {theirs}")
    lines = [it for it in difflib.unified_diff(theirs, ours, "terraform", "infra", lineterm="", n=0)]
    print(f"{name}: {len(theirs)} lines, {'the same' if not lines else 'not the same'}")
    print("\n".join(lines), end="\n" if lines else "")
    return len(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--infra", type=pathlib.Path, default=ROOT / "target/debug/infra")
    options.add_argument("--theirs", type=pathlib.Path, default=HERE / "terraform.json")
    options.add_argument("--cache", type=pathlib.Path)
    options.add_argument("tools", nargs="*", metavar="TOOL", help=", ".join(TOOLS))
    given = options.parse_args()
    for name in set(given.tools) - set(TOOLS):
        options.error(f"no tool {name}: there are {', '.join(TOOLS)}")
    with tempfile.TemporaryDirectory() as temporary:
        into = pathlib.Path(temporary)
        ours = our_plan(given.infra.resolve(), into)
        wrong = 0
        for name in given.tools or TOOLS:
            package, ask = TOOLS[name]
            programs = environment((given.cache or into).resolve(), package)
            said = []
            for plan in (given.theirs, ours):
                # Under the same name: some tools print it.
                same = into / "plan.json"
                same.write_text(plan.read_text())
                said.append(ask(programs, same, into))
            wrong += compared(name, *said)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
