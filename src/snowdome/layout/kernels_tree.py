"""Compiled loops of the tree: repulsion between all pairs of points by any of three radial laws.

A law is a potential φ of s = r² + softening, together with A1, A2, A3, by which its derivatives are written in every
direction: ∇φ = A1 r, ∂ᵢⱼφ = A1 δᵢⱼ + A2 rᵢrⱼ, and so on, that is A1 = 2 dφ/ds and each one twice the slope of the one
before. It is chosen by a number that is a constant in each compiled kernel, so that no loop asks for it.

Positions are (3, n) float32; a flat map has zeros for its third coordinate. Indices are unsigned. A kernel and all it
calls live here: numba's cache does not notice an edit in another file.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, int64, njit, types, uint32, uint64, void
from numba.extending import intrinsic

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"}}
_inline = {**_sums, "forceinline": True}  # by LLVM: numba's own inlining takes several times as long to compile

_STUDENT, _LOGARITHM, _INVERSE, _LOGARITHM_FORCE = U(0), U(1), U(2), U(3)
_BITS = U(21)  # of each coordinate in a point's code
_FAR = F(1e15)  # where the sources are that only fill up a vector
_LANES = U(64)  # sources are filled up to a multiple of this
_CELLS, _POINTS = U(512), U(2048)  # sources that are summed at a time: both buffers stay in the first-level cache

# Columns of a cell's moments.
_CENTRE, _SECOND, _MASS, _RADIUS, _LOW, _HIGH = U(0), U(3), U(9), U(10), U(11), U(14)
WIDTH = 17


@intrinsic
def _wide(context):  # noqa: ARG001
    """Let this function use the widest vectors there are; the compiler prefers half of them on servers."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.void(), generate


@njit(**_inline)
def _log2(value):
    """log2 of a positive normal number: the exponent's bits plus a polynomial in the mantissa; error below 4e-7."""
    bits = np.float32(value).view(np.int32)
    exponent = F(np.int32(bits >> np.int32(23))) - F(127)
    m = np.int32(np.int32(bits & np.int32(0x007FFFFF)) | np.int32(0x3F800000)).view(np.float32) - F(1)
    p = F(0.0637875255) + m * F(-0.012370624)
    p = F(-0.155599862) + m * p
    p = F(0.256179624) + m * p
    p = F(-0.35345465) + m * p
    p = F(0.480073742) + m * p
    p = F(-0.721310722) + m * p
    p = F(1.44269477) + m * p
    return exponent + m * p


@njit(**_inline)
def _first(law, s):
    """φ and A1 at s."""
    if law == _STUDENT:  # φ = 1/s
        q = F(1) / s
        value, slope = q, F(-2) * q * q
    elif law == _LOGARITHM:  # φ = -½ log s
        value, slope = F(-0.34657359) * _log2(s), F(-1) / s
    elif law == _LOGARITHM_FORCE:  # its force alone: the logarithm costs several times as much
        value, slope = F(0), F(-1) / s
    else:  # φ = 1/√s
        value = F(1) / np.sqrt(s)
        slope = -value * value * value
    return value, slope


@njit(**_inline)
def _third(law, s):
    """φ, A1, A2 and A3 at s."""
    q = F(1) / s
    value, a1 = _first(law, s)
    if law == _STUDENT:
        a2 = F(-4) * q * a1
        a3 = F(-6) * q * a2
    elif law == _INVERSE:
        a2 = F(-3) * q * a1
        a3 = F(-5) * q * a2
    else:
        a2 = F(-2) * q * a1
        a3 = F(-4) * q * a2
    return value, a1, a2, a3


# ---- the tree -------------------------------------------------------------------------------------------------------


@njit(**_inline)
def _every_third_bit(v):
    v = (v | (v << U(32))) & U(0x001F00000000FFFF)
    v = (v | (v << U(16))) & U(0x001F0000FF0000FF)
    v = (v | (v << U(8))) & U(0x100F00F00F00F00F)
    v = (v | (v << U(4))) & U(0x10C30C30C30C30C3)
    return (v | (v << U(2))) & U(0x1249249249249249)


