# mypy: ignore-errors
"""Compiled sums over the edges of a graph, sixteen edges at a time.

Left to itself the compiler gathers each coordinate of the neighbours by itself and takes the last edges of a row one by
one, which costs as much again as all the rest. So the vectors are written out here, as LLVM's own, which it has code
for on every processor: the coordinates of a neighbour lie side by side and are loaded at once, and the last edges of a
row are a vector with some lanes off.
"""

from llvmlite import ir
from numba import float32, float64, int32, int64, njit, types, uint64, void
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16
_FLAGS = ("reassoc", "contract", "arcp", "nsz", "afn")  # NaN and infinity keep their meaning
_sums = {"nogil": True, "cache": True, "error_model": "numpy", "fastmath": set(_FLAGS)}

_F, _I = ir.FloatType(), ir.IntType(32)
_FLOATS, _INTS = ir.VectorType(_F, LANES), ir.VectorType(_I, LANES)
_MASK = ir.VectorType(ir.IntType(1), LANES)


def _number(value):
    """A vector of that number."""
    kind = _FLOATS if isinstance(value, float) else _INTS
    return ir.Constant(kind, [value] * LANES)


def _splat(b, scalar, kind):
    """A vector of that scalar."""
    first = b.insert_element(ir.Constant(kind, ir.Undefined), scalar, _I(0))
    return b.shuffle_vector(first, ir.Constant(kind, ir.Undefined), _number(0))


def _add(b, one, two):
    return b.fadd(one, two, flags=_FLAGS)


def _times(b, one, two):
    return b.fmul(one, two, flags=_FLAGS)


def _neighbours(b, places, index, dims):
    """The coordinates of sixteen rows of `places`, a vector for each coordinate.

    A row is loaded whole (a third coordinate has a fourth beside it), the rows are joined by pairs, and every
    second or fourth number is taken.
    """
    width = 2 if dims == 2 else 4
    row = ir.VectorType(_F, width)
    joined = []
    for lane in range(LANES):
        at = b.mul(b.zext(b.extract_element(index, _I(lane)), ir.IntType(64)), ir.IntType(64)(width))
        joined.append(b.load(b.bitcast(b.gep(places, [at]), row.as_pointer()), align=4))
    while len(joined) > 1:
        length = joined[0].type.count
        both = ir.Constant(ir.VectorType(_I, 2 * length), list(range(2 * length)))
        joined = [b.shuffle_vector(one, two, both) for one, two in zip(joined[::2], joined[1::2], strict=True)]
    (all_rows,) = joined
    nothing = ir.Constant(all_rows.type, ir.Undefined)
    takes = [ir.Constant(_INTS, [width * lane + c for lane in range(LANES)]) for c in range(dims)]
    return [b.shuffle_vector(all_rows, nothing, take) for take in takes]


def _load_some(b, pointer, kind, mask):
    """The lanes of a vector that are on; nought where they are off, and nothing is read there."""
    name = f"llvm.masked.load.v{LANES}{'f' if kind is _FLOATS else 'i'}32.p0"
    load = cgutils.get_or_insert_function(
        b.module, ir.FunctionType(kind, [kind.as_pointer(), _I, _MASK, kind]), name
    )  # fmt: skip
    return b.call(load, [pointer, _I(4), mask, _number(0.0 if kind is _FLOATS else 0)])


def _total(b, vector):
    """The sum of a vector's lanes."""
    add = cgutils.get_or_insert_function(
        b.module, ir.FunctionType(_F, [_F, _FLOATS]), f"llvm.vector.reduce.fadd.v{LANES}f32"
    )  # fmt: skip
    return b.call(add, [_F(0.0), vector], fastmath=_FLAGS)


def _row_sums(law, dims, count):
    """An intrinsic: the sums over edges begin … end - 1 of one row, whose place is `here`, of what `law` gives.

    `law(b, weight, apart, squared)` builds `count` vectors from an edge's weight, y_i - y_j and its squared length.
    """

    @intrinsic
    def row_sums(typing, indices, weight, places, begin, end, here):  # noqa: ARG001
        signature = types.UniTuple(float32, count)(indices, weight, places, uint64, uint64, here)

        def generate(context, b, signature, arguments):
            pointers = [
                context.make_array(kind)(context, b, array).data
                for kind, array in zip(signature.args[:3], arguments[:3], strict=True)
            ]
            begin, end = arguments[3:5]
            place = [_splat(b, x, _FLOATS) for x in cgutils.unpack_tuple(b, arguments[5], dims)]
            sums = [cgutils.alloca_once_value(b, _number(0.0)) for _ in range(count)]

            def add(index, weight):
                apart = [
                    b.fsub(x, y, flags=_FLAGS)
                    for x, y in zip(place, _neighbours(b, pointers[2], index, dims), strict=True)
                ]
                squared = _times(b, apart[0], apart[0])
                for x in apart[1:]:
                    squared = _add(b, squared, _times(b, x, x))
                for total, term in zip(sums, law(b, weight, apart, squared), strict=True):
                    b.store(_add(b, b.load(total), term), total)

            _each_vector(b, pointers[0], pointers[1], begin, end, add)
            totals = [_total(b, b.load(total)) for total in sums]
            return context.make_tuple(b, signature.return_type, totals)

        return signature, generate

    return row_sums


