"""Rows in an order that keeps near ones together, and what their distances are bounded by."""

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.rng import normal
from snowdome.core.threads import run_tasks

_ROWS = 1024
_SAMPLE = 4096  # rows that the directions are found from
_STAGES = (16, 32, 64, 128)  # after so many components it is looked whether a pair can still be near

Floats = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Places:
    """n rows in places, filled up to whole blocks, for the kernels.

    The panels hold for each row K columns: components, and after those of each stage the length of the rest. With
    products of them |x|² + |y|² - 2 x·y is bounded from below, the rounding included.

    Attributes:
        names: (n,) int32, the row in each place; 0 in the empty places before those of others.
        points: (places, columns) float32 or uint8: the rows times 1 / `unit`, filled up with zeros.
        left, right: the panels of the products, in groups of the kernel's rows and columns.
        norm: (places,) float32, |x|² from the common centre, lowered by the rounding; infinite where there is no row.
        ends: (stages,) uint64, the column of each stage's last, the length of the rest.
        grow: what a measured distance may be too small by, as a factor.
        trust: what a bound may be too small by beside that factor, as a share of a row's norm; 0 where that is not
            known, since the columns are not all components.
        unit: a power of two that the distances are to be multiplied by.
        centres: (blocks, m) float32, the mean components of each block.
        row_centres, column_centres: (groups, m) float32, the same of each group of the kernel's rows and columns;
            far from all where a group holds no row.
    """

    names: NDArray[np.int32]
    points: NDArray[Any]
    left: Floats
    right: Floats
    norm: Floats
    ends: NDArray[np.uint64]
    grow: np.float32
    trust: np.float32
    unit: float
    centres: Floats
    row_centres: Floats
    column_centres: Floats

    @property
    def panels(self) -> tuple[Floats, Floats, Floats, NDArray[np.uint64]]:
        """What the kernels multiply."""
        return self.left, self.right, self.norm, self.ends

    def without_panels(self) -> "Places":
        """The same for whoever multiplies no more; the panels' memory is free once nobody else holds these."""
        nothing = np.empty(0, np.float32)
        return dataclasses.replace(self, left=nothing, right=nothing)


