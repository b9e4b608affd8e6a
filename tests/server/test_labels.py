"""The routes of the labels: decisions, what is told of them, the ranking, and what is taken home."""

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.data import store
from snowdome.data.annotated import read_patch
from snowdome.server import labels
from snowdome.session.labels.annotations import Annotations


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own for each test."""
    monkeypatch.setenv("SNOWDOME_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path / "workspace"


def ask(door: Any, path: str, body: Any = None, method: str = "") -> Any:
    """What a route answers: its status, and the JSON that it says."""
    sent = None if body is None else [body if isinstance(body, bytes) else json.dumps(body).encode()]
    answer = door(path, method=method or ("GET" if body is None else "POST"), body=sent)
    return answer.status, json.loads(answer.body) if answer.body else None


def rows_of(changes: Any) -> dict[int, str]:
    return {one["row"]: one["decision"] for one in changes["decisions"]}


def test_nothing_is_opened_where_nothing_was_decided(door: Any, workspace: Path) -> None:
    assert door("/api/decisions?there").status == 204
    assert not workspace.exists()
    status, said = ask(door, "/api/decisions?since=0")
    assert (status, said["state"]["revision"], said["rows"]) == (200, 0, [])
    assert door("/api/decisions?there").status == 200


def test_decided_undone_and_done_again(door: Any) -> None:
    """P-06, P-08: each answer tells what changed since the client last knew; a late one is a conflict."""
    first = {"rows": [1, 2], "decision": "relabel", "label": "c", "note": "n", "token": "t1", "seen": 0}
    status, done = ask(door, "/api/decisions", first)
    assert (status, done["steps"], rows_of(done["changes"])) == (200, [1], {1: "relabel", 2: "keep"})
    assert ask(door, "/api/decisions", first)[1]["steps"] == [1], "the same request again does nothing twice"
    status, preview = ask(door, "/api/decisions/preview", {"rows": [1, 2, 3], "decision": "exclude"})
    assert (status, preview["count"], preview["overwritten"]) == (200, 3, 2)
    status, held = ask(door, "/api/decisions", {"rows": [2, 3], "decision": "keep", "seen": 0, "token": "t2"})
    assert (status, held["rows"], held["theirs"][0]["decision"]) == (409, [2], "keep")
    assert ask(door, "/api/decisions", {"rows": [3], "decision": "later", "seen": 1})[1]["steps"] == [2]
    status, done = ask(door, "/api/decisions/undo", {"step": 1, "token": "u", "seen": 2})
    assert (status, done["changes"]["rows"], rows_of(done["changes"])) == (200, [1, 2], {})
    assert done["changes"]["state"]["redo_step"] == 1
    assert ask(door, "/api/decisions/undo", {"step": 1, "seen": 3})[0] == 400
    assert rows_of(ask(door, "/api/decisions/redo", {"step": 1, "seen": 3})[1]["changes"]) == {1: "relabel", 2: "keep"}
    assert rows_of(ask(door, "/api/decisions?since=2")[1]) == {1: "relabel", 2: "keep"}
    assert np.frombuffer(door("/api/table/decision").body, "<u4")[:4].tolist() == [0, 2, 1, 5]
    table = door("/api/export/csv", method="POST", body=[np.array([1], "<u4").tobytes()]).body.decode()
    assert table.splitlines()[0].endswith(",decision")
    assert table.splitlines()[1].endswith(",relabel")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/decisions", {"rows": [1], "decision": "burn"}, 400),
        ("/api/decisions", {"rows": [40], "decision": "keep"}, 400),
        ("/api/decisions", {"rows": ["1"], "decision": "keep"}, 400),
        ("/api/decisions", {"rows": [1], "decision": "keep", "path": "/etc"}, 400),
        ("/api/decisions", b"{", 400),
        ("/api/decisions", b"[" * 100_000, 413),
        ("/api/decisions/undo", {"step": 9}, 400),
        ("/api/ranking", {"split": 3}, 400),
    ],
)
def test_refused(door: Any, path: str, body: Any, status: int) -> None:
    assert ask(door, path, body)[0] == status
    assert ask(door, "/api/decisions?since=0")[1]["state"]["revision"] == 0


def test_a_patch_goes_out_and_comes_in(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """P-12; what is sent is bounded and is no code."""
    ask(door, "/api/decisions", {"rows": [1], "decision": "relabel", "label": "c", "note": "=1"})
    ask(door, "/api/decisions", {"rows": [1, 4], "decision": "ambiguous", "blind": True})
    answer = door("/api/decisions/files/json")
    assert 'filename="fake-labels.json"' in answer.all("content-disposition")[0]
    assert len(read_patch(answer.body).decisions) == 3
    for step in (2, 1):
        ask(door, "/api/decisions/undo", {"step": step, "seen": 9})
    status, taken = ask(door, "/api/decisions/patch?seen=4", answer.body, "PUT")
    assert (status, taken["taken"], taken["orphans"], len(taken["done"]["steps"])) == (200, 3, 0, 2)
    assert rows_of(taken["done"]["changes"]) == {1: "relabel", 4: "ambiguous"}
    assert taken["done"]["changes"]["decisions"][0]["second"] == "(ambiguous)"
    for wrong in (b"", b"\x80\x04K\x01.", b"{}", b"[" * 10_000):
        status, said = ask(door, "/api/decisions/patch", wrong, "PUT")
        assert (status, "Export it again" in said["text"]) == (400, True)
    monkeypatch.setattr(labels, "MOST_PATCH", 10)
    assert ask(door, "/api/decisions/patch", answer.body, "PUT")[0] == 413
    assert door("/api/decisions/files/exe").status == 404


def test_read_only_beside_another_program(door: Any) -> None:
    """P-07: said, with where the other is; what it decides is seen; when it has gone, this one takes over."""
    other = Annotations(door.session.dataset, address="http://127.0.0.1:1")
    state = ask(door, "/api/decisions")[1]["state"]
    assert "http://127.0.0.1:1" in state["read_only"]
    status, said = ask(door, "/api/decisions", {"rows": [1], "decision": "keep"})
    assert (status, said["text"][:10]) == (423, "Not saved.")
    other.decide([7], "exclude")
    limit = time.monotonic() + 10
    while door.session.bulletins["annotations"].revision == 0:
        assert time.monotonic() < limit, "nobody is told"
        time.sleep(0.05)
    assert rows_of(ask(door, "/api/decisions")[1]) == {7: "exclude"}
    other.close()
    status, said = ask(door, "/api/decisions", {"rows": [1], "decision": "keep"})
    assert status == 200, said
    assert said["changes"]["state"]["read_only"] == ""


@pytest.fixture
def ranked(door: Any) -> Any:
    """The door of data whose labels are ranked."""
    store.keep(door.session.dataset)
    assert ask(door, "/api/ranking")[1]["status"] == "none"
    assert door("/api/ranking/rows").status == 404
    assert door("/api/ranking/evidence/0").status == 400
    assert ask(door, "/api/ranking", {"by": "combined"})[1]["status"] == "running"
    done(door)
    return door


def done(door: Any) -> Any:
    """Wait until the ranking is there."""
    limit = time.monotonic() + 60
    while (now := ask(door, "/api/ranking")[1])["status"] in ("running", "looking"):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return now


def test_the_ranking_what_speaks_and_what_is_taken_home(ranked: Any) -> None:
    door = ranked
    now = done(door)
    assert (now["status"], now["number"], now["n"], now["taken"]) == ("done", 1, 40, 0)
    body = door("/api/ranking/rows").body
    assert len(body) == 13 * 40
    rows, quality = np.frombuffer(body, "<u4", 40), np.frombuffer(body, "<f4", 40, 160)
    assert sorted(rows) == list(range(40))
    assert np.all(np.diff(quality) >= 0)
    suspicion = np.frombuffer(door("/api/table/suspicion").body, "<f4")
    assert np.allclose(suspicion[rows], 1 - quality)
    said = ask(door, f"/api/ranking/evidence/{rows[0]}")[1]
    assert (len(said["proba"]), len(said["neighbours"])) == (3, 10)
    assert ask(door, "/api/ranking/evidence/40")[0] == 404
    assert [one["label"] for one in ask(door, "/api/ranking/details")[1]["rates"]] == ["a", "b", "c", "all"]

    ask(door, "/api/decisions", {"rows": [0], "decision": "relabel", "label": "b", "note": "=1+1"})
    ask(door, "/api/decisions", {"rows": [5], "decision": "exclude"})
    table = list(csv.DictReader(io.StringIO(door("/api/decisions/files/csv").body.decode())))
    assert (table[0]["label"], table[0]["original_label"], table[0]["note"]) == ("b", "a", "'=1+1")
    assert len(np.load(io.BytesIO(door("/api/decisions/files/npz").body))["y_train"]) == 38
    assert door("/api/decisions/files/parquet?split=test").body[:4] == b"PAR1"
    assert door("/api/decisions/files/parquet?split=../x").status == 400
    assert "a model of the other images" in door("/api/decisions/files/md").body.decode()

    # Again with what was decided, and by other evidence; each is another ranking.
    ask(door, "/api/ranking", {"taken": True, "split": "train"})
    now = done(door)
    assert (now["number"], now["taken"], now["n"], "learnt from 39" in now["about"]) == (2, 2, 39, True)
    assert ask(door, f"/api/ranking/evidence/{rows[0]}")[0] == 200
    assert np.isnan(np.frombuffer(door("/api/table/suspicion").body, "<f4")[39]), "the test row is not judged"
    ask(door, "/api/ranking", {"split": "nothing"})
    assert (done(door)["status"], done(door)["number"]) == ("failed", 2)


def test_a_ranking_that_was_kept_is_there_at_once(ranked: Any, fakes: Any) -> None:
    """In another session; where none was kept, nothing is begun."""
    from snowdome.session.labels.messages import RankRequest
    from snowdome.session.session import Session

    async def look(session: Session) -> Any:
        session.labelling.rank(RankRequest(kept=True))
        await fakes.until(lambda: session.labelling.ranking.status != "looking", 30)
        await session.close()
        return session.labelling.ranking

    again = fakes.go(look(Session(fakes.dataset())), 40)
    assert (again.status, again.number, again.n) == ("done", 1, 40)
    other = fakes.go(look(Session(store.keep(fakes.dataset(30)))), 40)
    assert (other.status, other.number) == ("none", 0)