def _each_vector(b, indices, weight, begin, end, add):
    """Call add(index, weight) with the edges in vectors of sixteen; in the last one the lanes beyond have no weight."""
    size = ir.IntType(64)
    whole = b.and_(b.sub(end, begin), size(2**64 - LANES))
    full = b.add(begin, whole)
    with cgutils.for_range_slice(b, begin, full, size(LANES), size) as (edge, _):
        add(
            b.load(b.bitcast(b.gep(indices, [edge]), _INTS.as_pointer()), align=4),
            b.load(b.bitcast(b.gep(weight, [edge]), _FLOATS.as_pointer()), align=4),
        )
    with b.if_then(b.icmp_unsigned("<", full, end)):
        left = _splat(b, b.trunc(b.sub(end, full), _I), _INTS)
        mask = b.icmp_unsigned("<", ir.Constant(_INTS, list(range(LANES))), left)
        add(
            _load_some(b, b.bitcast(b.gep(indices, [full]), _INTS.as_pointer()), _INTS, mask),
            _load_some(b, b.bitcast(b.gep(weight, [full]), _FLOATS.as_pointer()), _FLOATS, mask),
        )


@intrinsic
def _wide_vectors(typing):  # noqa: ARG001
    """Let the function it is called in use vectors of 512 bits where the processor has them."""

    def generate(context, b, signature, arguments):  # noqa: ARG001
        set.add(b.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


def _student_pull(b, weight, apart, squared):
    """p (y_i - y_j) / (1 + r²)."""
    share = b.fdiv(weight, _add(b, _number(1.0), squared), flags=_FLAGS)
    return [_times(b, share, x) for x in apart]


def _student_bits(b, weight, apart, squared):  # noqa: ARG001
    """p log2(1 + r²): the exponent's bits plus a polynomial in the mantissa, within 4e-7."""
    bits = b.bitcast(_add(b, _number(1.0), squared), _INTS)
    exponent = b.sitofp(b.sub(b.ashr(bits, _number(23)), _number(127)), _FLOATS)
    mantissa = b.bitcast(b.or_(b.and_(bits, _number(0x007FFFFF)), _number(0x3F800000)), _FLOATS)
    m = b.fsub(mantissa, _number(1.0), flags=_FLAGS)
    log = _number(-0.012370624)
    for factor in (0.0637875255, -0.155599862, 0.256179624, -0.35345465, 0.480073742, -0.721310722, 1.44269477):
        log = _add(b, _times(b, log, m), _number(factor))
    return [_times(b, weight, _add(b, exponent, _times(b, log, m)))]


_student_pull_2 = _row_sums(_student_pull, 2, 2)
_student_pull_3 = _row_sums(_student_pull, 3, 3)
_student_bits_2 = _row_sums(_student_bits, 2, 1)
_student_bits_3 = _row_sums(_student_bits, 3, 1)

# What may be a memory map of a file is declared read-only.
_edges = tuple(types.Array(kind, 1, "C", readonly=True) for kind in (int64, int32, float32))
_rows = (*_edges, float32[:, ::1], uint64, uint64)


@njit(void(*_rows, float32[:, ::1]), **_sums)
def student_attraction_2(indptr, indices, weight, places, begin, end, pull):
    """pull[:, i] = Σ_j p_ij (y_i - y_j) / (1 + |y_i - y_j|²) for rows begin … end - 1; places are (n, 2)."""
    _wide_vectors()
    for i in range(begin, end):
        here = (places[i, 0], places[i, 1])
        first, last = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        pull[0, i], pull[1, i] = _student_pull_2(indices, weight, places, first, last, here)


@njit(void(*_rows, float32[:, ::1]), **_sums)
def student_attraction_3(indptr, indices, weight, places, begin, end, pull):
    """The same in three dimensions; places are (n, 4), and the fourth number does not count."""
    _wide_vectors()
    for i in range(begin, end):
        here = (places[i, 0], places[i, 1], places[i, 2])
        first, last = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        pull[0, i], pull[1, i], pull[2, i] = _student_pull_3(indices, weight, places, first, last, here)


@njit(float64(*_rows), **_sums)
def student_log_sum_2(indptr, indices, weight, places, begin, end):
    """Σ p_ij log(1 + |y_i - y_j|²) over the edges of rows begin … end - 1; places are (n, 2)."""
    _wide_vectors()
    total = 0.0
    for i in range(begin, end):
        here = (places[i, 0], places[i, 1])
        first, last = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        (bits,) = _student_bits_2(indices, weight, places, first, last, here)
        total += float64(bits)
    return total * 0.6931471805599453


@njit(float64(*_rows), **_sums)
def student_log_sum_3(indptr, indices, weight, places, begin, end):
    """The same in three dimensions; places are (n, 4), and the fourth number does not count."""
    _wide_vectors()
    total = 0.0
    for i in range(begin, end):
        here = (places[i, 0], places[i, 1], places[i, 2])
        first, last = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        (bits,) = _student_bits_3(indices, weight, places, first, last, here)
        total += float64(bits)
    return total * 0.6931471805599453
