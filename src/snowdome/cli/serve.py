"""`snowdome serve`: kept models answer over HTTP."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from snowdome.cli.errors import plainly
from snowdome.core.errors import OptionError

if TYPE_CHECKING:
    from snowdome.model.fitted import Model
    from snowdome.model.kept import Card

PORT = 8501


@click.command("serve")
@click.argument("models", nargs=-1, required=True, metavar="MODEL…")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to serve on.")
@click.option("--port", default=PORT, show_default=True, metavar="N", type=click.IntRange(0, 65535),
              help="Port to serve on; where it is busy, the next free one.")  # fmt: skip
@plainly
def serve_command(models: tuple[str, ...], host: str, port: int) -> None:
    """Answer POST /v1/models/NAME:predict for each MODEL: a file, or the name of one that was kept, all its versions.

    Whoever asks needs the token that is printed, as in the line with curl.
    """
    from snowdome.server.predict import serve_models
    from snowdome.server.serve import Place

    serve_models(loaded(models), Place(host, port, open_browser=False))


def loaded(names: tuple[str, ...]) -> "dict[str, dict[int, tuple[Model, Card]]]":
    """The models by name and version; OptionError where two files hold the same version of one name."""
    from snowdome.model.kept import Shelf, read_model

    found: dict[str, dict[int, tuple[Model, Card]]] = {}
    for name in names:
        shelf, path = Shelf(), Path(name)
        if path.suffix or path.is_file():
            files = [path]
        else:
            files = [shelf.path(name, version) for version in shelf.versions(name)] or [shelf.path(name)]
        for file in files:
            model, card = read_model(file)
            versions = found.setdefault(card.name, {})
            if card.version in versions:
                raise OptionError(f"{name}: version {card.version} of {card.name} is served already.")
            versions[card.version] = (model, card)
    return found
