"""Rows: which of the data are trained on, and which are for the test."""

import dataclasses

import numpy as np

from snowdome.core.errors import OptionError, did_you_mean
from snowdome.core.options import check_options, option
from snowdome.data.dataset import Dataset
from snowdome.data.split import split
from snowdome.model.compare import fewer_training_rows, with_parts


@dataclasses.dataclass(frozen=True)
class Rows:
    """A test part drawn anew or the data's own, fewer training rows, and a class that is made rare among them.

    `rare` names a class of which only the share `rare_share` of its training rows, the first ones, is trained on; the
    test rows stay as they are, so that one sees what an imbalance costs that class.
    """

    test: float | None = option(
        None, "share (0.2) or number of rows drawn anew for the test; none: the data's own", low=0.0, high=1e9
    )
    split_seed: int = option(0, "seed of that draw", low=0, high=2**32 - 1)
    head: int | None = option(None, "only so many training rows, the first ones", low=2, high=2**31 - 1)
    rare: str | None = option(None, "a class of which fewer rows are trained on")
    rare_share: float = option(0.1, "share of its training rows that stay", low=0.0, high=1.0)

    def of(self, data: Dataset) -> Dataset:
        """The rows of the data that are left, with their parts. OptionError, DataError where they cannot be had."""
        check_options(self)
        if self.test is not None:
            size = int(self.test) if self.test >= 1 else self.test
            data = split(data, "random", test=size, seed=self.split_seed)
        if self.head is not None:
            data = fewer_training_rows(data, self.head)
        return data if self.rare is None else self._rarer(data)

    def _rarer(self, data: Dataset) -> Dataset:
        names = list(data.classes)
        if self.rare not in names:
            raise OptionError(f"Rows: option 'rare' got {self.rare!r}, which is no class. "
                              f"{did_you_mean(str(self.rare), names)}There is: {', '.join(names[:20])}.")  # fmt: skip
        data = with_parts(data)
        assert data.y is not None and data.split is not None  # noqa: S101, PT018 - with_parts has seen to it
        trained_on = data.split == data.split_names.index("train")
        mine = np.flatnonzero(trained_on & (np.asarray(data.y) == names.index(str(self.rare))))
        keep = np.ones(len(data), bool)
        keep[mine[int(np.ceil(self.rare_share * len(mine))) :]] = False
        return data.take(np.flatnonzero(keep))

    def says(self) -> str:
        """What is otherwise than in the data, in words; nothing where nothing is."""
        said = []
        if self.test is not None:
            size = f"{self.test:g} of the rows" if self.test < 1 else f"{self.test:,.0f} rows"
            said.append(f"test rows drawn anew ({size}, seed {self.split_seed})")
        if self.head is not None:
            said.append(f"the first {self.head:,} training rows")
        if self.rare is not None:
            said.append(f"{self.rare_share:.0%} of the training rows of class {self.rare}")
        return ", ".join(said)
