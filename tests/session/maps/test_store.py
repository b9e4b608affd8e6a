"""U-07, J-11: maps on disk, found again by what they were made of; P-01, P-04: whole, or not at all, or set aside."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from snowdome.core import cache
from snowdome.core.cache import Arrays
from snowdome.session.maps.messages import KeptRecord
from snowdome.session.maps.store import DamagedMapError, MapStore, UnknownMapError, tidy_name
from snowdome.session.messages import ScoreRecord

N = 30
DATA = "0" * 64


@pytest.fixture
def store() -> MapStore:
    return MapStore(DATA, N)


def record(store: MapStore, seed: int = 0, **changed: Any) -> KeptRecord:
    facts: dict[str, Any] = {
        "id": store.id_of("tsne", seed, {"perplexity": 30.0}), "method": "tsne", "title": "t-SNE", "says": "It says.",
        "cost_name": "KL", "seed": seed, "options": {"perplexity": 30.0}, "steps": 20, "cost": 0.5, "n": N, "dim": 2,
        "made": 1000.0 + seed, "seconds": 2.5, "threads": 2, "versions": {"numpy": "2"},
    }  # fmt: skip
    return KeptRecord(**{**facts, **changed})


def arrays(seed: int = 0, dim: int = 2) -> Arrays:
    places = np.random.default_rng(seed).normal(size=(N, dim)).astype("<f4")
    return {"places": places, "costs": np.array([[10, 0.9], [20, 0.5]], "<f8")}


def home() -> Path:
    return cache.folder() / "maps" / DATA


def test_what_was_kept_is_there_again_with_its_measures(store: MapStore) -> None:
    kept, gone = store.keep(record(store), arrays())
    assert gone == []
    scores = [ScoreRecord(name="recall@15", value=0.4, of="all 30 rows", better="high")]
    store.judged(kept.id, scores, {"recall": np.ones(N, "<f4")})
    store.rename(kept.id, "the  good\none ")
    (found,), damaged = MapStore(DATA, N).all()
    assert damaged == []
    assert found == msgspec.structs.replace(kept, scores=scores, points=["recall"], name="the good one")
    again, read = MapStore(DATA, N).read(kept.id)
    assert again == found
    assert set(read) == {"places", "costs", "recall"}
    assert np.array_equal(read["places"], arrays()["places"])
    assert not list(home().glob("**/*.pkl"))
    assert {each.suffix for each in (home() / kept.id).iterdir()} == {".npy", ".json"}


def test_the_id_is_that_of_data_method_options_and_seed(store: MapStore) -> None:
    asked = ("tsne", 3, {"perplexity": 30.0, "steps": 10})
    assert store.id_of(*asked) == MapStore(DATA, N).id_of("tsne", 3, {"steps": 10, "perplexity": 30.0})
    assert store.id_of(*asked) == store.id_of("tsne", 3, {"steps": 10, "perplexity": 30})
    others = {
        store.id_of("umap", 3, asked[2]), store.id_of("tsne", 4, asked[2]), store.id_of("tsne", 3, {"steps": 10}),
        MapStore("1" * 64, N).id_of(*asked),
    }  # fmt: skip
    assert len(others | {store.id_of(*asked)}) == 5


def test_a_map_of_other_code_is_another_map(store: MapStore, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.id_of("tsne", 0, {})
    monkeypatch.setattr("snowdome.session.maps.store.code_hash", lambda: "other")
    assert store.id_of("tsne", 0, {}) != before


def test_the_same_map_is_kept_once_and_keeps_its_name(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())
    store.rename(kept.id, "mine")
    again, _ = store.keep(record(store, made=9999.0), arrays())
    assert (again.name, again.made) == ("mine", kept.made)


DIES = """
import os, signal, sys
sys.argv = ["x"]
import numpy as np
from snowdome.core import cache
from snowdome.session.maps.messages import KeptRecord
from snowdome.session.maps.store import MapStore

left = {left}
def counted(function):
    def call(*arguments, **named):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return function(*arguments, **named)
    return call

