"""Compiled loops of nearest neighbours: a matrix product fused with the comparison that it is made for.

All distances here are squared. Rows stand in places: an order in which near rows are close, cut into blocks of `BLOCK`
places. The last block is filled up with places that hold no row and are infinitely far from all.

A tile is ROWS × COLUMNS places. A lower bound of the distance of each of its pairs grows with the components that are
multiplied, in a few stages; the tile is left as soon as none of its pairs can be among the nearest of either row. The
distances of the pairs that are left are then computed directly.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access and keeps the compiler
from using vectors. A kernel and all it calls live here: numba's cache does not notice an edit in another file.
"""

import functools

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import boolean, float32, float64, int32, int64, njit, types, uint8, uint32, uint64, void
from numba.core import cgutils
from numba.extending import intrinsic

BLOCK = 384

_features = llvmlite.binding.get_host_cpu_features()
LANES = 16 if _features.get("avx512f") else 8 if _features.get("avx") else 4
ROWS = 6 if LANES == 8 else 12  # sums fill 24 of the 32 vector registers of AVX-512 and ARM, 12 of AVX's 16
COLUMNS = 2 * LANES
FAR = np.float32(3.4e38)

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_counts = {**_exact, "fastmath": {"reassoc"}}

_f32, _i16, _i32, _i64 = ir.FloatType(), ir.IntType(16), ir.IntType(32), ir.IntType(64)
_vector, _whole = ir.VectorType(_f32, LANES), ir.VectorType(_i32, LANES)
_nothing, _zeros = ir.Constant(_vector, [0.0] * LANES), ir.Constant(_whole, [0] * LANES)


def _number(value):
    return ir.Constant(_i64, value)


def _pointers(context, builder, signature, args, wanted):
    """Pointers into the arrays at the arguments `wanted`, each moved on by the argument that follows it."""
    found = []
    for which in wanted:
        data = context.make_array(signature.args[which])(context, builder, args[which]).data
        found.append(builder.gep(data, [args[which + 1]]))
    return found


def _load(builder, pointer, offset, kind=_vector):
    loaded = builder.load(builder.bitcast(builder.gep(pointer, [offset]), kind.as_pointer()))
    loaded.align = 1
    return loaded


def _store(builder, vector, pointer, offset):
    builder.store(vector, builder.bitcast(builder.gep(pointer, [offset]), vector.type.as_pointer())).align = 1


def _everywhere(builder, number):
    """One number in all lanes."""
    nothing = ir.Constant(_vector, ir.Undefined)
    one = builder.insert_element(nothing, number, ir.Constant(_i32, 0))
    return builder.shuffle_vector(one, nothing, _zeros)


def _splat(builder, pointer, offset):
    return _everywhere(builder, builder.load(builder.gep(pointer, [offset])))


def _call(builder, name, kind, *args, fastmath=()):
    function = ir.FunctionType(kind, [arg.type for arg in args])
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), args, fastmath=fastmath)


def _multiply_add(builder, a, b, c):
    return _call(builder, f"llvm.fmuladd.v{LANES}f32", _vector, a, b, c)


def _add_products(builder, left, right, column, sums):
    """The sums of a tile, two vectors for each row, with the outer product of one column of both panels added."""
    at = builder.mul(column, _number(COLUMNS))
    theirs = [_load(builder, right, builder.add(at, _number(half * LANES))) for half in range(2)]
    base = builder.mul(column, _number(ROWS))
    for row in range(ROWS):
        mine = _splat(builder, left, builder.add(base, _number(row)))
        for half in range(2):
            yield _multiply_add(builder, mine, theirs[half], sums[2 * row + half])