def arrange(X: NDArray[Any], threads: int, others: NDArray[Any] | None = None) -> Places:
    """X (n, p), finite, float32 or uint8, in places. Cost: n p m multiplications in float64, m ≤ 128.

    `others` (m, p) are put into places of their own, in blocks after those of X. Their names count from 0 as well.
    """
    from snowdome.space import kernels

    n, p = X.shape
    parts = [X] if others is None else [X, others]
    centre = _mean(X, threads)
    unit = max(map(_unit, parts))
    directions = _directions((X[:: -(-n // _SAMPLE)] - centre) / unit)
    columns, norms, ends, trust = zip(
        *(_columns(part, centre, unit, directions, threads) for part in parts), strict=True
    )
    orders = [_by_place(part[:, : int(ends[0][0])], kernels.BLOCK, threads) for part in columns]
    blocks = [-(-len(part) // kernels.BLOCK) for part in parts]
    padded = 2 * kernels.LANES * -(-p // (2 * kernels.LANES))
    width, places = columns[0].shape[1], sum(blocks) * kernels.BLOCK
    points = np.zeros((places, padded), X.dtype)
    left = np.empty(places * width, np.float32)
    right = np.empty_like(left)
    lowered = np.full(places, np.inf, np.float32)
    kinds = (kernels.BLOCK, kernels.ROWS, kernels.COLUMNS)
    centres = [np.empty((places // group, width - len(ends[0])), np.float32) for group in kinds]
    size = kernels.BLOCK * width

    def fill(number: int) -> None:
        part = int(number >= blocks[0])
        begin, first = number * kernels.BLOCK, (number - part * blocks[0]) * kernels.BLOCK
        rows = orders[part][first : first + kernels.BLOCK]
        end, values = begin + len(rows), parts[part][rows]
        points[begin:end, :p] = values if X.dtype == np.uint8 else values / np.float32(unit)
        lowered[begin:end] = norms[part][rows]
        here = np.zeros((kernels.BLOCK, width), np.float32)
        here[: len(rows)] = columns[part][rows]
        components = np.delete(here[: len(rows)], ends[0].astype(int), axis=1)
        for means, group in zip(centres, kinds, strict=True):
            means[begin // group : (begin + kernels.BLOCK) // group] = _means(components, group, kernels.BLOCK // group)
        left[number * size : (number + 1) * size] = grouped(here, kernels.ROWS)
        right[number * size : (number + 1) * size] = grouped(-2 * here, kernels.COLUMNS)

    run_tasks(fill, sum(blocks), threads)
    gap = np.zeros(blocks[0] * kernels.BLOCK - n if others is not None else 0, np.int32)
    names = np.concatenate([orders[0], gap, *orders[1:]])
    grow = np.float32(1 + 8 * (p + width + 8) * 2.0**-24 + trust[0])
    return Places(names, points, left, right, lowered, ends[0], grow, np.float32(trust[0]), unit, *centres)


def columns_of(p: int) -> int:
    """How many columns the panels have for rows of p values."""
    m = min(p, _STAGES[-1])
    return m + len(_stages(m))


def _stages(m: int) -> list[int]:
    return [*(stage for stage in _STAGES if stage < 0.75 * m), m]


def grouped(columns: Floats, rows: int) -> Floats:
    """Groups of so many rows, each transposed: the order in which the kernel reads a panel."""
    return columns.reshape(-1, rows, columns.shape[1]).transpose(0, 2, 1).ravel()


def _means(values: Floats, group: int, groups: int) -> Floats:
    """The mean of each group of rows; far from all for those of `groups` that have none."""
    starts = np.arange(0, len(values), group)
    held = np.diff([*starts, len(values)]).astype(np.float32)
    means = np.full((groups, values.shape[1]), 1e18, np.float32)
    means[: len(starts)] = np.add.reduceat(values, starts) / held[:, None]
    return means


def _mean(X: NDArray[Any], threads: int) -> NDArray[np.float64]:
    n, p = X.shape
    blocks = -(-n // _ROWS)
    sums = np.empty((blocks, p))

    def add(block: int) -> None:
        X[block * _ROWS : (block + 1) * _ROWS].sum(0, dtype=np.float64, out=sums[block])

    run_tasks(add, blocks, threads)
    return np.asarray(sums.sum(0) / n)


def _unit(X: NDArray[Any]) -> float:
    """A power of two near the largest value, so that no square overflows or vanishes; 1 for uint8."""
    if X.dtype == np.uint8:
        return 1.0
    largest = max(abs(float(X.max())), abs(float(X.min())))
    return 2.0 ** (math.frexp(largest)[1] - 8)


def _directions(sample: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal columns (p, m) near the leading principal components of the sample (s, p), leading first.

    Subspace iteration: N. Halko, P. G. Martinsson and J. A. Tropp, SIAM Review 53 (2011). Any orthonormal columns
    give bounds; these give tight ones.
    """
    p = sample.shape[1]
    if p <= _STAGES[-1]:
        return np.asarray(np.linalg.svd(sample.T @ sample)[0])
    basis = normal(0, 0, p, _STAGES[-1])
    for _ in range(3):
        basis = np.linalg.qr(sample.T @ (sample @ basis))[0]
    scores = sample @ basis
    return np.asarray(basis @ np.linalg.svd(scores.T @ scores)[0])


def _columns(
    X: NDArray[Any], centre: NDArray[np.float64], unit: float, directions: NDArray[np.float64], threads: int
) -> tuple[Floats, Floats, NDArray[np.uint64], float]:
    """The panels' columns (n, K), the lowered norms (n,), the stages' ends, and how far the bounds can be trusted.

    For columns z of x and w of y, and what is left over r and s: x·y ≤ z·w + r s + error, with the errors of the
    directions (not quite orthonormal) and of rounding to float32; r is raised and |x|² is lowered to outweigh them.

    With all components, r² ≤ 7 e |x|² for the relative error e, and a bound is below the distance d by at most
    b (|x|² + |y|²), b = 4 (1 - lower) + 9 e, where limits of up to 4 times the norms were taken off while it was
    summed. Since |y|² ≤ 2 |x|² + 2 d, d ≤ (bound + 3 b |x|²) / (1 - 2 b).
    """
    n, p = X.shape
    m = directions.shape[1]
    stages = _stages(m)
    ends = np.array([stage + number for number, stage in enumerate(stages)], np.uint64)
    kept = np.delete(np.arange(m + len(stages)), ends.astype(int))
    askew = float(np.linalg.norm(directions.T @ directions - np.eye(m)))
    relative = 2 * askew + math.sqrt(m) * p * 2.0**-50 + 1.01 * 2.0**-24
    lower = 1 - (2 * (m + len(stages) + 8) * 2.0**-24 + 5 * relative)
    columns, norm = np.empty((n, columns_of(p)), np.float32), np.empty(n, np.float32)

    def project(block: int) -> None:
        rows = slice(block * _ROWS, (block + 1) * _ROWS)
        values = (X[rows] - centre) / unit
        squared = np.einsum("ij,ij->i", values, values)
        scores = (values @ directions).astype(np.float32)
        columns[rows, kept] = scores
        inside = np.square(scores, dtype=np.float64).cumsum(1)[:, np.array(stages) - 1]
        rest = np.sqrt(np.maximum(0, squared[:, None] - inside) + 4 * relative * squared[:, None])
        columns[rows, ends.astype(int)] = np.nextafter(rest.astype(np.float32), np.float32(np.inf))
        norm[rows] = np.nextafter((squared * lower).astype(np.float32), np.float32(-np.inf))

    run_tasks(project, -(-n // _ROWS), threads)
    trust = 4 * (4 * (1 - lower) + 9 * relative) if m == p else 0.0
    return columns, norm, ends, trust


def _by_place(columns: Floats, block: int, threads: int) -> NDArray[np.int32]:
    """The rows in an order in which a block holds rows that lie close together: halved again and again.

    Each part is cut across the direction in which it varies most: at a whole number of blocks, blocks into quarters.
    """
    leaf = block // 4
    parts = [np.arange(len(columns), dtype=np.int32)]
    while max(len(part) for part in parts) > leaf:
        found: list[list[NDArray[np.int32]]] = [[part] for part in parts]

        def halve(number: int, parts: Any = parts, found: Any = found) -> None:
            rows = parts[number]
            whole = block if len(rows) > block else leaf
            cut = -(-len(rows) // whole) // 2 * whole
            if cut:
                values = columns[rows]
                some = values[:: -(-len(values) // _SAMPLE)]
                some = some - some.mean(0)
                along = values @ np.linalg.eigh(some.T @ some)[1][:, -1]
                # Where it will be cut again, no order is needed.
                order = np.argpartition(along, cut) if len(rows) > block else np.argsort(along, kind="stable")
                found[number] = [rows[order[:cut]], rows[order[cut:]]]

        run_tasks(halve, len(parts), threads)
        parts = [half for halves in found for half in halves]
    return np.concatenate(parts)
