"""The ranking of the labels, worst first."""

import contextlib
import hashlib
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np

from snowdome.core.cache import UNREADABLE, folder, private_folder, save_json
from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.data.annotated import read_patch
from snowdome.model.suspects import Suspects
from snowdome.session.labels.ranking import NotKeptError, rank
from snowdome.session.question import Desk, Question


class Asked(msgspec.Struct, frozen=True):
    """Which ranking is meant: of a split, or of all rows; by which evidence; with the decisions of a patch taken in.

    `decisions` are the bytes of the patch, none where none is taken in. Whoever asks about a ranking that is there may
    leave them out and give their `digest` alone.
    """

    split: str | None = None
    by: str = "combined"
    decisions: bytes = b""
    digest: str = ""


class Ranked(msgspec.Struct, frozen=True):
    """A ranking: of `n` images, `issues` are probably mislabelled; `taken` decisions were taken in.

    `rows`, worst first: n u32 rows of the data, n f32 probabilities of the given label, n u16 codes of the given label,
    n u16 codes of the suggested one, and n u8 whether it is probably wrong; little endian, one after the other.
    """

    asked: Asked
    n: int
    issues: int
    taken: int
    about: str
    rows: bytes


class RankingQuestion(Question[Ranked | None], frozen=True):
    """The ranking that is `asked` for; null for the one that was asked for last, where it was kept, else nothing."""

    title: ClassVar[str] = "The ranking"
    tells: ClassVar[bool] = True

    asked: Asked | None

    def answer(self, desk: Desk, control: Control) -> Ranked | None:
        """See Question; what `find_suspects` raises."""
        asked = _last(desk) if self.asked is None else self.asked
        asked = msgspec.structs.replace(asked, digest=digest_of(asked.decisions))
        try:
            found = ranked(desk, asked, control, only_kept=self.asked is None)
        except NotKeptError:
            return None
        with contextlib.suppress(OSError):  # a ranking is not refused because it could not be shown at once again
            save_json(_note(desk), {"split": asked.split, "by": asked.by, "decisions": asked.decisions.decode()})
        taken = len(read_patch(asked.decisions).effective()) if asked.decisions else 0
        return Ranked(
            asked=msgspec.structs.replace(asked, decisions=b""), n=len(found), issues=int(found.is_issue.sum()),
            taken=taken, about=found.about, rows=packed(found),
        )  # fmt: skip


def ranked(desk: Desk, asked: Asked, control: Control, *, only_kept: bool = False) -> Suspects:
    """The ranking that is meant. OptionError where it is one with decisions that are not known any more."""

    def compute() -> Suspects:
        decisions = asked.decisions
        if asked.digest and not decisions:
            decisions = _last(desk).decisions
            if digest_of(decisions) != asked.digest:
                raise OptionError("Another ranking was made since. Rank again.")
        patch = read_patch(decisions) if decisions else None
        return rank(desk.dataset, asked.split, asked.by, patch, control, only_kept=only_kept)

    return desk.keep(("ranking", asked.split, asked.by, asked.digest), compute)


def digest_of(decisions: bytes) -> str:
    """What tells one patch from another; nothing for none."""
    return hashlib.sha256(decisions).hexdigest() if decisions else ""


def packed(found: Suspects) -> bytes:
    """See Ranked."""
    order = found.order
    columns = (
        (found.rows, "<u4"), (found.quality, "<f4"), (found.verdict.labels, "<u2"), (found.predicted, "<u2"),
        (found.is_issue, "u1"),
    )  # fmt: skip
    return b"".join(np.asarray(values[order], kind).tobytes() for values, kind in columns)


def _note(desk: Desk) -> Path:
    return private_folder(folder() / "derived" / desk.dataset.row_order_hash) / "ranking.json"


def _last(desk: Desk) -> Asked:
    """The ranking that was asked for last; that of all rows where there is none."""
    try:
        note = msgspec.json.decode(_note(desk).read_bytes(), type=dict[str, str | None])
        return Asked(split=note["split"], by=note["by"] or "combined", decisions=(note["decisions"] or "").encode())
    except (*UNREADABLE, msgspec.MsgspecError):
        return Asked()