def _emit_tile(builder, panels, start, ends, judge):
    """The loops of a tile: stages, and in each the columns up to its end. The end's own column bounds the rest.

    `start` are the first sums. `judge(sums)` emits whether a stage leaves anything to look at. Returned are that and
    what emits the last sums.
    """
    (left, right), (ends, stages) = panels, ends
    entry = builder.block
    in_stage, in_column, judged, done = (builder.append_basic_block() for _ in range(4))

    def phis(block, first, *incoming):
        builder.position_at_end(block)
        made = [builder.phi(value.type) for value in incoming]
        for phi, value in zip(made, incoming, strict=True):
            phi.add_incoming(value, first)
        return made

    def back(block, made, *incoming):
        for phi, value in zip(made, incoming, strict=True):
            phi.add_incoming(value, block)

    builder.branch(in_stage)
    outer = phis(in_stage, entry, _number(0), _number(0), *start)
    end = builder.load(builder.gep(ends, [outer[0]]))
    builder.branch(in_column)
    inner = phis(in_column, in_stage, *outer[1:])
    added = list(_add_products(builder, left, right, inner[0], inner[1:]))
    following = builder.add(inner[0], _number(1))
    back(in_column, inner, following, *added)
    builder.cbranch(builder.icmp_unsigned("<", following, end), in_column, judged)
    builder.position_at_end(judged)
    alive = judge(_add_products(builder, left, right, end, added))
    stage = builder.add(outer[0], _number(1))
    back(judged, outer, stage, builder.add(end, _number(1)), *added)
    builder.cbranch(builder.and_(builder.icmp_unsigned("<", stage, stages), alive), in_stage, done)
    builder.position_at_end(done)

    def last():
        # Computed once more where they are wanted: there are no registers to keep them in, and the compiler, which
        # would find some elsewhere, is not to see that it is the same column.
        copy = builder.asm(ir.FunctionType(_i64, [_i64]), "", "=r,0", [end], side_effect=True)
        return list(_add_products(builder, left, right, copy, added))

    return alive, last


def _pairs(builder, rows, columns):
    """For each vector of a tile the number of its row, in all lanes, and those of its columns."""
    halves = [_load(builder, columns, _number(half * LANES)) for half in range(2)]
    for row in range(ROWS):
        one = _splat(builder, rows, _number(row))
        yield from ((one, half) for half in halves)


