"""Compiled loops of a convolution by fast Fourier transforms, sixteen transforms at a time.

A transform is Stockham's (W. T. Cochran et al., "What is the fast Fourier transform?", Proc. IEEE 55, 1967), which
needs no reordering; its factors here are 2, 3, 4 and 5. Each lane of a vector is a transform of its own, so that every
load and store is of a whole vector and nothing is shuffled: written as LLVM's own vectors, since its vectoriser gives
up on arrays that might overlap. Values are (length, 2, LANES): real parts, imaginary parts.

A kernel and all it calls live here: numba's cache does not notice an edit in another file.
"""

# mypy: ignore-errors

import math

import numpy as np
from llvmlite import ir
from numba import float32, float64, int64, njit, types, uint64, void
from numba.extending import intrinsic

LANES = 16
FACTORS = (4, 2, 3, 5)

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_i32, _i64 = ir.IntType(32), ir.IntType(64)


def _plus(builder, a, b):
    return tuple(builder.fadd(*pair) for pair in zip(a, b, strict=True))


def _minus(builder, a, b):
    return tuple(builder.fsub(*pair) for pair in zip(a, b, strict=True))


def _times(builder, factor, a):
    return tuple(builder.fmul(factor, part, flags=("contract",)) for part in a)


def _turned(builder, a):
    """-i · a."""
    return a[1], builder.fneg(a[0])


def _scaled_sum(builder, a, *terms):
    """a + Σ factor · term."""
    for factor, term in terms:
        a = tuple(
            builder.fadd(part, builder.fmul(factor, other, flags=("contract",)), flags=("contract",))
            for part, other in zip(a, term, strict=True)
        )
    return a


def _product(builder, a, w):
    flags = {"flags": ("contract",)}
    real = builder.fsub(builder.fmul(a[0], w[0], **flags), builder.fmul(a[1], w[1], **flags), **flags)
    imaginary = builder.fadd(builder.fmul(a[0], w[1], **flags), builder.fmul(a[1], w[0], **flags), **flags)
    return real, imaginary


def _of_two(builder, _kind, a):
    return [_plus(builder, *a), _minus(builder, *a)]


def _of_three(builder, kind, a):
    both, apart = _plus(builder, a[1], a[2]), _minus(builder, a[1], a[2])
    middle = _scaled_sum(builder, a[0], (kind(-0.5), both))
    side = _turned(builder, _times(builder, kind(math.sqrt(3) / 2), apart))
    return [_plus(builder, a[0], both), _plus(builder, middle, side), _minus(builder, middle, side)]


def _of_four(builder, _kind, a):
    even, odd = _of_two(builder, None, a[0::2]), _of_two(builder, None, a[1::2])
    side = _turned(builder, odd[1])
    return [
        _plus(builder, even[0], odd[0]), _plus(builder, even[1], side),
        _minus(builder, even[0], odd[0]), _minus(builder, even[1], side),
    ]  # fmt: skip


def _of_five(builder, kind, a):
    cosine = [kind(math.cos(2 * math.pi * k / 5)) for k in (1, 2)]
    sine = [kind(math.sin(2 * math.pi * k / 5)) for k in (1, 2)]
    outer, inner = _plus(builder, a[1], a[4]), _plus(builder, a[2], a[3])
    far, near = _minus(builder, a[1], a[4]), _minus(builder, a[2], a[3])
    first = _scaled_sum(builder, a[0], (cosine[0], outer), (cosine[1], inner))
    second = _scaled_sum(builder, a[0], (cosine[1], outer), (cosine[0], inner))
    minus = builder.fneg(sine[0])
    first_side = _turned(builder, _scaled_sum(builder, _times(builder, sine[0], far), (sine[1], near)))
    second_side = _turned(builder, _scaled_sum(builder, _times(builder, sine[1], far), (minus, near)))
    return [
        _plus(builder, _plus(builder, a[0], outer), inner), _plus(builder, first, first_side),
        _plus(builder, second, second_side), _minus(builder, second, second_side), _minus(builder, first, first_side),
    ]  # fmt: skip