@njit(void(float32[:, ::1], float32[::1], float32, uint64[::1]), **_exact)
def curve_codes(Y, low, per_cell, code):
    """The place of each point of Y (2 or 3, n) on a Z-shaped curve through 2²¹ cells a side (G. M. Morton 1966)."""
    last = F(2097151)
    for i in range(U(Y.shape[1])):
        z = U(0)
        for c in range(U(Y.shape[0])):
            cell = min(last, max(F(0), (Y[c, i] - low[c]) * per_cell))
            z |= _every_third_bit(U(uint32(cell))) << U(c)
        code[i] = z


@njit(void(uint64[::1], uint32[::1]), **_exact)
def sort_codes(code, order):
    """Sort the codes in place and fill `order` with the rows they come from; equal codes stay in the order of rows.

    By digits of 11 bits from the last, leaving out digits that are all the same.
    """
    n, digits, radix = U(code.shape[0]), U(6), U(2048)
    count = np.zeros((6, 2049), np.int64)
    for i in range(n):
        for d in range(digits):
            count[d, ((code[i] >> (U(11) * d)) & (radix - U(1))) + U(1)] += 1
        order[i] = uint32(i)
    a, b = code, np.empty_like(code)
    rows, others = order, np.empty_like(order)
    moved = False
    for d in range(digits):
        place = count[d]
        shift = U(11) * d
        if place[((a[0] >> shift) & (radix - U(1))) + U(1)] == int64(n):
            continue
        for v in range(radix):
            place[v + U(1)] += place[v]
        for i in range(n):
            v = (a[i] >> shift) & (radix - U(1))
            to = U(place[v])
            place[v] += 1
            b[to], others[to] = a[i], rows[i]
        a, b, rows, others = b, a, others, rows
        moved = not moved
    if moved:
        for i in range(n):  # slices of arrays would take numba a second to compile, for the sake of their error
            code[i], order[i] = a[i], rows[i]


@njit(uint64(uint64[::1], uint64, uint32[:, ::1]), **_exact)
def build(code, leaf, node):
    """The tree over sorted codes: node (at least 2 n, 4) becomes begin, end, first child, children; returns how many.

    Breadth first: children stand together, after their parent. A cell with one child is left out. A cell of at most
    `leaf` points, or of points with the same code, has none.
    """
    node[0, 0], node[0, 1] = 0, code.shape[0]
    cell, nodes = U(0), U(1)
    while cell < nodes:
        begin, end = U(node[cell, 0]), U(node[cell, 1])
        differ = code[begin] ^ code[end - U(1)]
        node[cell, 2], node[cell, 3] = nodes, 0
        if end - begin > leaf and differ > U(0):
            shift = U(0)
            while differ >> (shift + U(3)) > U(0):
                shift += U(3)
            while begin < end:
                key, low, high = code[begin] >> shift, begin, end
                while low < high:
                    middle = (low + high) >> U(1)
                    if code[middle] >> shift <= key:
                        low = middle + U(1)
                    else:
                        high = middle
                node[nodes, 0], node[nodes, 1] = begin, low
                nodes += U(1)
                begin = low
            node[cell, 3] = nodes - U(node[cell, 2])
        cell += U(1)
    return nodes


@njit(uint64(uint32[:, ::1], uint64, uint32[:, ::1]), **_exact)
def groups(node, most, group):
    """Cells of at most `most` points: group (rows, 3) becomes cell, begin, end, along the curve; returns how many.

    A cell that cannot be cut further is given in pieces.
    """
    found, depth = U(0), U(1)
    stack = np.zeros(256, np.uint32)
    while depth > U(0):
        depth -= U(1)
        cell = U(stack[depth])
        begin, end, children = U(node[cell, 0]), U(node[cell, 1]), U(node[cell, 3])
        if end - begin <= most or children == U(0):
            while begin < end:
                group[found, 0], group[found, 1], group[found, 2] = cell, begin, min(end, begin + most)
                begin += most
                found += U(1)
        else:
            for child in range(children):
                stack[depth] = node[cell, 2] + children - U(1) - child
                depth += U(1)
    return found


@njit(void(float32[:, ::1], uint32[::1], uint64, uint64, float32[:, ::1]), **_exact)
def gather_points(Y, order, begin, end, points):
    """points[:, i] = Y[:, order[i]] for i in begin … end - 1; a flat map gets a third coordinate of 0."""
    for c in range(U(3)):
        for i in range(begin, end):
            points[c, i] = Y[c, U(order[i])] if c < U(Y.shape[0]) else F(0)


