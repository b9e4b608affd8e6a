"""A model of the session, put on the user's shelf under a name."""

import json
from pathlib import Path
from typing import ClassVar

import numpy as np

from snowdome.core.control import Control
from snowdome.model.kept import Shelf, read_model
from snowdome.session.models.judged import ModelFile, judged_at
from snowdome.session.models.shelved import ROWS
from snowdome.session.question import Desk, Question


class ModelKept(Question[int], frozen=True):
    """The version under which it is kept. OptionError for a name that is not allowed."""

    title: ClassVar[str] = "The keeping of the model"

    file: ModelFile
    name: str

    def answer(self, desk: Desk, control: Control) -> int:  # noqa: ARG002
        """See Question."""
        import dataclasses

        model, card = read_model(Path(self.file.model))
        probes = np.asarray(desk.dataset.X[judged_at(desk, self.file).rows[:10]])
        data = {**card.data, ROWS: json.dumps(self.file.rows, sort_keys=True)}
        return Shelf().keep(model, dataclasses.replace(card, name=self.name, data=data), probes).version
