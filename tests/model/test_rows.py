"""Which rows are trained on: a test part drawn anew, fewer of them, and one class made rare (D, its last questions)."""

import numpy as np
import pytest

from snowdome.core.errors import OptionError
from snowdome.model.compare import train
from snowdome.model.preparation import Preparation
from snowdome.model.rows import Rows


def test_a_rare_class_has_fewer_training_rows_and_all_its_test_rows(digits):
    parted = Rows(test=400, split_seed=1).of(digits)
    thinned = Rows(test=400, split_seed=1, rare="8", rare_share=0.1).of(digits)
    assert len(parted.test) == 400
    assert np.array_equal(thinned.test.X, parted.test.X)
    before, after = (np.bincount(data.train.y) for data in (parted, thinned))
    assert after[8] == np.ceil(0.1 * before[8])
    assert np.array_equal(np.delete(after, 8), np.delete(before, 8))
    model = train(thinned, "centroid", Preparation(copies=1)).model
    assert model.n_train == after.sum()


def test_rows_are_told_and_what_may_not_be_is_refused(digits):
    assert Rows().says() == ""
    assert Rows(test=0.25, split_seed=1).says() == "test rows drawn anew (0.25 of the rows, seed 1)"
    assert Rows(head=500, rare="3").says() == "the first 500 training rows, 10% of the training rows of class 3"
    assert len(Rows(head=500).of(digits).train) == 500
    with pytest.raises(OptionError, match="'rare' got 'x', which is no class"):
        Rows(rare="x").of(digits)
    with pytest.raises(OptionError, match="rare_share"):
        Rows(rare_share=2).of(digits)
