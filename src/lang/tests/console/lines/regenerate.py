#!/usr/bin/env python3
"""Asks `terraform console` for the answers to expressions of several lines, and writes them down.

    regenerate.py [--check]

`terraform console` reads a line at a time from a pipe, so the expression is the value of a local.
A case is a line `>>>`, the expression, a line `---` and the answer, or `!` where Terraform refuses.
"""

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent


def ask(expression):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.tf").write_text(f"locals {{\n  it = {expression}\n}}\n", newline="")
        done = subprocess.run(
            ["terraform", "console", "-no-color"], cwd=folder, input="local.it\n", text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
    if done.returncode == 0:
        return done.stdout.rstrip("\n")
    if "Error: " not in done.stderr:
        raise RuntimeError(f"{expression}: {done.stderr}")
    return "!"


def main(arguments):
    different = 0
    for path in sorted(HERE.glob("*.txt")):
        text = path.read_bytes().decode()
        cases = [it.split("\n---\n") for it in re.split(r"^>>>\n", text, flags=re.MULTILINE)[1:]]
        cases = [(it[0].removesuffix("\n---"), it[1].rstrip("\n") if len(it) > 1 else "") for it in cases]
        with ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(ask, [it[0] for it in cases]))
        for (expression, before), now in zip(cases, answers):
            if before != now:
                different += 1
                print(f"{path.name}\n{expression}\n--- was\n{before}\n--- is\n{now}", file=sys.stderr)
        if "--check" not in arguments:
            lines = (f">>>\n{expression}\n---\n{now}\n" for (expression, _), now in zip(cases, answers))
            path.write_bytes("".join(lines).encode())
        print(f"{path.name}: {len(answers)} cases, {answers.count('!')} of them errors")
    return 1 if different and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
