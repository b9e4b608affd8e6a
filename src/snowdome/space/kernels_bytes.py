"""Products of bytes, of columns with each other and of rows with a basis, by the processor's own dot products of four.

AVX-512 VNNI multiplies an unsigned byte by a signed one and adds up whole numbers of 32 bits: exact, and four times as
many a cycle as in float32. What is unsigned by nature is moved by 128, or cut into digits of eight bits, to be signed.
Where the processor has none, nothing here is compiled and `AVAILABLE` is False.
"""

# mypy: ignore-errors

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import float32, float64, int32, int64, njit, types, uint8, uint32, void
from numba.core import cgutils
from numba.extending import intrinsic

AVAILABLE = bool(llvmlite.binding.get_host_cpu_features().get("avx512vnni"))
ACROSS, DOWN = 32, 12  # columns of a tile: two vectors of sixteen sums for each of twelve make 24 registers
MOST_ROWS = 65_536  # 255 · 128 · rows stays below 2³¹

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_bytes = types.Array(uint8, 2, "C", readonly=True)
_words = types.Array(uint32, 2, "C", readonly=True)

_i32, _i64 = ir.IntType(32), ir.IntType(64)
_sums = ir.VectorType(_i32, 16)
_quads = ir.VectorType(ir.IntType(8), 64) if llvmlite.binding.llvm_version_info[0] >= 21 else _sums
_NAME = "llvm.x86.avx512.vpdpbusd.512"


@intrinsic
def _add_tile(_typing, right, at_right, left, at_left, quads, out, at_out, stride):
    """out[r, c] += Σ_q left[q, r] · right[q, c] over so many quads, each the dot product of four bytes.

    A quad of `right` is ACROSS words of unsigned bytes, one of `left` DOWN words of signed ones.
    """
    signature = void(right, at_right, left, at_left, quads, out, at_out, stride)

    def generate(context, builder, signature, args):
        def pointer(which):
            data = context.make_array(signature.args[which])(context, builder, args[which]).data
            return builder.gep(data, [args[which + 1]])

        def vector(base, offset):
            return builder.bitcast(builder.gep(base, [offset]), _sums.as_pointer())

        def number(value):
            return ir.Constant(_i64, value)

        theirs, mine, sums = pointer(0), pointer(2), pointer(5)
        places = [
            vector(sums, builder.add(builder.mul(args[7], number(row)), number(16 * half)))
            for row in range(DOWN)
            for half in range(2)
        ]
        start = []
        for place in places:
            loaded = builder.load(place)
            loaded.align = 4
            start.append(loaded)
        entry, body, done = builder.block, builder.append_basic_block(), builder.append_basic_block()
        builder.branch(body)
        builder.position_at_end(body)
        quad = builder.phi(_i64)
        totals = [builder.phi(_sums) for _ in places]
        quad.add_incoming(number(0), entry)
        for total, first in zip(totals, start, strict=True):
            total.add_incoming(first, entry)
        halves = []
        for half in range(2):
            loaded = builder.load(vector(theirs, builder.add(builder.mul(quad, number(ACROSS)), number(16 * half))))
            loaded.align = 4
            halves.append(builder.bitcast(loaded, _quads))
        dot = cgutils.get_or_insert_function(builder.module, ir.FunctionType(_sums, [_sums, _quads, _quads]), _NAME)
        nothing, base, added = ir.Constant(_sums, ir.Undefined), builder.mul(quad, number(DOWN)), []
        for row in range(DOWN):
            word = builder.load(builder.gep(mine, [builder.add(base, number(row))]))
            one = builder.insert_element(nothing, word, ir.Constant(_i32, 0))
            everywhere = builder.bitcast(builder.shuffle_vector(one, nothing, ir.Constant(_sums, [0] * 16)), _quads)
            added += [builder.call(dot, [totals[2 * row + half], halves[half], everywhere]) for half in range(2)]
        following = builder.add(quad, number(1))
        quad.add_incoming(following, body)
        for total, new in zip(totals, added, strict=True):
            total.add_incoming(new, body)
        builder.cbranch(builder.icmp_unsigned("<", following, args[4]), body, done)
        builder.position_at_end(done)
        for place, new in zip(places, added, strict=True):
            builder.store(new, place).align = 4
        return context.get_dummy_value()

    return signature, generate


