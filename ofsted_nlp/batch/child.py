"""The process that reads documents for a ``Guard``: one at a time, and gone with whoever started it.

Jobs come on standard input and answers go to standard output; what a library prints goes to standard error instead.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import sys
import threading
from functools import partial
from io import BufferedReader
from typing import BinaryIO

from ofsted_nlp.batch.guard import IDLE_STATUS


def main() -> None:
    """Answer jobs until there are no more; ``argv`` is the number of the parent, idle seconds, megabytes, main."""
    parent, idle, megabytes, script = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this decides what an interruption means
    _end_with(parent)
    _bound_memory(megabytes)
    # A document makes many objects and hardly any cycles: looking for cycles less often saves a sixth of the reading.
    gc.set_threshold(200_000, 50, 100)
    with contextlib.suppress(BrokenPipeError):
        if script and (why := _cannot_run(script)):
            _say(answers, "unusable", why)
        else:
            _answer(jobs, answers, idle)


def _say(answers: BinaryIO, *answer: object) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _cannot_run(script: str) -> str:
    """Run the script that defines the reader, as ``multiprocessing`` would; why it failed, if so."""
    from multiprocessing import spawn

    try:
        spawn.prepare({"init_main_from_path": script})
    except (Exception, SystemExit) as error:
        return (
            f"{script} defines the reader, and failed when it was imported ({type(error).__name__}: {error}). What it "
            'does, other than to define functions, belongs below `if __name__ == "__main__":`'
        )
    return ""


def _answer(jobs: BufferedReader, answers: BinaryIO, idle: float) -> None:
    say = partial(_say, answers)

    while True:
        waiting = threading.Timer(idle, os._exit, [IDLE_STATUS])
        waiting.daemon = True
        waiting.start()
        jobs.peek(1)  # until there is a job, or no one to give any
        waiting.cancel()
        try:
            reader, path, findings = pickle.load(jobs)
            _load_models(reader)
        except EOFError:
            return
        except Exception as error:  # the reader cannot be imported here, or the models take too much memory
            say("unusable", f"{type(error).__name__}: {error}")
            continue
        say("begun")
        try:
            report = reader(path, findings=findings)
        except MemoryError:
            say("memory_limit")
        except Exception as error:
            say("raised", type(error).__name__, str(error))
        else:
            say("read", report)


def _load_models(reader: object) -> None:
    """Load what reading needs before the clock of the first document starts."""
    from ofsted_nlp.batch.reading import read_document

    if getattr(reader, "func", reader) is read_document:
        import ofsted_nlp.extraction.report  # noqa: F401
        from ofsted_nlp.extraction.classify import model

        model()


def _end_with(parent: int) -> None:
    """On Linux the kernel ends this process with its parent, even if it hangs; elsewhere it ends at its next answer."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            sys.exit(0)


def _bound_memory(megabytes: int) -> None:
    """A second bound behind the guard's watch: what is asked for beyond twice the limit is refused, where supported."""
    if megabytes and sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            most = 2 * megabytes * 2**20
            resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))


if __name__ == "__main__":
    main()
