"""`snowdome photo`: digits on a photo as MNIST's images."""

import json
from pathlib import Path
from typing import Any

import click

from snowdome.cli.errors import plainly, printable
from snowdome.core.errors import OptionError


@click.command("photo")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the digits: rows of 784 values as .npy, or side by side as .png.")  # fmt: skip
@click.option("--steps", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write a picture of each step into this folder.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the facts as the last line.")
@plainly
def photo_command(file: Path, out: Path | None, folder: Path | None, as_json: bool) -> None:
    """Find the handwritten digits on the photo FILE and prepare them as MNIST's images: 28 × 28, bright ink."""
    from snowdome.data.photo import photo

    if out is not None and out.suffix not in (".npy", ".png"):
        raise OptionError(f"--out: {out.name!r} ends in {out.suffix!r}; allowed: .npy, .png.")
    for path in (out, folder):
        if path is not None and not path.absolute().parent.is_dir():
            raise OptionError(f"{path}: the folder that it is in does not exist. Make it first.")
    found = photo(file, steps=folder is not None)
    for note in found.dataset.notes:
        click.echo(printable(note), err=True)
    if out is not None:
        _write_digits(out, found.X)
    if folder is not None:
        _write_steps(folder, found.steps)
    if as_json:
        click.echo(json.dumps({"file": printable(file.name), "digits": len(found), "boxes": found.boxes.tolist()}))


def _write_digits(path: Path, X: Any) -> None:
    import numpy as np
    from PIL import Image

    from snowdome.core.cache import atomic_write

    with atomic_write(path) as file:
        if path.suffix == ".npy":
            np.save(file, X, allow_pickle=False)
        else:
            Image.fromarray(np.concatenate(X.reshape(-1, 28, 28), axis=1)).save(file, "PNG")
    click.echo(f"wrote {path}", err=True)


def _write_steps(folder: Path, steps: dict[str, Any]) -> None:
    from PIL import Image

    folder.mkdir(exist_ok=True)
    for number, (name, picture) in enumerate(steps.items(), 1):
        Image.fromarray(picture).save(folder / f"{number}-{name}.png")
    click.echo(f"wrote {len(steps)} pictures into {folder}", err=True)