@njit(**_inline)
def _set_radius(m):
    """The square of a cell's size: of its points' rms distance, or of its farthest corner's where that is larger.

    The corner counts .577 of its distance, which is what the rms of a full cube is; without it a cell with an outlier
    would be thought small.
    """
    corner = F(0)
    for c in range(U(3)):
        reach = max(m[_HIGH + c] - m[_CENTRE + c], m[_CENTRE + c] - m[_LOW + c])
        corner += reach * reach
    rms = (m[_SECOND] + m[_SECOND + U(1)] + m[_SECOND + U(2)]) / m[_MASS]
    m[_RADIUS] = np.sqrt(max(rms, corner / F(3)))


@njit(**_inline)
def _add_second(m, weight, dx, dy, dz):
    m[_SECOND] += weight * dx * dx
    m[_SECOND + U(1)] += weight * dy * dy
    m[_SECOND + U(2)] += weight * dz * dz
    m[_SECOND + U(3)] += weight * dx * dy
    m[_SECOND + U(4)] += weight * dx * dz
    m[_SECOND + U(5)] += weight * dy * dz


@njit(void(float32[:, ::1], uint32[:, ::1], uint64, uint64, float32[:, ::1]), **_sums)
def leaf_moments(points, node, first, last, moments):
    """Centre, second moments, mass, size and box of those of the cells first … last - 1 that have no children."""
    for cell in range(first, last):
        if node[cell, 3] == uint32(0):
            m = moments[cell]
            begin, end = U(node[cell, 0]), U(node[cell, 1])
            m[_MASS] = F(end - begin)
            for c in range(U(3)):
                total, low, high = F(0), F(np.inf), F(-np.inf)
                for i in range(begin, end):
                    value = points[c, i]
                    total += value
                    low, high = min(low, value), max(high, value)
                # of equal points the mean can be off them by its rounding, and a cell of no size must not be
                m[_CENTRE + c] = min(high, max(low, total / m[_MASS]))
                m[_LOW + c], m[_HIGH + c] = low, high
            for c in range(U(6)):
                m[_SECOND + c] = F(0)
            for i in range(begin, end):
                _add_second(m, F(1), points[0, i] - m[0], points[1, i] - m[1], points[2, i] - m[2])
            _set_radius(m)


@njit(void(uint32[:, ::1], uint64, float32[:, ::1]), **_sums)
def upper_moments(node, nodes, moments):
    """The same of the cells that have children, from those of the children."""
    for back in range(nodes):
        cell = nodes - U(1) - back
        first, children = U(node[cell, 2]), U(node[cell, 3])
        if children == U(0):
            continue
        m = moments[cell]
        m[_MASS] = F(node[cell, 1] - node[cell, 0])
        for c in range(U(3)):
            total, low, high = F(0), F(np.inf), F(-np.inf)
            for child in range(first, first + children):
                total += moments[child, _MASS] * moments[child, _CENTRE + c]
                low, high = min(low, moments[child, _LOW + c]), max(high, moments[child, _HIGH + c])
            m[_CENTRE + c] = min(high, max(low, total / m[_MASS]))
            m[_LOW + c], m[_HIGH + c] = low, high
        for c in range(U(6)):
            m[_SECOND + c] = F(0)
        for child in range(first, first + children):
            other = moments[child]
            _add_second(m, other[_MASS], other[0] - m[0], other[1] - m[1], other[2] - m[2])
            for c in range(U(6)):
                m[_SECOND + c] += other[_SECOND + c]
        _set_radius(m)


# ---- sums over sources ----------------------------------------------------------------------------------------------


@njit(**_inline)
def _sum_points(law, softening, points, begin, end, source, count, force):
    sx, sy, sz, there = source[0], source[1], source[2], source[3]
    for i in range(begin, end):
        x, y, z = points[0, i], points[1, i], points[2, i]
        fx = fy = fz = total = F(0)
        for j in range(count):
            dx, dy, dz = x - sx[j], y - sy[j], z - sz[j]
            value, slope = _first(law, dx * dx + dy * dy + dz * dz + softening)
            if law == _LOGARITHM:  # which does not vanish far away, where the sources are that only fill up
                value *= there[j]
            total += value
            fx += slope * dx
            fy += slope * dy
            fz += slope * dz
        at = i - begin
        force[0, at] += fx
        force[1, at] += fy
        force[2, at] += fz
        force[3, at] += total


