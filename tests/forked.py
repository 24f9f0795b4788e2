"""Runs started from a process that has loaded everything already, so that a test may kill them at any moment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def run_on_demand(run: Callable[..., int]) -> None:
    """Each line on standard input starts ``run`` with the command's arguments in a process of its own.

    Its process number, and later its exit status, are printed.
    """
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = run(*sys.argv[1:])
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