def _butterfly(count, transform):
    """An intrinsic: `count` complex vectors from x, each `step` values after the one before, transformed into y.

    All but the first are multiplied by the twiddles from `at_w` on.
    """

    @intrinsic
    def butterfly(_typing, x, at_x, step_x, y, at_y, step_y, twiddles, at_w):
        signature = void(x, at_x, step_x, y, at_y, step_y, twiddles, at_w)

        def generate(context, builder, signature, args):
            number = ir.DoubleType() if signature.args[0].dtype == float64 else ir.FloatType()
            vector, bytes_ = ir.VectorType(number, LANES), 8 if number == ir.DoubleType() else 4
            source, target, turns = (
                context.make_array(signature.args[which])(context, builder, args[which]).data for which in (0, 3, 6)
            )

            def place(base, at, step, k, half):
                offset = builder.add(at, builder.mul(step, ir.Constant(_i64, k)))
                offset = builder.add(offset, ir.Constant(_i64, half * LANES))
                return builder.bitcast(builder.gep(base, [offset]), vector.as_pointer())

            def load(k, half):
                loaded = builder.load(place(source, args[1], args[2], k, half))
                loaded.align = bytes_
                return loaded

            def turn(k, half):
                offset = builder.add(args[7], ir.Constant(_i64, 2 * (k - 1) + half))
                one = builder.load(builder.gep(turns, [offset]))
                nothing = ir.Constant(vector, ir.Undefined)
                first = builder.insert_element(nothing, one, ir.Constant(_i32, 0))
                return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(_i32, LANES), [0] * LANES))

            def everywhere(value):
                return ir.Constant(vector, [value] * LANES)

            found = transform(builder, everywhere, [(load(k, 0), load(k, 1)) for k in range(count)])
            for k, values in enumerate(found):
                moved = _product(builder, values, (turn(k, 0), turn(k, 1))) if k else values
                for half, part in enumerate(moved):
                    builder.store(part, place(target, args[4], args[5], k, half)).align = bytes_
            return context.get_dummy_value()

        return signature, generate

    return butterfly


_two, _three, _four, _five = (
    _butterfly(count, transform) for count, transform in ((2, _of_two), (3, _of_three), (4, _of_four), (5, _of_five))
)

_kinds = (float32, float64)
_lanes = {kind: types.Array(kind, 3, "C") for kind in _kinds}


@njit([types.UniTuple(_lanes[kind], 2)(_lanes[kind], _lanes[kind], int64[::1], kind[::1]) for kind in _kinds], **_exact)
def transform(x, y, factors, twiddles):
    """The Fourier transforms of x (length, 2, LANES) in the first of the two arrays returned; the other is scratch.

    The inverse is the same with real and imaginary parts exchanged before and after, times the length.
    """
    left, stride, at = U(x.shape[0]), U(1), U(0)
    one = U(2 * LANES)
    for stage in range(U(factors.shape[0])):
        factor = U(factors[stage])
        left //= factor
        apart, between = stride * left * one, stride * one
        for p in range(left):
            for q in range(stride):
                source, target = (q + stride * p) * one, (q + stride * factor * p) * one
                if factor == U(4):
                    _four(x, source, apart, y, target, between, twiddles, at)
                elif factor == U(2):
                    _two(x, source, apart, y, target, between, twiddles, at)
                elif factor == U(3):
                    _three(x, source, apart, y, target, between, twiddles, at)
                else:
                    _five(x, source, apart, y, target, between, twiddles, at)
            at += U(2) * (factor - U(1))
        stride *= factor
        x, y = y, x
    return x, y


_plan = {kind: (int64[::1], kind[::1]) for kind in _kinds}
_tiles = {kind: types.Array(kind, 4, "C") for kind in _kinds}