@njit(**_sums)
def _add_points(law, softening, points, begin, end, source, count, force):
    """Add to force (4, …) ∇φ and φ at points[:, begin:end] of the points in the first columns of source (4, …).

    A column of it is a place, and 1 or, where it only fills up, 0.
    """
    _wide()
    if law == _STUDENT:
        _sum_points(_STUDENT, softening, points, begin, end, source, count, force)
    elif law == _LOGARITHM:
        _sum_points(_LOGARITHM, softening, points, begin, end, source, count, force)
    elif law == _LOGARITHM_FORCE:
        _sum_points(_LOGARITHM_FORCE, softening, points, begin, end, source, count, force)
    else:
        _sum_points(_INVERSE, softening, points, begin, end, source, count, force)


@njit(**_inline)
def _second_order(law, softening, dx, dy, dz, source, j):
    """Of source cell j seen across (dx, dy, dz): φ with its quadrupole, the factors e and a2 of ∇φ = e d + a2 Q d,
    Q d, and its mass times A1, A2 and A3."""
    value, a1, a2, a3 = _third(law, dx * dx + dy * dy + dz * dz + softening)
    xx, yy, zz, xy, xz, yz = source[3, j], source[4, j], source[5, j], source[6, j], source[7, j], source[8, j]
    mass = source[9, j]
    qx, qy, qz = xx * dx + xy * dy + xz * dz, xy * dx + yy * dy + yz * dz, xz * dx + yz * dy + zz * dz
    trace, along = xx + yy + zz, qx * dx + qy * dy + qz * dz
    potential = mass * value + F(0.5) * (a1 * trace + a2 * along)
    factor = mass * a1 + F(0.5) * (a2 * trace + a3 * along)
    return potential, factor, a2, qx, qy, qz, mass * a1, mass * a2, mass * a3


@njit(**_inline)
def _sum_cells(law, softening, points, begin, end, source, count, force):
    for i in range(begin, end):
        x, y, z = points[0, i], points[1, i], points[2, i]
        fx = fy = fz = total = F(0)
        for j in range(count):
            dx, dy, dz = x - source[0, j], y - source[1, j], z - source[2, j]
            potential, e, a2, qx, qy, qz, _, _, _ = _second_order(law, softening, dx, dy, dz, source, j)
            total += potential
            fx += e * dx + a2 * qx
            fy += e * dy + a2 * qy
            fz += e * dz + a2 * qz
        at = i - begin
        force[0, at] += fx
        force[1, at] += fy
        force[2, at] += fz
        force[3, at] += total


@njit(**_sums)
def _add_cells(law, softening, points, begin, end, source, count, force):
    """The same for the cells in the first columns of source (10, …), with their quadrupoles."""
    _wide()
    if law == _STUDENT:
        _sum_cells(_STUDENT, softening, points, begin, end, source, count, force)
    elif law == _LOGARITHM:
        _sum_cells(_LOGARITHM, softening, points, begin, end, source, count, force)
    elif law == _LOGARITHM_FORCE:
        _sum_cells(_LOGARITHM_FORCE, softening, points, begin, end, source, count, force)
    else:
        _sum_cells(_INVERSE, softening, points, begin, end, source, count, force)


