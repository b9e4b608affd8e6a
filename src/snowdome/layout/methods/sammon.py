"""Sammon's mapping: distances kept as well as can be, the small ones more strictly."""

from dataclasses import dataclass
from typing import ClassVar

from snowdome.layout import olah
from snowdome.layout.methods.mds import MDS


@dataclass(eq=False)
class Sammon(MDS):
    """Least Sammon stress, Σ (δ - d)²/δ over all pairs by Σ δ, in 2 or 3 dimensions: MDS with weights 1/δ.

    J. W. Sammon, "A nonlinear mapping for data structure analysis", IEEE Trans. Computers C-18 (1969), by majorisation
    as MDS is. A pair nearer than a hundredth of the mean distance, two equal rows say, weighs as if it were that far
    apart. `cost_` is the Sammon stress: 0 where all distances are kept, 1 for a map at one place. Else as in MDS.
    """

    title: ClassVar[str] = "Sammon"
    says: ClassVar[str] = "Sammon's map keeps distances, the small ones more strictly; classes still overlap."
    cost_name: ClassVar[str] = "Sammon stress"
    inverse: ClassVar[bool] = True
    olah_runs: ClassVar[dict[int, olah.Run]] = olah.RUNS["sammon"]
