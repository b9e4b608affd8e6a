"""snowdome: open a labelled set of images and watch its maps form."""

import importlib
from typing import Any

__version__ = "0.1.0"

# Public names and where they live. They are imported when first used, so that `import snowdome` is quick.
_HOMES = {
    "Dataset": ("snowdome.data.dataset", "Dataset"),
    "Frame": ("snowdome.layout.base", "Frame"),
    "Isomap": ("snowdome.layout.methods.isomap", "Isomap"),
    "KNNGraph": ("snowdome.layout.methods.graph", "KNNGraph"),
    "MDS": ("snowdome.layout.methods.mds", "MDS"),
    "PCA": ("snowdome.layout.methods.pca", "PCA"),
    "Preparation": ("snowdome.model.preparation", "Preparation"),
    "SNE": ("snowdome.layout.methods.sne", "SNE"),
    "Sammon": ("snowdome.layout.methods.sammon", "Sammon"),
    "Spectrum": ("snowdome.layout.methods.spectrum", "Spectrum"),
    "TSNE": ("snowdome.layout.methods.tsne", "TSNE"),
    "UMAPLike": ("snowdome.layout.methods.umap", "UMAPLike"),
    "DataError": ("snowdome.core.errors", "DataError"),
    "MissingDataError": ("snowdome.core.errors", "MissingDataError"),
    "OptionError": ("snowdome.core.errors", "OptionError"),
    "SnowdomeError": ("snowdome.core.errors", "SnowdomeError"),
    "atypical": ("snowdome.summary.asked", "atypical"),
    "centroids": ("snowdome.summary.asked", "centroids"),
    "classifier": ("snowdome.model.base", "make_classifier"),
    "compare": ("snowdome.model.compare", "compare"),
    "cross_fit": ("snowdome.model.crossfit", "cross_fit"),
    "explore": ("snowdome.summary.asked", "explore"),
    "open": ("snowdome.data.source", "open_dataset"),
    "photo": ("snowdome.data.photo", "photo"),
    "picture": ("snowdome.chart.of_summary", "picture"),
    "read_model": ("snowdome.model.kept", "read_model"),
    "split": ("snowdome.data.split", "split"),
    "suspects": ("snowdome.model.suspects", "find_suspects"),
    "train": ("snowdome.model.compare", "train"),
}

__all__ = sorted([*_HOMES, "__version__"])  # noqa: PLE0605 - the names of _HOMES


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'snowdome' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