@njit(**_inline)
def _sum_expansion(law, softening, x, y, z, source, count, local):
    c0 = cx = cy = cz = plain = F(0)
    xx = yy = zz = xy = xz = yz = F(0)
    tx = ty = tz = xxx = yyy = zzz = xxy = xxz = xyy = yyz = xzz = yzz = xyz = F(0)
    for j in range(count):
        dx, dy, dz = x - source[0, j], y - source[1, j], z - source[2, j]
        potential, e, a2, qx, qy, qz, m1, m2, m3 = _second_order(law, softening, dx, dy, dz, source, j)
        c0 += potential
        cx += e * dx + a2 * qx
        cy += e * dy + a2 * qy
        cz += e * dz + a2 * qz
        plain += m1
        bx, by, bz = m2 * dx, m2 * dy, m2 * dz
        xx += bx * dx
        yy += by * dy
        zz += bz * dz
        xy += bx * dy
        xz += bx * dz
        yz += by * dz
        tx += bx
        ty += by
        tz += bz
        ux, uy, uz = m3 * dx * dx, m3 * dy * dy, m3 * dz * dz
        xxx += ux * dx
        xxy += ux * dy
        xxz += ux * dz
        xyy += uy * dx
        yyy += uy * dy
        yyz += uy * dz
        xzz += uz * dx
        yzz += uz * dy
        zzz += uz * dz
        xyz += m3 * dx * dy * dz
    sums = (
        c0, cx, cy, cz, plain + xx, plain + yy, plain + zz, xy, xz, yz, xxx + F(3) * tx, yyy + F(3) * ty,
        zzz + F(3) * tz, xxy + ty, xxz + tz, xyy + tx, yyz + tz, xzz + tx, yzz + ty, xyz,
    )  # fmt: skip
    for k in range(20):
        local[k] += sums[k]


@njit(**_sums)
def _add_expansion(law, softening, home, source, count, local):
    """Add to `local` (20,) the Taylor coefficients up to third order about the centre of the cell `home` of φ of those
    cells."""
    _wide()
    if law == _STUDENT:
        _sum_expansion(_STUDENT, softening, home[0], home[1], home[2], source, count, local)
    elif law == _LOGARITHM:
        _sum_expansion(_LOGARITHM, softening, home[0], home[1], home[2], source, count, local)
    elif law == _LOGARITHM_FORCE:
        _sum_expansion(_LOGARITHM_FORCE, softening, home[0], home[1], home[2], source, count, local)
    else:
        _sum_expansion(_INVERSE, softening, home[0], home[1], home[2], source, count, local)


@njit(**_inline)
def _at(c, x, y, z):
    """∇φ and φ at (x, y, z) from the centre of the expansion c (20,)."""
    half = F(0.5)
    gx, gy, gz = c[4] * x + c[7] * y + c[8] * z, c[7] * x + c[5] * y + c[9] * z, c[8] * x + c[9] * y + c[6] * z
    xx, yy, zz, xy, xz, yz = x * x, y * y, z * z, F(2) * x * y, F(2) * x * z, F(2) * y * z
    hx = c[10] * xx + c[15] * yy + c[17] * zz + c[13] * xy + c[14] * xz + c[19] * yz
    hy = c[13] * xx + c[11] * yy + c[18] * zz + c[15] * xy + c[19] * xz + c[16] * yz
    hz = c[14] * xx + c[16] * yy + c[12] * zz + c[19] * xy + c[17] * xz + c[18] * yz
    value = c[0] + (c[1] * x + c[2] * y + c[3] * z) + half * (gx * x + gy * y + gz * z)
    value += F(1 / 6) * (hx * x + hy * y + hz * z)
    return c[1] + gx + half * hx, c[2] + gy + half * hy, c[3] + gz + half * hz, value


@njit(**_inline)
def _fill_up(source, count, rows):
    """Sources that weigh nothing up to a multiple of a vector's lanes; returns how many there are now."""
    while count % _LANES > U(0):
        for row in range(rows):
            source[row, count] = _FAR if row < U(3) else F(0)
        count += U(1)
    return count