os.fsync, os.replace, os.rename = counted(os.fsync), counted(os.replace), counted(os.rename)
store = MapStore({data!r}, {n})
places = np.random.default_rng({seed}).normal(size=({n}, 2)).astype("<f4")
store.keep(KeptRecord(id=store.id_of("tsne", {seed}, {{"perplexity": 30.0}}), method="tsne", title="t-SNE", says="",
    cost_name="KL", seed={seed}, options={{"perplexity": 30.0}}, steps=20, cost=0.5, n={n}, dim=2, made=1.0,
    seconds=1.0, threads=1, versions={{}}), {{"places": places, "costs": np.zeros((0, 2))}})
print("kept")
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_p01_a_map_is_there_whole_or_not_at_all_wherever_its_process_is_killed(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())
    outcomes = []
    for left in range(0, 60, 3):
        program = DIES.format(left=left, data=DATA, n=N, seed=7)
        said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        found, damaged = store.all()
        assert damaged == []
        assert kept.id in {each.id for each in found}
        there = [each for each in found if each.id != kept.id]
        for each in there:
            assert np.array_equal(store.read(each.id)[1]["places"], arrays(7)["places"])
        assert not [each for each in home().iterdir() if each.name.startswith(".new")], "what was begun is swept away"
        outcomes.append(len(there))
        if "kept" in said.stdout:
            break
        if there:
            shutil.rmtree(home() / there[0].id)
    assert said.stdout == "kept\n", said.stderr
    assert outcomes[0] == 0
    assert outcomes[-1] == 1


@pytest.mark.parametrize("harm", ["cut", "bit", "gone", "note", "nonsense", "pickle", "other rows", "version", "path"])
def test_a_damaged_map_is_found_out_and_set_aside(store: MapStore, harm: str) -> None:
    kept, _ = store.keep(record(store), arrays())
    sound, _ = store.keep(record(store, 1), arrays(1))
    folder = home() / kept.id
    places, note = folder / "places.npy", folder / "map.json"
    facts = json.loads(note.read_text())
    if harm == "cut":
        places.write_bytes(places.read_bytes()[:-5])
    elif harm == "bit":
        body = bytearray(places.read_bytes())
        body[-3] ^= 1
        places.write_bytes(body)
    elif harm == "gone":
        places.unlink()
    elif harm == "note":
        note.write_bytes(note.read_bytes()[:40])
    elif harm == "nonsense":
        note.write_bytes(b"[" * 100_000)
    elif harm == "pickle":
        np.save(places, np.array([{}], object), allow_pickle=True)
    else:
        change = {"other rows": ("map", {**facts["map"], "n": N + 1}), "version": ("format", 99),
                  "path": ("arrays", {**facts["arrays"], "../places": "0" * 64})}[harm]  # fmt: skip
        note.write_text(json.dumps({**facts, change[0]: change[1]}))
    with pytest.raises(DamagedMapError, match="damaged on disk: "):
        store.read(kept.id)
    store.set_aside(kept.id)
    (found,), damaged = store.all()
    assert (found.id, damaged) == (sound.id, [])
    assert (home() / f"damaged-{kept.id}").is_dir()
    with pytest.raises(UnknownMapError):
        store.read(kept.id)
    assert store.keep(record(store), arrays())[0].id == kept.id, "it can be made again"


def test_facts_that_cannot_be_read_are_told_when_the_maps_are_listed(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())
    (home() / kept.id / "map.json").write_bytes(b"{}")
    assert store.all() == ([], [kept.id])


@pytest.mark.parametrize("wrong", ["nan", "shape", "type"])
def test_j12_no_map_with_other_arrays_than_its_own_is_shown(store: MapStore, wrong: str) -> None:
    given = arrays()
    if wrong == "nan":
        given["places"][3, 1] = np.nan
    else:
        given["places"] = given["places"][:-1] if wrong == "shape" else given["places"].astype(">f4")
    kept, _ = store.keep(record(store), given)
    with pytest.raises(DamagedMapError, match="its arrays are not"):
        store.read(kept.id)