def _larger(builder, a, b):
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _store_bounds(builder, bounds, out, stride):
    """The bounds of a tile, none below 0, into rows that are `stride` apart."""
    for number, bound in enumerate(bounds):
        at = builder.add(builder.mul(stride, _number(number // 2)), _number(number % 2 * LANES))
        _store(builder, _larger(builder, bound, _nothing), out, at)


def _bits(builder, hit):
    """A mask of so many bits from a vector of truths."""
    return builder.zext(builder.bitcast(hit, ir.IntType(LANES)), _i32)


def _negative(builder, vector):
    return _bits(builder, builder.icmp_signed("<", builder.bitcast(vector, _whole), _zeros))


@intrinsic
def _judge_tile(_typing, left, at_left, right, at_right, mine, at_mine, theirs, at_theirs, ends, stages,
                row_limit, at_row, column_limit, at_column, masks, at_masks, out, at_out):  # fmt: skip
    """Which pairs' lower bounds are within a limit: a mask of columns for each row, and the bounds; 0 if there is none.

    The norms of the rows are `mine` and `theirs`; every array is followed by where to begin in it. The sums begin with
    the limits taken off, so that a look at their signs will do.
    """
    signature = uint32(left, at_left, right, at_right, mine, at_mine, theirs, at_theirs, ends, stages,
                       row_limit, at_row, column_limit, at_column, masks, at_masks, out, at_out)  # fmt: skip

    def generate(context, builder, signature, args):
        pointers = _pointers(context, builder, signature, args, (0, 2, 4, 6, 10, 12, 14, 16))
        ends = context.make_array(signature.args[8])(context, builder, args[8]).data
        rows, columns, masks, out = pointers[4:]

        def most():
            return [_larger(builder, *pair) for pair in _pairs(builder, rows, columns)]

        def judge(sums):
            signs = functools.reduce(builder.or_, (builder.bitcast(vector, _whole) for vector in sums))
            return builder.icmp_unsigned("!=", _negative(builder, signs), ir.Constant(_i32, 0))

        norms = (builder.fadd(*pair) for pair in _pairs(builder, *pointers[2:4]))
        start = [builder.fsub(norm, limit) for norm, limit in zip(norms, most(), strict=True)]
        alive, last = _emit_tile(builder, pointers[:2], start, (ends, args[9]), judge)
        with builder.if_then(alive):
            sums = last()
            found = [_negative(builder, vector) for vector in sums]
            for row in range(ROWS):
                high = builder.shl(found[2 * row + 1], ir.Constant(_i32, LANES))
                builder.store(builder.or_(found[2 * row], high), builder.gep(masks, [_number(row)]))
            bounds = [builder.fadd(vector, limit) for vector, limit in zip(sums, most(), strict=True)]
            _store_bounds(builder, bounds, out, _number(COLUMNS))
        return builder.zext(alive, _i32)

    return signature, generate


@intrinsic
def _fill_tile(_typing, left, at_left, right, at_right, mine, at_mine, theirs, at_theirs, ends, stages,
               out, at_out, stride):  # fmt: skip
    """The lower bounds of all pairs of a tile, none below 0, into rows of `out` that are `stride` apart."""
    signature = void(left, at_left, right, at_right, mine, at_mine, theirs, at_theirs, ends, stages,
                     out, at_out, stride)  # fmt: skip

    def generate(context, builder, signature, args):
        pointers = _pointers(context, builder, signature, args, (0, 2, 4, 6, 10))
        ends = context.make_array(signature.args[8])(context, builder, args[8]).data

        def judge(_sums):
            return ir.Constant(ir.IntType(1), 1)

        start = [builder.fadd(*pair) for pair in _pairs(builder, *pointers[2:4])]
        _, last = _emit_tile(builder, pointers[:2], start, (ends, args[9]), judge)
        _store_bounds(builder, last(), pointers[4], args[12])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _within(_typing, values, at, most):
    """A mask of COLUMNS values that are at most `most`."""

    def generate(context, builder, signature, args):
        (data,) = _pointers(context, builder, signature, args, (0,))
        limit = _everywhere(builder, args[2])
        halves = (_load(builder, data, _number(half * LANES)) for half in range(2))
        low, high = (_bits(builder, builder.fcmp_ordered("<=", half, limit)) for half in halves)
        return builder.or_(low, builder.shl(high, ir.Constant(_i32, LANES)))

    return uint32(values, at, most), generate


def _emit_sum(builder, count, step, start, term):
    """The sum of `term(offset)` over the offsets 0, step, 2 step, … below `count`, in the vector type of `start`."""
    entry, body, done = builder.block, builder.append_basic_block(), builder.append_basic_block()
    builder.branch(body)
    builder.position_at_end(body)
    offset, total = builder.phi(_i64), builder.phi(start.type)
    offset.add_incoming(_number(0), entry)
    total.add_incoming(start, entry)
    added, following = term(offset, total), builder.add(offset, _number(step))
    offset.add_incoming(following, body)
    total.add_incoming(added, body)
    builder.cbranch(builder.icmp_unsigned("<", following, count), body, done)
    builder.position_at_end(done)
    return added


@intrinsic
def _squared_distance(_typing, points, at, others, at_others, count):
    """|x - y|² of two rows of `count` values with padding: float32, or uint8, which is summed in integers."""
    signature = float32(points, at, others, at_others, count)

    def floats(builder, x, y, count):
        def term(offset, total):
            step = builder.fsub(_load(builder, x, offset), _load(builder, y, offset))
            return _multiply_add(builder, step, step, total)

        total = _emit_sum(builder, count, LANES, _nothing, term)
        start, name = ir.Constant(_f32, 0.0), f"llvm.vector.reduce.fadd.v{LANES}f32"
        return _call(builder, name, _f32, start, total, fastmath=("reassoc",))

    def integers(builder, x, y, count):
        bytes_, words = ir.VectorType(ir.IntType(8), 2 * LANES), ir.VectorType(_i16, 2 * LANES)

        def term(offset, total):
            wide = [builder.zext(_load(builder, row, offset, bytes_), words) for row in (x, y)]
            step = builder.sub(*wide)
            halves = []
            for odd in range(2):
                chosen = ir.Constant(ir.VectorType(_i32, LANES), [2 * lane + odd for lane in range(LANES)])
                half = builder.sext(builder.shuffle_vector(step, step, chosen), _whole)
                halves.append(builder.mul(half, half))
            return builder.add(total, builder.add(*halves))

        total = _emit_sum(builder, count, 2 * LANES, _zeros, term)
        return builder.sitofp(_call(builder, f"llvm.vector.reduce.add.v{LANES}i32", _i32, total), _f32)

    def generate(context, builder, signature, args):
        x, y = _pointers(context, builder, signature, args, (0, 2))
        emit = integers if signature.args[0].dtype == uint8 else floats
        return emit(builder, x, y, args[4])

    return signature, generate


@intrinsic
def _first_bit(_typing, _mask):
    """The place of the lowest bit that is set."""

    def generate(_context, builder, _signature, args):
        return builder.zext(builder.cttz(args[0], ir.Constant(ir.IntType(1), 1)), _i64)

    return uint64(uint32), generate


_floats, _ints, _longs = float32[::1], int32[::1], uint64[::1]
_points = {kind: types.Array(kind, 2, "C", readonly=True) for kind in (float32, uint8)}
_lists = (float32[:, ::1], int32[:, ::1], int32[::1], float32[::1], int32[::1], float32[::1])
_panels = (_floats, _floats, _floats, _longs)


def _compiled(result, *arguments):
    """A signature for each type of the points, which come first."""
    return [result(_points[kind], *arguments) for kind in (float32, uint8)]


@njit(uint64(float32[:, ::1], uint64, uint64, float32), **_counts)
def count_within(values, row, count, most):
    """How many of the first `count` values of a row are at most `most`."""
    found = float32(0.0)  # of the width of the values, for whole vectors; exact up to 2^24
    for c in range(count):
        found += float32(1.0) if values[row, c] <= most else float32(0.0)
    return U(found)


@njit(float32(float32[:, ::1], uint64, uint64, uint64, uint64, float32), **_counts)
def about_smallest(values, row, count, k, most, guess):
    """The k-th smallest of the first `count` values of a row, or another up to the `most`-th; the largest finite one
    where there are fewer.

    Bisection that counts: a pass over a row by vectors takes a small part of the time of a partial sort.
    """
    low, high = float32(-1.0), FAR
    middle = guess
    while low < middle < high:
        held = count_within(values, row, count, middle)
        if held >= k:
            high = middle
            if held <= most:
                break
        else:
            low = middle
        middle = max(float32(2.0) * low, float32(1e-30)) if high == FAR else low + (high - low) * float32(0.5)
    largest = float32(0.0)
    for c in range(count):
        largest = max(largest, values[row, c] if values[row, c] <= high else float32(0.0))
    return largest


@njit(_compiled(float64, uint64, uint64), **_counts)
def exact_distance(points, x, y):
    """|x - y|² of the rows at two places, summed in float64."""
    total = 0.0
    for c in range(U(points.shape[1])):
        step = float64(points[x, c]) - float64(points[y, c])
        total += step * step
    return total


@njit(uint64(float64[::1], uint64, uint64), **_counts)
def rank_of(values, which, count):
    """How many of the first `count` values are smaller than one of them."""
    value, found = values[which], 0.0
    for c in range(count):
        found += 1.0 if values[c] < value else 0.0
    return U(found)


@njit(_compiled(void, _ints, uint64, uint64, int32[:, ::1], float64[::1]), **_exact)
def settle(points, names, row, count, index, true):
    """Sort the first `count` places of a row's list by (exact distance, name); `true` is filled.

    A few that all differ are put where their ranks say, which are counted by vectors; others by Shell's sort.
    """
    for c in range(count):
        true[c] = exact_distance(points, row, U(index[row, c]))
    if count <= U(256):
        ranks, total = np.empty(int64(count), np.uint32), U(0)
        for c in range(count):
            ranks[c] = uint32(rank_of(true, c, count))
            total += U(ranks[c])
        if total == count * (count - U(1)) // U(2):
            places, values = index[row, : int64(count)].copy(), true[: int64(count)].copy()
            for c in range(count):
                index[row, U(ranks[c])], true[U(ranks[c])] = places[c], values[c]
            return
    gap = count // U(2)
    while gap > U(0):
        for c in range(gap, count):
            d, place, at = true[c], index[row, c], c
            name = names[U(place)]
            while at >= gap:
                before = true[at - gap]
                if before < d or (before == d and names[U(index[row, at - gap])] < name):
                    break
                true[at], index[row, at] = before, index[row, at - gap]
                at -= gap
            true[at], index[row, at] = d, place
        gap = U(1) if gap == U(2) else gap * U(5) // U(11)


@njit(_compiled(void, _ints, uint64, uint64, float32, *_lists), **_exact)
def tighten(points, names, row, k, grow, distance, index, count, limit, bar, slack):
    """Make room in a row's list: keep what can still be among its k nearest, and set the limit for those to come.

    The distances in the list may be too small by the row's `slack` and a factor of `grow`; what is within these of
    the k-th may belong before it. Where that leaves the list nearly full (many equal distances), the exact distances
    decide, ties by name. Where the k-th is at distance 0, rows of later names need not be measured any more: `bar`
    holds its name.
    """
    held, room = U(count[row]), U(distance.shape[1])
    if held < k:
        return
    bound = about_smallest(distance, row, held, k, k, distance[row, U(0)])
    bound = (bound + slack[row]) * grow + float32(1e-36)
    kept = U(0)
    for c in range(held):
        d, place = distance[row, c], index[row, c]
        distance[row, kept], index[row, kept] = d, place
        kept += U(1) if d <= bound else U(0)
    if kept > room - (room - k) // U(4):
        true = np.empty(int64(kept), np.float64)
        settle(points, names, row, kept, index, true)
        kept = k
        for c in range(k):
            distance[row, c] = float32(true[c])
        bound = min(bound, float32(true[k - U(1)]) * grow + float32(1e-36))
        if true[k - U(1)] == 0.0:
            bar[row] = names[U(index[row, k - U(1)])]
    limit[row] = min(limit[row], bound)
    count[row] = int32(kept)


@njit(_compiled(void, _ints, uint64, uint64, float32, uint64, float32, *_lists), **_exact)
def offer(points, names, row, other, d, k, grow, distance, index, count, limit, bar, slack):
    """Add the place `other` to the list of the row at place `row`, and make room where that fills it."""
    at = U(count[row])
    distance[row, at], index[row, at] = d, int32(other)
    count[row] = int32(at + U(1))
    if at + U(1) == U(distance.shape[1]):
        tighten(points, names, row, k, grow, distance, index, count, limit, bar, slack)


@njit(_compiled(void, _ints, *_panels, int32[:, ::1], uint64, uint64, float32, float32, *_lists), **_exact)
def join_near(
    points, names, left, right, norm, ends, near, start, k, grow, trust, distance, index, count, limit, bar, slack
):
    """Fill the lists of the rows from place `start` on with their nearest in the groups of columns that are near.

    near[g] are the groups of COLUMNS places that the g-th ROWS rows meet. All lower bounds of a row are at hand: the k
    rows with the smallest ones come first, which gives a limit, and then those whose bound is within it. What the
    bounds may be too small by is `trust` times the norm. Where that is little, they stand for the distances; in other
    rows, whose `slack` is 0, distances are measured.
    """
    size, columns, stages = U(points.shape[1]), ends[-1] + U(1), U(ends.shape[0])
    groups = U(near.shape[1])
    width = groups * U(COLUMNS)
    bounds = np.empty((ROWS, int64(width)), np.float32)
    flat, guess = bounds.ravel(), float32(1.0)
    for g in range(U(near.shape[0])):
        first = start + g * U(ROWS)
        for t in range(groups):
            other = U(near[g, t]) * U(COLUMNS)
            _fill_tile(left, first * columns, right, other * columns, norm, first, norm, other, ends, stages,
                       flat, t * U(COLUMNS), width)  # fmt: skip
            for row in range(max(first, other), min(first + U(ROWS), other + U(COLUMNS))):
                bounds[row - first, t * U(COLUMNS) + row - other] = np.inf  # not its own neighbour
        for i in range(U(ROWS)):
            row = first + i
            if row >= U(names.shape[0]):
                break
            guess = about_smallest(bounds, i, width, k, k + k // U(8) + U(8), guess)
            unsure = trust * norm[row]
            slack[row] = unsure if float32(64.0) * unsure <= guess <= float32(3.9) * norm[row] else float32(0.0)
            least, most = float32(-1.0), guess
            while least < most:
                for t in range(groups):
                    begin = t * U(COLUMNS)
                    mask = _within(flat, i * width + begin, most) & ~_within(flat, i * width + begin, least)
                    while mask != uint32(0):
                        c = _first_bit(mask)
                        mask &= mask - uint32(1)
                        other, d = U(near[g, t]) * U(COLUMNS) + c, bounds[i, begin + c]
                        if names[other] > bar[row]:
                            continue
                        if slack[row] == float32(0.0):
                            d = _squared_distance(points, row * size, points, other * size, size)
                        if d <= limit[row]:
                            offer(points, names, row, other, d, k, grow, distance, index, count, limit, bar, slack)
                tighten(points, names, row, k, grow, distance, index, count, limit, bar, slack)
                least, most = most, limit[row] if least < float32(0.0) else most


_spans = (uint64, uint64, uint64, uint64, uint64)


@njit(_compiled(void, _ints, *_panels, boolean[:, ::1], *_spans, float32, _floats, *_lists), **_exact)
def join_far(
    points, names, left, right, norm, ends, met, a0, a1, b0, b1, k, grow, nobody,
    distance, index, count, limit, bar, slack
):  # fmt: skip
    """Offer the rows of the blocks a0 … a1 - 1 and b0 … b1 - 1 to each other's lists.

    met[a, b] says that the rows of block a have met those of block b; `nobody` holds limits that nothing is within.
    """
    size, columns, stages = U(points.shape[1]), ends[-1] + U(1), U(ends.shape[0])
    masks, bounds = np.empty(ROWS, np.uint32), np.empty(ROWS * COLUMNS, np.float32)
    for a in range(a0, a1):
        for b in range(max(b0, a + U(1)) if a0 == b0 else b0, b1):
            if met[a, b] and met[b, a]:
                continue
            mine, theirs = nobody if met[a, b] else limit, nobody if met[b, a] else limit
            for first_column in range(b * U(BLOCK), (b + U(1)) * U(BLOCK), U(COLUMNS)):
                for first in range(a * U(BLOCK), (a + U(1)) * U(BLOCK), U(ROWS)):
                    found = _judge_tile(left, first * columns, right, first_column * columns, norm, first,
                                        norm, first_column, ends, stages, mine, first, theirs, first_column,
                                        masks, U(0), bounds, U(0))  # fmt: skip
                    if found == uint32(0):
                        continue
                    for i in range(U(ROWS)):
                        mask, row = masks[i], first + i
                        while mask != uint32(0):
                            c = _first_bit(mask)
                            column, d = first_column + c, bounds[i * U(COLUMNS) + c]
                            mask &= mask - uint32(1)
                            if names[column] > bar[row] and names[row] > bar[column]:
                                continue
                            if slack[row] == float32(0.0) or slack[column] == float32(0.0):
                                d = _squared_distance(points, row * size, points, column * size, size)
                            if d <= mine[row]:
                                offer(points, names, row, column, d, k, grow, distance, index, count, limit, bar, slack)
                            if d <= theirs[column]:
                                offer(points, names, column, row, d, k, grow, distance, index, count, limit, bar, slack)


@njit(boolean(int32[:, ::1], uint64, uint64, int32), **_counts)
def holds(index, row, count, place):
    """Whether the place is among the first `count` of a row."""
    found = int32(0)
    for c in range(count):
        found |= int32(1) if index[row, c] == place else int32(0)
    return found != int32(0)


@njit(_compiled(void, _ints, int32[:, ::1], _floats, uint64, uint64, uint64, uint64, float32, *_lists), **_exact)
def take_offers(points, names, pairs, distances, made, begin, end, k, grow, distance, index, count, limit, bar, slack):
    """Put what was offered to the rows from place `begin` to `end` into their lists, and make room in them."""
    for i in range(made):
        row, other = U(pairs[i, 0]), U(pairs[i, 1])
        if row < begin or row >= end or distances[i] > limit[row] or names[other] > bar[row]:
            continue
        if not holds(index, row, U(count[row]), pairs[i, 1]):
            offer(points, names, row, other, distances[i], k, grow, distance, index, count, limit, bar, slack)
    for row in range(begin, end):
        if U(count[row]) > k:
            tighten(points, names, row, k, grow, distance, index, count, limit, bar, slack)


@njit(uint64(_floats, _floats, _floats, _floats, _floats, _longs, uint64, uint64, int32[:, ::1]), **_exact)
def find_within(left, mine, limit, right, norm, ends, begin, end, pairs):
    """Rows of a panel of their own and the places from `begin` to `end` that may be within the rows' limits.

    Returned is their number; of more than `pairs` has room for, the first are in it.
    """
    columns, stages, found = ends[-1] + U(1), U(ends.shape[0]), U(0)
    masks, bounds = np.empty(ROWS, np.uint32), np.empty(ROWS * COLUMNS, np.float32)
    nobody = np.full(COLUMNS, -1, np.float32)
    for first in range(U(0), U(mine.shape[0]), U(ROWS)):
        for other in range(begin, end, U(COLUMNS)):
            hit = _judge_tile(left, first * columns, right, other * columns, mine, first, norm, other, ends, stages,
                              limit, first, nobody, U(0), masks, U(0), bounds, U(0))  # fmt: skip
            if hit == uint32(0):
                continue
            for i in range(U(ROWS)):
                mask = masks[i]
                while mask != uint32(0):
                    if found < U(pairs.shape[0]):
                        pairs[found, 0], pairs[found, 1] = int32(first + i), int32(other + _first_bit(mask))
                    found += U(1)
                    mask &= mask - uint32(1)
    return found


@njit(
    _compiled(void, _ints, uint64, uint64, uint64, float32, float64, *_lists, int32[:, ::1], float32[:, ::1]), **_exact
)
def finish_rows(points, names, begin, end, k, grow, unit, distance, index, count, limit, bar, slack, nearest, how_far):
    """The exact k nearest of the rows at places begin … end - 1 out of their candidates, by (distance, name).

    The distances are multiplied by `unit`.
    """
    true = np.empty(distance.shape[1], np.float64)
    for row in range(begin, end):
        tighten(points, names, row, k, grow, distance, index, count, limit, bar, slack)
        settle(points, names, row, U(count[row]), index, true)
        name = U(names[row])
        for c in range(k):
            nearest[name, c] = names[U(index[row, c])]
            how_far[name, c] = float32(np.sqrt(true[c]) * unit)
