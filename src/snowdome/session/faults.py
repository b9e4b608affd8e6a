"""What a person is told of an error in a process of ours. What is not meant for people goes to the terminal."""

import secrets
import sys
import traceback


def fault_sentence(what: str, error: Exception) -> str:
    """A sentence about an error that has none of its own; `what` begins it: "t-SNE failed at step 3"."""
    if isinstance(error, MemoryError):
        return f"{what}: not enough memory. Close something or take fewer rows."
    number = secrets.token_hex(4)
    more = f"(fault {number}; the terminal says more)"
    sys.stderr.write(f"snowdome: fault {number}: {what}\n")
    traceback.print_exception(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{what}: {error.strerror.lower()} {more}."
    return f"{what} by a fault of the program {more}."