def _add_products(rows, right, left, out):
    """out[a, b] += Σ_i (x_ia - 128) x_ib for columns a ≤ b, and for the last of its rows -128 Σ_i x_ib.

    rows (m, p) uint8, m a multiple of 4; right (tiles, quads, ACROSS) and left (tiles, quads, DOWN) uint32 are scratch
    for at least m/4 quads, right's columns from p on zero; out (DOWN · tiles, ACROSS · tiles) int32.
    """
    m, p = U(rows.shape[0]), U(rows.shape[1])
    quads = m // U(4)
    across, down = U(right.shape[0]), U(left.shape[0])
    flat_right, flat_left, flat_out = right.ravel(), left.ravel(), out.ravel()
    room, stride = U(right.shape[1]), U(out.shape[1])
    for q in range(quads):
        i = U(4) * q
        first = rows[i]
        second, third, fourth = rows[i + U(1)], rows[i + U(2)], rows[i + U(3)]
        for tile in range(across):
            begin = tile * U(ACROSS)
            words = right[tile, q]
            for c in range(min(U(ACROSS), p - begin)):
                words[c] = (
                    uint32(first[begin + c])
                    | (uint32(second[begin + c]) << uint32(8))
                    | (uint32(third[begin + c]) << uint32(16))
                    | (uint32(fourth[begin + c]) << uint32(24))
                )
        for tile in range(down):
            begin = tile * U(DOWN)
            words = left[tile, q]
            for r in range(U(DOWN)):
                a = begin + r
                word = right[a // U(ACROSS), q, a % U(ACROSS)] if a < p else uint32(0)
                words[r] = word ^ uint32(0x80808080)
    for a in range(down):
        for b in range(across):
            if (b + U(1)) * U(ACROSS) > a * U(DOWN) or a + U(1) == down:
                _add_tile(
                    flat_right, b * room * U(ACROSS), flat_left, a * room * U(DOWN), quads,
                    flat_out, a * U(DOWN) * stride + b * U(ACROSS), stride,
                )  # fmt: skip


def _project(rows, digits, scale, offset, right, totals, out):
    """out[i, c] = scale[c] (Σ_j x_ij b_jc - offset[c]), b_jc a whole number of three signed bytes.

    rows (m, quads) uint32, four bytes x_ij each; digits (tiles, quads, DOWN) uint32, four signed bytes each: of column
    c the lowest, middle and highest are the 3 c-th, next and next row over the tiles; scale and offset (k,) float64;
    right (quads, ACROSS) uint32 and totals (DOWN · tiles, ACROSS) int32 are scratch; out (m, at least k) float32.
    """
    m, quads, tiles = U(rows.shape[0]), U(rows.shape[1]), U(digits.shape[0])
    flat_right, flat_digits, flat_totals = right.ravel(), digits.ravel(), totals.ravel()
    for first in range(U(0), m, U(ACROSS)):
        count = min(U(ACROSS), m - first)
        for lane in range(count):
            row = rows[first + lane]
            for q in range(quads):
                right[q, lane] = row[q]
        totals[:] = 0
        for tile in range(tiles):
            _add_tile(
                flat_right, U(0), flat_digits, tile * quads * U(DOWN), quads,
                flat_totals, tile * U(DOWN) * U(ACROSS), U(ACROSS),
            )  # fmt: skip
        for c in range(U(scale.shape[0])):
            low, middle, high = totals[U(3) * c], totals[U(3) * c + U(1)], totals[U(3) * c + U(2)]
            for lane in range(count):
                whole = (int64(high[lane]) * 256 + int64(middle[lane])) * 256 + int64(low[lane])
                out[first + lane, c] = float32((float64(whole) - offset[c]) * scale[c])


if AVAILABLE:
    project = njit(
        void(_words, uint32[:, :, ::1], float64[::1], float64[::1], uint32[:, ::1], int32[:, ::1], float32[:, ::1]),
        **_exact,
    )(_project)
    add_products = njit(void(_bytes, uint32[:, :, ::1], uint32[:, :, ::1], int32[:, ::1]), **_exact)(_add_products)
