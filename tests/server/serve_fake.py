"""A program that serves a small session: serve_fake.py PORT [ROWS] [HOST] [--browser]."""

import importlib.util
import os
import sys
from pathlib import Path

from snowdome.data import store
from snowdome.server.live import Live
from snowdome.server.serve import Place, serve_session
from snowdome.session.session import Session

if __name__ == "__main__":
    path = Path(__file__).resolve().parents[1] / "session" / "fakes.py"
    spec = importlib.util.spec_from_file_location("snowdome_tests_fakes", path)
    assert spec is not None
    assert spec.loader is not None
    fakes = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = fakes
    spec.loader.exec_module(fakes)
    words = [word for word in sys.argv[1:] if not word.startswith("-")] + [""] * 3
    port, rows, host = int(words[0]), int(words[1] or 40), words[2] or "127.0.0.1"
    Live.send_seconds = float(os.environ.get("FAKE_SEND_SECONDS", Live.send_seconds))
    session = Session(store.keep(fakes.dataset(rows)), command=fakes.COMMAND, make=fakes.make)
    serve_session(session, Place(host, port, "--browser" in sys.argv))
