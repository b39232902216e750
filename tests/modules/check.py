#!/usr/bin/env python3
"""Well-known public modules must parse, evaluate and validate, as far as there are resource types.

    tests/modules/check.py [--infra PATH] [--keep DIR] [NAME...]

Clones each module at a pinned tag through git, and runs `infra validate --json` on the module
itself, on the modules inside it and on its examples. What may be reported: resource types and data
sources that are not there yet (named in the end, all of them), and modules that would have to be
fetched. Everything else is a failure.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = "https://github.com/terraform-aws-modules/terraform-aws-{name}.git"
MODULES = {
    "acm": "v5.2.0",
    "alb": "v9.17.0",
    "dynamodb-table": "v4.4.0",
    "ecs": "v5.12.1",
    "iam": "v5.60.0",
    "s3-bucket": "v4.11.0",
    "security-group": "v5.3.1",
    "sqs": "v4.3.1",
    "vpc": "v5.21.0",
}
# Templates from which other folders are generated: no modules by themselves.
NO_MODULES = "_templates"
TYPE = re.compile(r"^the (resource type|data source) `([^`]+)` (is not supported yet|belongs to the provider)")
ELSEWHERE = re.compile(r"^the module `[^`]+` is not here yet$")


def clone(name, tag, into):
    source = SOURCE.format(name=name)
    subprocess.run(
        ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--depth=1", f"--branch={tag}", source, into],
        check=True,
    )


def folders(root):
    found = {it.parent for it in root.rglob("*.tf") if ".terraform" not in it.parts}
    return sorted(it for it in found if NO_MODULES not in it.parts)


def validate(infra, folder):
    """The messages of all that is wrong."""
    run = subprocess.run([infra, "validate", "--json"], cwd=folder, capture_output=True, text=True, timeout=120)
    try:
        found = json.loads(run.stdout)["diagnostics"]
    except (ValueError, KeyError):
        return [f"exit code {run.returncode}: {run.stdout}{run.stderr}"], []
    errors = [it for it in found if it["severity"] == "error"]
    return [told(it) for it in errors if not allowed(it)], [it["summary"] for it in errors]


def allowed(it):
    return bool(TYPE.match(it["summary"]) or ELSEWHERE.match(it["summary"]))


def told(it):
    place = it.get("range")
    where = f"{place['filename']}:{place['start']['line']}: " if place else ""
    return f"{where}{it['summary']} {it['detail']}".strip()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--infra", default="target/release/infra", help="the program")
    arguments.add_argument("--keep", help="clone into this folder, and keep what is there")
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(MODULES)}")
    options = arguments.parse_args()
    if unknown := set(options.names) - set(MODULES):
        arguments.error(f"no such module: {', '.join(sorted(unknown))}")
    infra = str(pathlib.Path(options.infra).resolve())
    scratch = tempfile.TemporaryDirectory()
    base = pathlib.Path(options.keep or scratch.name)
    checked, wrong, missing = 0, 0, set()
    for name, tag in MODULES.items():
        if options.names and name not in options.names:
            continue
        root = base / name
        if not root.is_dir():
            clone(name, tag, str(root))
        for folder in folders(root):
            errors, summaries = validate(infra, folder)
            checked += 1
            missing.update(it[2] for it in map(TYPE.match, summaries) if it)
            wrong += bool(errors)
            for error in errors:
                print(f"{folder.relative_to(base)}: {error}")
    print(f"{checked} folders, {wrong} with errors, {len(missing)} types that are not there yet:")
    print("  " + ", ".join(sorted(missing)))
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
