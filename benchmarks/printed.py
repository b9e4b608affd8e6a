"""The scores that the documents print, beside ours: how far they may differ, and whether they do.

What came of a score depends on the version of scikit-learn, so some are bands: those of the specification.
"""

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.harness import contender

ME = "benchmarks.printed"


@dataclass(frozen=True)
class Within:
    """What a score is held to: at least `low`, at most `high`."""

    low: float
    high: float = 1.0

    def __str__(self) -> str:
        return f"≥ {self.low:g}" if self.high == 1 else f"{self.low:g} to {self.high:g}"


def about(score: float, by: float) -> Within:
    """So much more or less."""
    return Within(round(score - by, 7), round(score + by, 7))


HELD = {
    "centroid": about(0.8203, 0.0005),
    "logistic-raw": about(0.9150714, 0.002),
    "logistic-minmax": about(0.921, 0.002),
    "logistic-standard": about(0.9165, 0.002),
    "pca30": about(0.892, 0.002),
    "pca30-poly": Within(0.965),
    "pca100": about(0.91757, 0.002),
    "pca100-poly": Within(0.975),
    "sgd-hinge-raw": Within(0.82, 0.89),
    "sgd-hinge-scaled": Within(0.91),
    "sgd-log-raw": Within(0.85, 0.90),
    "sgd-log-scaled": Within(0.91),
    "knn1": about(0.9691, 0.0005),
    "knn3": about(0.9705, 0.0005),
    "knn5": about(0.9688, 0.0005),
}
# D12: precision, recall and F1 of the ten classes, of the model of D9.
OF_CLASSES = {
    "precision": (0.9561, 0.9534, 0.9029, 0.8909, 0.9186, 0.8865, 0.9316, 0.9250, 0.8842, 0.8921),
    "recall": (0.9561, 0.9719, 0.8899, 0.8946, 0.9151, 0.8594, 0.9463, 0.9348, 0.8666, 0.9021),
    "f1": (0.9561, 0.9626, 0.8964, 0.8928, 0.9168, 0.8728, 0.9389, 0.9298, 0.8753, 0.8971),
}
# E4, E5: three folds of the training rows, by the splitter of before scikit-learn 0.22.
FOLDS = {
    "hinge": (0.86872625, 0.87639382, 0.87848177),
    "log": (0.87077584, 0.84534227, 0.87178077),
}


def score_of(name: str) -> dict[str, Any]:
    """A lesson on MNIST in a process of its own: printed, recomputed, ours, what it is held to, whether that holds."""
    found = contender(ME, "score", name)
    return found | {"held_to": str(HELD[name]), "holds": HELD[name].low <= found["ours"] <= HELD[name].high}


def score(name: str) -> dict[str, Any]:
    """One lesson, on one thread: its processor seconds do not depend on what else runs."""
    import time

    import snowdome
    from snowdome.model.evaluate import metrics
    from snowdome.model.lessons import LESSONS, learnt

    lesson, data = LESSONS[name], snowdome.open("mnist")
    began = time.process_time()
    model, verdict = learnt(data, lesson, n_jobs=1)
    told = {
        "lesson": name, "source": lesson.source, "printed": lesson.printed, "recomputed": lesson.recomputed,
        "ours": verdict.accuracy, "right": int(verdict.correct.sum()), "n_train": model.n_train, "n_test": len(verdict),
        "seconds": round(model.seconds, 2), "cpu_seconds": round(time.process_time() - began, 2),
        "preparation": asdict(lesson.preparation), "options": lesson.options, "notes": list(model.notes),
    }  # fmt: skip
    if name == "logistic-raw":
        table = metrics(verdict)
        told["classes"] = {key: [round(value, 4) for value in table[key].to_list()] for key in OF_CLASSES}
        told["classes_differ_by"] = {
            key: round(max(abs(a - b) for a, b in zip(told["classes"][key], printed, strict=True)), 4)
            for key, printed in OF_CLASSES.items()
        }
    return told


def folds(loss: str) -> dict[str, Any]:
    """SGD on raw values in three folds of the 60,000, printed and ours."""
    import time

    import numpy as np

    import snowdome
    from snowdome.data.split import folds as cut
    from snowdome.model.base import make_classifier
    from snowdome.model.fitted import fit_model
    from snowdome.model.preparation import Preparation

    data = snowdome.open("mnist").train
    kind = make_classifier("sgd", loss=loss, random_state=42)
    began, ours, sizes = time.process_time(), [], []
    for part in cut(len(data), np.asarray(data.y), "sklearn<0.22", k=3):
        test = data.take(part.test)
        ours.append(fit_model(data.take(part.train), kind, Preparation("raw"), n_jobs=1).verdict(test).accuracy)
        sizes.append(len(test))
    return {"loss": loss, "printed": FOLDS[loss], "ours": ours, "rows": sizes,
            "cpu_seconds": round(time.process_time() - began, 1)}  # fmt: skip
