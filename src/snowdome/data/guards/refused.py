"""Files that are known and not opened, because opening them can run any program or needs a library of their own.

They are told by their content, and the sentence says how to convert them where they are trusted.
"""

import re
import zipfile
from pathlib import Path

from snowdome.data.guards import limits
from snowdome.data.pictures import tree

_PICKLE = re.compile(rb"\x80[\x02-\x05]|\(dp?0?\n|\(lp?0?\n|c[a-z_]+\n[A-Za-z_]+\n|\]q\x01|\(l?p0\n")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_THEANO = (
    "\n  import gzip, pickle, numpy\n"
    "  (X, y), (Xv, yv), (Xt, yt) = pickle.load(gzip.open({name!r}), encoding='latin1')\n"
    "  numpy.savez('mnist.npz', x_train=X, y_train=y, x_val=Xv, y_val=yv, x_test=Xt, y_test=yt)"
)
_STARTS = {
    b"ARROW1": "an Arrow (Feather) file; save it as parquet: polars.read_ipc({name!r}).write_parquet('data.parquet')",
    b"\xd0\xcf\x11\xe0": "an old Office file; save the sheet as CSV",
    b"%PDF": "a PDF; images are PNG, JPEG, WebP, BMP, GIF or TIFF files",
    b"MATLAB 5.0": "a MATLAB file; save it as npz: numpy.savez('data.npz', **scipy.io.loadmat({name!r}))",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"7z\xbc\xaf": "a 7z archive; unpack it, or pack the folder as a zip",
    b"Rar!": "a RAR archive; unpack it, or pack the folder as a zip",
    b"BZh": "packed with bzip2; unpack it",
    b"\xfd7zXZ": "packed with xz; unpack it",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it",
}


def why(path: Path, head: bytes) -> str | None:
    """Why a file is not opened, and what to do; None for any other. `head` is its first bytes."""
    name = tree.text(path.name)
    start = limits.start(head)
    packed = start is not head
    if _PICKLE.match(start):
        how = _THEANO if packed else "\n  numpy.savez('data.npz', X=X, y=y)"
        return (f"{name}: a pickle, which can run any program when it is opened; snowdome opens none. If you trust "
                f"where it is from, convert it in Python:{how.format(name=name)}")  # fmt: skip
    if start.startswith(_HDF5):
        return (f"{name}: an HDF5 file (Keras, h5py, MATLAB 7.3), which is not read. Convert it in Python: "
                f"f = h5py.File({name!r}); numpy.savez('data.npz', X=f['X'], y=f['y'])")  # fmt: skip
    if start[257:262] == b"ustar":
        return f"{name}: a tar archive, which is not opened. Unpack it and open the folder, or pack that as a zip."
    for begin, words in _STARTS.items():
        if start.startswith(begin):
            return f"{name}: {words.format(name=name)}."
    return _zipped(path, name) if head.startswith(b"PK\x03\x04") else None


def _zipped(path: Path, name: str) -> str | None:
    """torch and Office keep their files in zips."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None  # a damaged zip: its reader says so
    if any(inner.endswith("data.pkl") for inner in names):
        return (f"{name}: saved by torch.save, which is a pickle and can run any program when it is opened; snowdome "
                f"opens none. If you trust where it is from, convert it in Python: "
                f"numpy.savez('data.npz', X=torch.load({name!r}).numpy())")  # fmt: skip
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return f"{name}: an Excel file; save the sheet as CSV."
    return None
