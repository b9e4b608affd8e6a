"""Folds: any split gives the same answer, equal folds are asked once, and as few passes as the needs allow."""

import dataclasses

import numpy as np

from snowdome.core.fold import Fold, Rows, answer

READ = []


@dataclasses.dataclass(frozen=True)
class Total(Fold):
    column: int = 0

    def start(self, rows, answers):
        return [0, []]

    def add(self, state, block):
        state[0] += int(block.X[:, self.column].sum())
        state[1].append(block.first)
        READ.append((self, block.first))

    def merge(self, state, other):
        state[0] += other[0]
        state[1] += other[1]

    def finish(self, state):
        assert state[1] == sorted(state[1])
        return state[0]


@dataclasses.dataclass(frozen=True)
class Above(Total):
    """Needs the total before it can count."""

    def needs(self):
        return (Total(self.column),)

    def start(self, rows, answers):
        return [0, [], answers[Total(self.column)] / len(rows.X)]

    def add(self, state, block):
        state[0] += int((block.X[:, self.column] > state[2]).sum())
        state[1].append(block.first)


def rows(n=5000, p=300):
    X = np.random.default_rng(0).integers(0, 9, (n, p)).astype(np.uint8)
    return Rows(X, np.zeros(n, np.int64), 1)


def test_answers_follow_from_answers_in_one_pass_each():
    data = rows()
    READ.clear()
    answers = answer(data, [Above(2), Total(2), Above(2), Total(1)], threads=2)
    x = data.X[:, 2].astype(int)
    assert answers[Total(2)] == x.sum()
    assert answers[Above(2)] == (x > x.mean()).sum()
    assert answers[Total(1)] == data.X[:, 1].sum()
    assert len(READ) == len(set(READ)), "a block was read twice for the same fold"


def test_states_too_large_for_many_parts_are_fewer():
    class Heavy(Total):
        started = 0

        def state_bytes(self, rows):
            return 100 << 20

        def start(self, rows, answers):
            type(self).started += 1
            return super().start(rows, answers)

    data = rows()
    assert answer(data, [Heavy()])[Heavy()] == data.X[:, 0].sum()
    assert Heavy.started == 2


def test_no_rows_and_no_folds():
    empty = Rows(np.zeros((0, 3), np.uint8), np.zeros(0, np.int64), 2)
    assert answer(empty, [Total()])[Total()] == 0
    assert answer(rows(), []) == {}
