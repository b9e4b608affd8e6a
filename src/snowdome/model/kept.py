"""Models as files: numbers as safetensors, and one JSON text that says what they mean. Nothing is unpickled.

The text lies in the file's own header: kind and options, preparation, classes in order, form of the rows, hash of the
training data, scores, and ten probe rows with the probabilities that the model gave them. A file whose numbers do not
give those probabilities again is refused.
"""

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core import cache
from snowdome.core.cache import Arrays
from snowdome.core.errors import DataError, MissingDataError, OptionError, SnowdomeError
from snowdome.core.options import check_options, options_of
from snowdome.model.base import make_classifier
from snowdome.model.fitted import Model
from snowdome.model.inputs import Asked
from snowdome.model.preparation import Preparation
from snowdome.space.checks import afford

FORMAT = 1
"""Of the file: another one is refused, and says so (M-06)."""

PROBES = 10
_TOLERANCE = 1e-5
_MOST_TEXT = 8 << 20  # bytes of the header
_FOREIGN = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".h5", ".keras", ".ckpt", ".skops", ".onnx")


@dataclasses.dataclass(frozen=True)
class Card:
    """What stands beside the numbers of a model.

    Attributes:
        name, version: what it is called; versions count from 1.
        kind, options, preparation: what was fitted.
        classes: the names, in the order of the codes.
        data: name and payload hash of the data.
        scores: accuracy, n_train, n_test, seconds, as `train` printed them.
        made: the version of snowdome, and the date.
    """

    name: str
    version: int
    kind: str
    options: dict[str, Any]
    preparation: dict[str, Any]
    classes: tuple[str, ...]
    data: dict[str, str]
    scores: dict[str, Any]
    made: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Header:
    """All that the header says."""

    format: int
    card: Card
    asked: Asked
    n_train: int
    seconds: float
    notes: tuple[str, ...] = ()


class _Format(msgspec.Struct):
    """What is looked at before the rest of the header."""

    format: int


def write_model(path: Path, model: Model, card: Card, probes: NDArray[Any]) -> None:
    """Write model and card into one .safetensors file, whole or not at all; `probes` (m, p) are rows to check it by."""
    from safetensors.numpy import save

    rows = np.ascontiguousarray(probes[:PROBES])
    arrays = {
        **{f"state.{name}": np.ascontiguousarray(array) for name, array in model.state.items()},
        **{f"learnt.{name}": np.ascontiguousarray(array) for name, array in model.learnt.items()},
        "seen": model.seen, "probe.rows": rows, "probe.proba": model.judge(rows, 1)[1],
    }  # fmt: skip
    text = Header(FORMAT, card, model.asked, model.n_train, model.seconds, model.notes)
    blob = save(arrays, {"snowdome": msgspec.json.encode(text).decode()})
    with cache.atomic_write(path) as file:
        file.write(blob)


def card_for(model: Model, name: str, data: dict[str, str], scores: dict[str, Any], made: dict[str, str]) -> Card:
    """The card of a model of that name, version 1."""
    kind: Any = model.classifier
    options = {option: getattr(kind, option) for option in options_of(type(kind))}
    return Card(
        name, 1, model.kind, options, dataclasses.asdict(model.preparation), model.classes, data, scores, made
    )  # fmt: skip


def read_card(path: Path) -> Card:
    """What a model's file says of itself, without its numbers. Raises what `read_model` does."""
    return read_header(path).card


def read_model(path: Path) -> tuple[Model, Card]:
    """The model in a file, once its probe rows gave the probabilities that the file says they give.

    Raises MissingDataError where there is no such file; DataError where it is no model of ours, of another format, cut
    off, damaged, too large for the memory, or predicts otherwise than it did.
    """
    text = read_header(path)
    card = text.card
    arrays = _arrays(path)
    try:
        model = Model(
            make_classifier(card.kind, **card.options), Preparation(**card.preparation), _under(arrays, "learnt."),
            _under(arrays, "state."), card.classes, np.asarray(arrays["seen"], np.int64), text.asked,
            text.n_train, text.seconds, text.notes,
        )  # fmt: skip
        check_options(model.preparation)
        rows, wanted = arrays["probe.rows"], arrays["probe.proba"]
        if rows.shape[1:] != (text.asked.values,) or not text.asked.adds_up:
            raise ValueError("rows of another form than it says it takes")
        got = model.judge(rows, 1)[1]
        agree = got.shape == wanted.shape and bool(np.abs(got - wanted).max(initial=0.0) <= _TOLERANCE)
    except SnowdomeError as error:
        if isinstance(error, ImportError):
            raise
        raise DataError(f"{path.name}: {error}") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise DataError(f"{path.name}: the model is damaged, or was not written by snowdome ({error}).") from error
    if not agree:
        raise DataError(f"{path.name}: its probe rows do not give the probabilities that were written with them: the "
                        f"file is damaged. Train it again.")  # fmt: skip
    return model, card