@njit([void(kind[:, ::1], _tiles[kind], *_plan[kind], uint64, uint64) for kind in _kinds], **_exact)
def forward(charge, half, factors, twiddles, begin, end):
    """Transform groups of 2 LANES rows of the grid (rows, columns) into half (tiles, rows, 2, LANES), two rows at once.

    A tile holds LANES columns of the transforms of length 2 columns, of which the first columns + 1 are kept.
    """
    rows, columns = U(charge.shape[0]), U(charge.shape[1])
    x = np.empty((int64(2 * columns), 2, LANES), charge.dtype)
    y, positive, nothing = np.empty_like(x), charge.dtype.type(0.5), charge.dtype.type(0)
    for group in range(begin, end):
        first = group * U(2 * LANES)
        held = min(U(2 * LANES), rows - first)
        x[:] = nothing
        for start in range(U(0), columns, U(LANES)):
            for r in range(held):
                part, lane = r // U(LANES), r % U(LANES)
                for c in range(start, min(start + U(LANES), columns)):
                    x[c, part, lane] = charge[first + r, c]
        x, y = transform(x, y, factors, twiddles)
        for tile in range(U(half.shape[0])):
            start = tile * U(LANES)
            for r in range(held):
                part, lane = r // U(LANES), r % U(LANES)
                sign = positive if part == U(0) else -positive
                for c in range(min(U(LANES), columns + U(1) - start)):
                    k = start + c
                    mirror = U(2) * columns - k if k else U(0)
                    half[tile, first + r, 0, c] = (x[k, part, lane] + x[mirror, part, lane]) * positive
                    half[tile, first + r, 1, c] = (x[k, U(1) - part, lane] - x[mirror, U(1) - part, lane]) * sign


@njit([void(_tiles[kind], _lanes[kind], *_plan[kind], uint64, uint64) for kind in _kinds], **_exact)
def multiply(half, spectrum, factors, twiddles, begin, end):
    """Transform tiles down their columns, doubled with zeros, multiply by spectrum (tiles, 2 rows, LANES), and back."""
    rows = U(half.shape[1])
    x = np.empty((int64(2 * rows), 2, LANES), half.dtype)
    y, nothing = np.empty_like(x), half.dtype.type(0)
    for tile in range(begin, end):
        for row in range(rows):
            for part in range(U(2)):
                for lane in range(U(LANES)):
                    x[row, part, lane] = half[tile, row, part, lane]
                    x[rows + row, part, lane] = nothing
        x, y = transform(x, y, factors, twiddles)
        for row in range(U(2) * rows):
            for lane in range(U(LANES)):
                real, by = x[row, 0, lane], spectrum[tile, row, lane]
                x[row, 0, lane] = x[row, 1, lane] * by
                x[row, 1, lane] = real * by
        x, y = transform(x, y, factors, twiddles)
        for row in range(rows):
            for lane in range(U(LANES)):
                half[tile, row, 0, lane] = x[row, 1, lane]
                half[tile, row, 1, lane] = x[row, 0, lane]


@njit([void(_tiles[kind], kind[:, ::1], *_plan[kind], uint64, uint64) for kind in _kinds], **_exact)
def backward(half, potential, factors, twiddles, begin, end):
    """Groups of 2 LANES rows of the potential (rows, columns), two rows at once, from all tiles."""
    rows, columns = U(potential.shape[0]), U(potential.shape[1])
    x = np.zeros((int64(2 * columns), 2, LANES), potential.dtype)
    y = np.empty_like(x)
    for group in range(begin, end):
        first = group * U(2 * LANES)
        for tile in range(U(half.shape[0])):
            start = tile * U(LANES)
            for lane in range(U(LANES)):
                a, b = min(first + lane, rows - U(1)), min(first + U(LANES) + lane, rows - U(1))
                for c in range(min(U(LANES), columns + U(1) - start)):
                    k = start + c
                    mirror = U(2) * columns - k if k else U(0)
                    real, imaginary = half[tile, a, 0, c], half[tile, a, 1, c]
                    other_real, other_imaginary = half[tile, b, 0, c], half[tile, b, 1, c]
                    x[mirror, 0, lane] = other_real - imaginary
                    x[mirror, 1, lane] = real + other_imaginary
                    x[k, 0, lane] = other_real + imaginary
                    x[k, 1, lane] = real - other_imaginary
        x, y = transform(x, y, factors, twiddles)
        for start in range(U(0), columns, U(LANES)):
            for r in range(min(U(2 * LANES), rows - first)):
                part, lane = U(1) - r // U(LANES), r % U(LANES)
                for c in range(start, min(start + U(LANES), columns)):
                    potential[first + r, c] = x[c, part, lane]
