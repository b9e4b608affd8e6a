"""The app over a run that computes nothing: its frames were made before, and go out as they are wanted.

So what is measured is the stream and the page, and not who gets the cores. `serve` is the app, `work` its worker.
"""

import math
import sys
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 750
SECONDS = 6.0  # of the run; the page gives a run of less than eight a larger share of the time
APART = 1 / 25  # seconds between two frames at least
WAIT = 8.0  # from the first look to the first step: the page and the query process are there by then


def serve(data: str, maps: str, rests: str, port: str) -> None:
    """Serve the images of data (n, p) uint8 with their labels, and a run from maps[0] to maps[1], both (n, 2).

    `rests` is 1 where each frame is to be one of a run that is held, of which a page draws every point.
    """
    from snowdome.data import store
    from snowdome.data.dataset import Dataset
    from snowdome.server.serve import Place, serve_session
    from snowdome.session.session import Session

    X, y = np.load(f"{data}.npy", mmap_mode="r"), np.load(f"{data}-labels.npy")
    side = math.isqrt(X.shape[1])
    names = tuple(str(code) for code in range(int(y.max()) + 1))
    dataset = store.keep(Dataset(X, y.astype(np.int64), names, (side, side), name="replayed"))
    command = (sys.executable, "-m", "benchmarks.replay", "work", maps, rests)
    serve_session(Session(dataset, command=command), Place(port=int(port), open_browser=False))


def work(maps: str, rests: str) -> None:
    """Be the session's worker: the first run is maps[0] at once, every later one goes from there to maps[1]."""
    from snowdome.session import protocol
    from snowdome.session.protocol import Begin, Ended, Open, Progress, Ready, Tell
    from snowdome.session.worker import Outbox, own_pipes

    commands, reports = own_pipes()
    outbox = Outbox(reports)
    start, end = np.load(maps)
    released, wanted = threading.Event(), threading.Event()

    def replay(run: int) -> None:
        released.wait()
        time.sleep(WAIT)
        began, step = time.monotonic(), 0
        while step < STEPS:
            wanted.wait()
            wanted.clear()
            step = min(STEPS, 1 + int((time.monotonic() - began) / SECONDS * STEPS))
            outbox.send(Progress(run, "running", step, STEPS, 0, STEPS / SECONDS, [], []))
            share = np.float32(step / STEPS)
            outbox.show(frame(run, step, (1 - share) * start + share * end, rests=rests == "1"))
            time.sleep(APART)
        outbox.send(Ended(run, "done", ""))

    while (body := protocol.read(commands)) is not None:
        match protocol.decode_command(body):
            case Open():
                outbox.send(Ready())
            case Begin(run=1):
                outbox.show(frame(1, STEPS, start, rests=True))
                outbox.send(Ended(1, "done", ""))
            case Begin(run=run, held=held):
                outbox.send(Progress(run, "paused", 0, STEPS, 0, None, [], []))
                if not held:
                    released.set()
                threading.Thread(target=replay, args=(run,), daemon=True).start()
            case Tell(verb="release"):
                released.set()
            case Tell(run=run, verb="frame") if run > 1:
                wanted.set()


def frame(run: int, step: int, Y: NDArray[np.float32], *, rests: bool) -> Any:
    """Positions as a worker sends them."""
    from snowdome.session.protocol import Positions

    low, high = Y.min(0), Y.max(0)
    return Positions(
        run=run,
        step=step,
        steps=STEPS,
        phase=0,
        cost=0.0,
        n=len(Y),
        dim=2,
        lo=(float(low[0]), float(low[1]), 0.0),
        hi=(float(high[0]), float(high[1]), 0.0),
        paused=rests,
        done=step == STEPS,
        last=step == STEPS,
        values=Y.astype("<f4").tobytes(),
    )


if __name__ == "__main__":
    {"serve": serve, "work": work}[sys.argv[1]](*sys.argv[2:])
