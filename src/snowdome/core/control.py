"""How a long computation and the one who watches it talk: looked at between steps, never inside a kernel."""


class Stopped(Exception):  # noqa: N818 - not an error: the person asked for it
    """Raised out of a computation that has nothing to show yet when it is asked to stop."""


class Control:
    """The watcher's side of a run. This one never interferes; the live session's can pause and stop.

    `stopping` may be set from another thread or a signal handler; a run looks at it between steps, ends,
    and hands over what it has. `exaggeration` may be set while a run goes on, in place of its phase's own; None is the
    phase's own.
    """

    def __init__(self) -> None:
        self.stopping = False
        self.exaggeration: float | None = None

    def between_steps(self) -> None:
        """Called between two steps; may block while the run is paused."""

    def wants_frame(self, step: int) -> bool:  # noqa: ARG002
        """Whether somebody would look at the positions after this step."""
        return False

    def report(self, stage: str, done: int, total: int) -> None:
        """Called with the named stage of the preparation ("finding neighbours", 3 of 5 blocks, say).

        Always on the thread that runs the layout, never from a task beside it.
        """

    def check(self, stage: str, done: int, total: int) -> None:
        """Report, and leave by `Stopped` where a stop was asked for before there is anything to show."""
        self.report(stage, done, total)
        if self.stopping:
            raise Stopped(stage)
