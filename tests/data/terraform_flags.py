"""Prints Terraform's commands and their flags, as its own help lists them, a line each.

    python3 tests/data/terraform_flags.py > tests/data/terraform_flags.txt
"""

import re
import subprocess

LEGACY = re.compile(r"-state, state-out, and -backup are legacy options")


def help_of(*command):
    run = subprocess.run(["terraform", *command, "-help"], capture_output=True, text=True)
    return (run.stdout + run.stderr).expandtabs(4)


def below(text):
    """The commands that a help text lists."""
    part = re.search(r"\n(?:Main commands|Subcommands):\n(.*)", text, re.S)
    lines = part[1].split("\nGlobal options")[0].splitlines() if part else []
    return [it[1] for it in (re.match(r"\s+([a-z][a-z-]*)\s{2,}\S", line) for line in lines) if it]


def flags(text):
    """The flags that a help text lists, in its order."""
    found = re.findall(r"^\s*(?:aliases: )?-([a-z][a-z-]*)(?:[= ][^\s,]\S*)?(?=[ ,]|$)", text, re.M)
    if LEGACY.search(text):
        found += ["state", "state-out", "backup"]
    return list(dict.fromkeys(found))


def walk(*command):
    text = help_of(*command)
    name = " ".join(command)
    if command:
        print(name)
    for flag in flags(text):
        print(f"{name} -{flag}".strip())
    for it in below(text):
        walk(*command, it)


walk()
