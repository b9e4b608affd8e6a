"""Compiled loops of approximate neighbours: who meets whom among the neighbours of a row.

Rows stand in places, as in `kernels`, whose lists these loops read. Distances are squared.
"""

# mypy: ignore-errors

import numpy as np
from numba import boolean, float32, int32, njit, types, uint8, uint32, uint64, void

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_counts = {**_exact, "fastmath": {"reassoc", "contract"}}
_floats, _ints = float32[::1], int32[::1]
_points = {kind: types.Array(kind, 2, "C", readonly=True) for kind in (float32, uint8)}


@njit(boolean(int32[:, ::1], uint64, uint64, int32), **_counts)
def holds(index, row, count, place):
    """Whether the place is among the first `count` of a row."""
    found = int32(0)
    for c in range(count):
        found |= int32(1) if index[row, c] == place else int32(0)
    return found != int32(0)


@njit([float32(points, uint64, uint64) for points in _points.values()], **_counts)
def distance_of(points, x, y):
    """|x - y|² of the rows at two places."""
    total = float32(0.0)
    for c in range(U(points.shape[1])):
        step = float32(points[x, c]) - float32(points[y, c])
        total += step * step
    return total


@njit(
    void(uint64, uint64, int32[:, ::1], int32[:, ::1], uint32[:, ::1], float32[:, ::1], int32[:, ::1], int32[::1]),
    **_exact,
)
def mark_known(begin, end, before, known, marked, distance, index, count):
    """known[row] becomes the nearest in the list; marked is twice the place, and one more where `before` lacks it."""
    k = U(known.shape[1])
    for row in range(begin, end):
        held = U(count[row])
        for c in range(k):
            best = c
            for e in range(c + U(1), held):
                if distance[row, e] < distance[row, best]:
                    best = e
            place, d = index[row, best], distance[row, best]
            index[row, best], distance[row, best] = index[row, c], distance[row, c]
            index[row, c], distance[row, c], known[row, c] = place, d, place
            marked[row, c] = uint32(2) * uint32(place) + (uint32(0) if holds(before, row, k, place) else uint32(1))


@njit(void(uint32[:, ::1], uint32[:, ::1], int32[::1]), **_exact)
def turn_around(marked, back, held):
    """back[place] are the first rows that know the place, marked alike; held[place] is how many."""
    most = U(back.shape[1])
    for row in range(U(marked.shape[0])):
        for c in range(U(marked.shape[1])):
            place = U(marked[row, c] >> uint32(1))
            at = U(held[place])
            if at < most:
                back[place, at] = uint32(2) * uint32(row) + (marked[row, c] & uint32(1))
                held[place] = int32(at + U(1))


_rows = (int32[:, ::1], uint32[:, ::1], uint32[:, ::1], _ints, uint64, uint64, _floats, int32[:, ::1], _floats)


@njit([uint64(points, *_rows) for points in _points.values()], **_exact)
def join_around(points, known, marked, back, held, begin, end, limit, pairs, distances):
    """Pairs of rows that know, or are known by, a row from place `begin` to `end` and are within a limit.

    Pairs that both were there before are left out, and who is known already. pairs[i] are a row, and who is to be
    offered to it; their number is returned. What has no room is left out.
    """
    k = U(known.shape[1])
    members = np.empty(known.shape[1] + back.shape[1], np.int32)
    made, room = U(0), U(pairs.shape[0])
    for row in range(begin, end):
        until = room * (row + U(1) - begin) // (end - begin)
        count = fresh = U(0)
        for new in (uint32(1), uint32(0)):
            for c in range(k):
                if marked[row, c] & uint32(1) == new:
                    members[count] = int32(marked[row, c] >> uint32(1))
                    count += U(1)
            for c in range(U(held[row])):
                place = int32(back[row, c] >> uint32(1))
                if back[row, c] & uint32(1) == new and not holds(known, row, k, place):
                    members[count] = place
                    count += U(1)
            if new == uint32(1):
                fresh = count
        for i in range(fresh):
            a = U(members[i])
            for j in range(i + U(1), count):
                b = U(members[j])
                d = distance_of(points, a, b)
                if d <= limit[a] and made < until and not holds(known, a, k, members[j]):
                    pairs[made, 0], pairs[made, 1], distances[made] = members[i], members[j], d
                    made += U(1)
                if d <= limit[b] and made < until and not holds(known, b, k, members[i]):
                    pairs[made, 0], pairs[made, 1], distances[made] = members[j], members[i], d
                    made += U(1)
    return made