def _under(arrays: Arrays, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def read_header(path: Path) -> Header:
    """What a file's header says; nothing else of the file is read. Raises what `read_model` does."""
    if path.suffix.lower() in _FOREIGN:
        raise DataError(f"{path.name}: {_how_to_convert(path.suffix.lower())}")
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _MOST_TEXT:
                raise DataError(f"{path.name}: it is no model of snowdome's (.safetensors).")
            header = msgspec.json.decode(file.read(length))
        text = header["__metadata__"]["snowdome"]
        written = msgspec.json.decode(text, type=_Format).format
        if written != FORMAT:
            raise DataError(f"{path.name}: it is of format {written}; this snowdome reads format {FORMAT}. Read it "
                            f"with the version that wrote it, or train it again.")  # fmt: skip
        return msgspec.json.decode(text, type=Header)
    except FileNotFoundError:
        raise MissingDataError(f"There is no model at {str(path)!r}.") from None
    except OSError as error:
        raise DataError(f"{path.name}: cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path.name}: it is no model of snowdome's, or its card is damaged ({error}).") from error


def _arrays(path: Path) -> Arrays:
    """The numbers of a file; safetensors itself checks that they tile the file and that no size is made up."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    size = path.stat().st_size
    afford(2 * size, f"{path.name}, a model of {size / 1e6:,.0f} MB,", "Train a smaller one.")
    try:
        arrays: Arrays = load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise DataError(f"{path.name}: the file is cut off or damaged ({error}).") from error
    return arrays


def _how_to_convert(suffix: str) -> str:
    if suffix in (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt"):
        why = "it is a pickle, which runs what it holds; nothing is unpickled here"
    else:
        why = "models of this format are not read here"
    return (
        f"{why}. Train the kind again with `snowdome train THING --kind K --out MODEL.safetensors`, or in the program "
        f"that wrote it take the class probabilities of your rows and compare those."
    )


class Shelf:
    """A folder of models by name and version: `NAME-vN.safetensors`. What is deleted lies in `deleted` until undone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = cache.private_folder(folder or cache.folder() / "models")

    def names(self) -> list[str]:
        """The names of the models that are kept, sorted."""
        return sorted({name for name, _ in self._there()})

    def versions(self, name: str) -> list[int]:
        """The versions of a model, oldest first."""
        return sorted(version for there, version in self._there() if there == name)

    def _there(self) -> list[tuple[str, int]]:
        found = []
        for path in self.folder.glob("*.safetensors"):
            name, _, version = path.stem.rpartition("-v")
            if name and version.isdecimal():
                found.append((name, int(version)))
        return found

    def path(self, name: str, version: int | None = None) -> Path:
        """The file of a model, of its newest version where none is named; MissingDataError where there is none."""
        there = self.versions(name)
        if not there:
            kept = ", ".join(self.names()) or "none"
            raise MissingDataError(f"There is no model {name!r}. There is: {kept}.")
        if version is not None and version not in there:
            raise MissingDataError(f"Model {name!r} has no version {version}; it has {', '.join(map(str, there))}.")
        return self.folder / f"{name}-v{version if version is not None else there[-1]}.safetensors"

    def keep(self, model: Model, card: Card, probes: NDArray[Any]) -> Card:
        """Write a model as the next version of its name; the card with that version."""
        check_name(card.name)
        gone = [int(path.stem.rpartition("-v")[2]) for path in self._deleted().glob(f"{card.name}-v*.safetensors")]
        card = dataclasses.replace(card, version=max([*self.versions(card.name), *gone], default=0) + 1)
        write_model(self.folder / f"{card.name}-v{card.version}.safetensors", model, card, probes)
        return card

    def load(self, name: str, version: int | None = None) -> tuple[Model, Card]:
        """A model that is kept; see `read_model`."""
        return read_model(self.path(name, version))

    def cards(self) -> list[Card]:
        """The cards of all models, by name and version; files that are damaged are left out."""
        found = []
        for name in self.names():
            for version in self.versions(name):
                try:
                    found.append(read_card(self.path(name, version)))
                except DataError:
                    continue
        return found

    def delete(self, name: str, version: int | None = None) -> None:
        """Take a model away, its newest version where none is named; `restore` brings it back."""
        path = self.path(name, version)
        path.replace(self._deleted() / path.name)

    def restore(self, name: str, version: int) -> None:
        """Bring back a model that was deleted; MissingDataError where none was."""
        check_name(name)
        path = self._deleted() / f"{name}-v{int(version)}.safetensors"
        if not path.is_file():
            raise MissingDataError(f"No version {version} of model {name!r} was deleted here.")
        path.replace(self.folder / path.name)

    def _deleted(self) -> Path:
        return cache.private_folder(self.folder / "deleted")


def check_name(name: str) -> None:
    """OptionError for a name that is no plain word: letters, digits, - and _, 64 at most."""
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum() and len(name) <= 64
    if not plain or name.startswith("-"):
        raise OptionError(f"A model's name got {name!r}; allowed: letters, digits, - and _, up to 64 of them.")
