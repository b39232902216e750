#!/usr/bin/env python3
"""Asks `terraform console` for the answers to the recorded expressions, and writes them down.

    regenerate.py [--check] [--new] [FILE…]

A case is a line `> expression` and the answer below it, or `!` where Terraform refuses. To add one,
write its first line and run this. `--check` changes nothing and says what differs, `--new` asks only
for what has no answer yet. Terraform 1.11.4 is the yardstick; for the functions of its AWS provider
(`provider::aws::…`) name a folder with the provider's packages in PLUGIN_DIR.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue

WORKERS = 2
HERE = Path(__file__).resolve().parent
AWS = '''
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
'''


def environment(folder):
    """A clean one: no settings of the user, no question to the network, UTC."""
    config = Path(folder) / ".empty.tfrc"
    config.touch()
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return keep | {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1", "TZ": "UTC"}


class Console:
    """A copy of the scope, in which expressions are asked."""

    def __init__(self, folder, aws=False):
        self.folder = Path(folder)
        shutil.copytree(HERE / "scope", self.folder, dirs_exist_ok=True)
        self.environment = environment(folder)
        init = ["terraform", "init", "-input=false", "-no-color"]
        if aws:
            (self.folder / "main.tf").write_text(AWS)
            init.append("-plugin-dir=" + os.environ["PLUGIN_DIR"])
        self.run(init, "", check=True)

    def run(self, command, text, check=False):
        # As bytes: text would lose the difference between the ends of lines.
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, input=text.encode(), check=check,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def ask(self, expression):
        # A console that reads a pipe prints the answer of the last line only: one each.
        code, answer, errors = self.run(["terraform", "console", "-no-color"], expression + "\n")
        if code == 0:
            return answer.rstrip("\n")
        if "Error: " not in errors or "state lock" in errors:
            raise RuntimeError(f"{expression}: {errors}")
        return "!"


def cases(path):
    """The expressions of a file with their answers, and the comments above each."""
    head, *rest = re.split(r"^> ", path.read_bytes().decode(), flags=re.MULTILINE)
    pairs = (it.partition("\n") for it in rest)
    return head, [(expression, answer.rstrip("\n")) for expression, _, answer in pairs]


def main(arguments):
    options = {it for it in arguments if it.startswith("--")}
    files = [Path(it) for it in arguments if not it.startswith("--")] or sorted(HERE.glob("*.txt"))
    different = 0
    with ExitStack() as stack:

        def console(**which):
            # One for each at work: they lock the folder.
            free = Queue()
            for _ in range(WORKERS):
                free.put(Console(stack.enter_context(tempfile.TemporaryDirectory()), **which))
            return free

        free = {False: console(), True: console(aws=True) if "PLUGIN_DIR" in os.environ else None}

        def answer(case):
            expression, known = case
            consoles = free["provider::aws::" in expression]
            if consoles is None or ("--new" in options and known):
                return known
            one = consoles.get()
            try:
                return one.ask(expression)
            finally:
                consoles.put(one)

        for path in files:
            head, recorded = cases(path)
            with ThreadPoolExecutor(max_workers=WORKERS) as pool:
                answers = list(pool.map(answer, recorded))
            for (expression, before), now in zip(recorded, answers):
                if before != now:
                    different += 1
                    print(f"{path.name}\n> {expression}\n{before}\n--- now\n{now}", file=sys.stderr)
            if "--check" not in options:
                lines = (f"> {expression}\n{now}\n" for (expression, _), now in zip(recorded, answers))
                path.write_bytes((head + "".join(lines)).encode())
            refused = answers.count("!")
            print(f"{path.name}: {len(answers)} cases, {refused} of them errors")
    return 1 if different and "--check" in options else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