def full_disk(work: Callable[[], Any]) -> None:
    """Do something where no file may have more than 200 bytes: what a full disk looks like to a program."""
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))
    try:
        work()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_p04_on_a_full_disk_nothing_is_lost_and_nothing_is_left(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())

    def fill() -> None:
        with pytest.raises(OSError, match=r"large|space|quota"):
            store.keep(record(store, 1), arrays(1))
        with pytest.raises(OSError, match=r"large|space|quota"):
            store.rename(kept.id, "another name")

    full_disk(fill)
    assert [each.id for each in store.all()[0]] == [kept.id]
    assert store.read(kept.id)[0].name == ""
    assert [each.name for each in home().iterdir()] == [kept.id]
    assert {each.name for each in (home() / kept.id).iterdir()} == {"map.json", "places.npy", "costs.npy"}


def test_the_oldest_without_names_make_room_and_those_with_names_stay(
    store: MapStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = store.keep(record(store, 0), arrays())
    store.rename(first.id, "kept for good")
    size = sum(each.stat().st_size for each in (home() / first.id).iterdir())
    monkeypatch.setattr(MapStore, "most_bytes", int(3.5 * size))
    others = MapStore("1" * 64, N)
    foreign, _ = others.keep(record(others, 1, made=1.0), arrays())
    second, _ = store.keep(record(store, 2), arrays())
    third, gone = store.keep(record(store, 3), arrays())
    assert gone == [], "the oldest of all was one of other data, which are not open"
    assert others.all()[0] == []
    fourth, gone = store.keep(record(store, 4), arrays())
    assert [each.id for each in gone] == [second.id]
    assert [each.id for each in store.all()[0]] == [fourth.id, third.id, first.id]
    for each in (third, fourth):
        store.rename(each.id, "this one too")
    fifth, gone = store.keep(record(store, 5), arrays())
    assert gone == [fifth], "named maps fill the room"
    assert foreign.n == N


def test_of_one_data_set_so_many_have_no_name(store: MapStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MapStore, "most_unnamed", 3)
    ids = [store.keep(record(store, seed), arrays())[0].id for seed in range(5)]
    assert [each.id for each in store.all()[0]] == ids[:1:-1]


def test_what_is_deleted_can_be_brought_back_until_the_bin_is_emptied(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())
    store.throw_away(kept.id)
    assert store.all()[0] == []
    with pytest.raises(UnknownMapError):
        store.throw_away(kept.id)
    assert store.bring_back(kept.id) == kept
    store.throw_away(kept.id)
    store.keep(record(store), arrays())  # made again meanwhile
    assert store.bring_back(kept.id).id == kept.id
    store.throw_away(kept.id)
    store.empty_bin()
    with pytest.raises(UnknownMapError, match="bin"):
        store.bring_back(kept.id)
    assert list(home().iterdir()) == []


def test_the_bin_of_a_process_that_died_is_emptied_by_the_next(store: MapStore) -> None:
    kept, _ = store.keep(record(store), arrays())
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead = home() / f".bin-{int(gone.stdout)}"
    dead.mkdir()
    (home() / kept.id).rename(dead / kept.id)
    lives = home() / f".bin-{os.getppid()}"
    lives.mkdir()
    assert store.all() == ([], [])
    assert not dead.exists()
    assert lives.exists()


@pytest.mark.parametrize("number", ["", "..", "../../x", "a" * 19, "G" * 20, "damaged-" + "0" * 20, ".bin-1"])
def test_only_ids_are_ids(store: MapStore, number: str) -> None:
    store.keep(record(store), arrays())
    for act in (store.read, store.sketch, store.throw_away, store.bring_back, lambda n: store.rename(n, "x")):
        with pytest.raises(UnknownMapError):
            act(number)


def test_a_sketch_has_a_byte_for_each_coordinate(store: MapStore) -> None:
    given = arrays(dim=3)
    kept, _ = store.keep(record(store, dim=3), given)
    sketch = np.frombuffer(store.sketch(kept.id), np.uint8).reshape(N, 3).astype(float)
    places = given["places"].astype(float)
    longest = np.ptp(places, axis=0).max()
    middle = (places.max(0) + places.min(0)) / 2
    assert np.allclose(sketch, 127.5 + 255 * (places - middle) / longest, atol=0.51)


def test_names_are_one_line_of_text() -> None:
    assert tidy_name("  a\tb\r\n\x1b[31mc\u2028d ") == "a b [31mc d"
    assert tidy_name("x" * 200) == "x" * 80
    assert tidy_name("<b>café 🧿</b>") == "<b>café 🧿</b>"