@njit(**_sums)
def _repel_group(law, softening, opening, points, node, moments, group, source, cells, near, local, force):
    """∇φ and φ of all points at those of one group, into force (4, points of the group).

    One walk down the tree for the whole group. A cell that is small against its distance from the group's centre, the
    group being small too, goes into the group's expansion; one that is small against its distance from the group's box
    is summed for each point, with its quadrupole; the points of a leaf that is neither are summed one by one.
    """
    mine, begin, end = U(group[0]), U(group[1]), U(group[2])
    home = moments[mine]
    squared = opening * opening
    force[:] = F(0)
    local[:] = F(0)
    stack = np.zeros(256, np.uint32)
    depth, far, middle, close = U(1), U(0), U(0), U(0)
    while depth > U(0):
        depth -= U(1)
        cell = U(stack[depth])
        m = moments[cell]
        apart = gap = softening
        for c in range(U(3)):
            d = home[_CENTRE + c] - m[_CENTRE + c]
            apart += d * d
            d = max(F(0), home[_LOW + c] - m[_CENTRE + c], m[_CENTRE + c] - home[_HIGH + c])
            gap += d * d
        sizes = m[_RADIUS] + home[_RADIUS]
        if sizes * sizes < squared * apart:
            for k in range(U(10)):
                source[k, far] = m[k]
            far += U(1)
            if far == _CELLS:
                _add_expansion(law, softening, home, source, far, local)
                far = U(0)
        elif m[_RADIUS] * m[_RADIUS] < squared * gap and m[_MASS] > F(3):
            for k in range(U(10)):
                cells[k, middle] = m[k]
            middle += U(1)
            if middle == _CELLS:
                _add_cells(law, softening, points, begin, end, cells, middle, force)
                middle = U(0)
        elif node[cell, 3] == uint32(0):
            for j in range(U(node[cell, 0]), U(node[cell, 1])):
                near[0, close], near[1, close], near[2, close] = points[0, j], points[1, j], points[2, j]
                near[3, close] = F(1)
                close += U(1)
                if close == _POINTS:
                    _add_points(law, softening, points, begin, end, near, close, force)
                    close = U(0)
        else:
            for child in range(U(node[cell, 3])):
                stack[depth] = node[cell, 2] + uint32(child)
                depth += U(1)
    _add_expansion(law, softening, home, source, _fill_up(source, far, U(10)), local)
    _add_cells(law, softening, points, begin, end, cells, _fill_up(cells, middle, U(10)), force)
    _add_points(law, softening, points, begin, end, near, _fill_up(near, close, U(4)), force)
    for i in range(begin, end):
        fx, fy, fz, value = _at(local, points[0, i] - home[0], points[1, i] - home[1], points[2, i] - home[2])
        force[0, i - begin] += fx
        force[1, i - begin] += fy
        force[2, i - begin] += fz
        force[3, i - begin] += value


_rows, _cells = float32[:, ::1], uint32[:, ::1]


@njit(float64(uint64, float32, float32, _rows, uint32[::1], _cells, _rows, _cells, uint64, uint64, _rows), **_sums)
def repel(law, softening, opening, points, order, node, moments, group, first, last, push):
    """push[:, i] = ½ ∇ Σ_j φ(r_ij) at the points i of the groups first … last - 1, and Σ φ over their pairs.

    The law is 0 for φ = 1/s, 1 for -½ log s, 2 for 1/√s; 3 for the force of -½ log s with no sum.
    """
    most = U(0)
    for g in range(first, last):
        most = max(most, U(group[g, 2] - group[g, 1]))
    source, cells = np.empty((10, _CELLS), np.float32), np.empty((10, _CELLS), np.float32)
    near, local, force = np.empty((4, _POINTS), np.float32), np.empty(20, np.float32), np.empty((4, most), np.float32)
    itself = _first(law, softening)[0]  # φ of a point at itself
    total = 0.0
    for g in range(first, last):
        _repel_group(law, softening, opening, points, node, moments, group[g], source, cells, near, local, force)
        begin = U(group[g, 1])
        for i in range(begin, U(group[g, 2])):
            for c in range(U(push.shape[0])):
                push[c, U(order[i])] = F(0.5) * force[c, i - begin]
            total += float64(force[3, i - begin] - itself)
    return total


@njit(float64(uint64, float32, _rows, uint64, uint64, _rows), **_sums)
def repel_exact(law, softening, points, begin, end, push):
    """The same for rows begin … end - 1 by all pairs.

    points (4, m), m a multiple of 64: places, and 1 where there is a point, 0 in columns that only fill up.
    """
    force = np.zeros((4, end - begin), np.float32)
    _add_points(law, softening, points, begin, end, points, U(points.shape[1]), force)
    itself = _first(law, softening)[0]  # φ of a point at itself
    total = 0.0
    for i in range(begin, end):
        for c in range(U(push.shape[0])):
            push[c, i] = F(0.5) * force[c, i - begin]
        total += float64(force[3, i - begin] - itself)
    return total
