"""Runs one command, and prints what it took as JSON: wall time, CPU time of it and its children, and the
memory of the largest of them.

usage: measured.py OUTPUT COMMAND…

A process of its own, and a small one: what is forked counts its parent's memory as its own.
"""

import os
import resource
import sys
import time


def main():
    output, command = sys.argv[1], sys.argv[2:]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        to = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(to, 1)
        os.dup2(to, 2)
        os.execvp(command[0], command)
    status = os.waitpid(child, 0)[1]
    wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(
        '{"wall": %.4f, "cpu": %.4f, "memory": %.1f, "code": %d}'
        % (wall, used.ru_utime + used.ru_stime, memory, os.waitstatus_to_exitcode(status))
    )


main()
