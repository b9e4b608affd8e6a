"""One selection, one filter, one history for all views, against a simple model of them; U-06.

After any sequence of filter, sort, isolate, select and undo the image under the pointer equals X[id]: on the first
images of MNIST, all of which the page can hold.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

LIVE = 2
SEQUENCES = 1000
STEPS = 4
HISTORY = 100
RADIUS = 8  # pixels in which a click means a dot
STRIP = 12
SIDE = 28
FAINT = 4  # of 255: what a frame around an image leaves on its outermost pixels
TICK = np.zeros((SIDE, SIDE), bool)  # the pixels of an image that the tick of a selected one may cover
TICK[:12, 16:] = True
TICK = TICK.ravel()
HANDS = (Path(__file__).parent / "linked.js").read_text()
KEYS = {"replace": {}, "add": {"ctrlKey": True}, "remove": {"altKey": True}}


@dataclass(frozen=True, eq=False)
class State:
    """What a tab shows, as far as the sequences change it."""

    hidden: frozenset = frozenset()
    filters: tuple = ()
    selected: frozenset = frozenset()
    pinned: int | None = None
    sort: str = ""
    down: bool = False


class Model:
    """The simple model: states, one after the other, and the way back."""

    def __init__(self, data, distances, places):
        self.y, self.n = np.asarray(data.y), len(data)
        self.columns = {"distance": distances, "label": self.y.astype(np.float32)}
        self.places = places
        self.now, self.past, self.future = State(), [], []

    def act(self, **changes):
        """One step of the history, where something is another than before."""
        self.past = [*self.past, (self.now, replace(self.now, **changes))][-HISTORY:]
        self.future = []
        self.now = self.past[-1][1]

    def undo(self):
        if self.past:
            self.future.append(self.past.pop())
            self.now = self.future[-1][0]

    def redo(self):
        if self.future:
            self.past.append(self.future.pop())
            self.now = self.past[-1][1]

    def visible(self):
        """(n,) of bool."""
        seen = ~np.isin(self.y, list(self.now.hidden))
        for column, sign, value in self.now.filters:
            values = self.columns[column]
            seen &= {"<": values < value, ">": values > value, "=": values == value}[sign]
        return seen

    def order(self):
        """The rows of the gallery."""
        rows = np.flatnonzero(self.visible())
        if self.now.sort == "":
            return rows
        values = self.columns[self.now.sort][rows]
        return rows[np.argsort(-values if self.now.down else values, kind="stable")]

    def select(self, rows, how):
        before = self.now.selected
        rows = frozenset(int(row) for row in rows)
        after = {"replace": rows, "add": before | rows, "remove": before - rows}[how]
        if after != before:
            self.act(selected=after)

    def keep(self, row):
        if row != self.now.pinned:
            self.act(pinned=row)

    def under(self, x, y):
        """The row that is meant at a pixel of the page, or None."""
        away = np.hypot(self.places[:, 0] - x, self.places[:, 1] - y)
        away[~self.visible()] = np.inf
        row = int(away.argmin())
        return row if away[row] <= RADIUS else None


class Player:
    """Makes up sequences, and says what the model shows after each."""

    def __init__(self, model, rng, cells):
        self.model, self.rng, self.cells = model, rng, cells

    def sequence(self, names):
        """Some steps of those names, as the page is told them."""
        return [getattr(self, name)() for name in self.rng.choice(names, STEPS)]

    def _class(self):
        return int(self.rng.integers(10))

    def toggle(self):
        code = self._class()
        self.model.act(hidden=self.model.now.hidden ^ {code})
        return ["toggle", code]

    def isolate(self):
        """A double click is two clicks, too."""
        code, model = self._class(), self.model
        model.act(hidden=model.now.hidden ^ {code})
        model.act(hidden=model.now.hidden ^ {code})
        others = frozenset(range(10)) - {code}
        model.act(hidden=frozenset() if model.now.hidden == others else others)
        return ["isolate", code]

    def filter(self):
        if len(self.model.now.filters) > 2:
            return self.unfilter()
        if self.rng.random() < 0.3:
            condition = ("label", "=", float(self._class()))
            text = f"label = {int(condition[2])}"
        else:
            value = f"{self.rng.choice(self.model.columns['distance']):.5g}"
            condition = ("distance", str(self.rng.choice(["<", ">"])), np.float32(value))
            text = f"distance {condition[1]} {value}"
        if condition not in self.model.now.filters:
            self.model.act(filters=(*self.model.now.filters, condition))
        return ["filter", text]

    def unfilter(self):
        filters = self.model.now.filters
        if not filters:
            return self.undo()
        place = int(self.rng.integers(len(filters)))
        self.model.act(filters=filters[:place] + filters[place + 1 :])
        return ["unfilter", place]

    def _how(self):
        return str(self.rng.choice(["replace", "add", "remove"]))

    def lasso(self):
        x, y = self.model.places[self.rng.integers(self.model.n)]
        box = [int(x), int(y), int(x) + int(self.rng.integers(20, 300)), int(y) + int(self.rng.integers(20, 300))]
        how, places = self._how(), self.model.places
        inside = (places[:, 0] > box[0]) & (places[:, 0] < box[2]) & (places[:, 1] > box[1]) & (places[:, 1] < box[3])
        self.model.select(np.flatnonzero(inside & self.model.visible()), how)
        return ["lasso", box, KEYS[how]]

    def click(self):
        place = self.model.places[self.rng.integers(self.model.n)] + self.rng.integers(-4, 5, 2)
        x, y = int(place[0]), int(place[1])
        row, how = self.model.under(x, y), self._how()
        self._clicked(row, how)
        return ["click", x, y, KEYS[how]]

    def _clicked(self, row, how):
        if row is None or how == "replace":
            self.model.keep(row)
        else:
            self.model.select([row], how)

    def cell(self):
        index, how, rows = int(self.rng.integers(len(self.cells))), self._how(), self.model.order()
        if index < len(rows):
            row = int(rows[index])
            if how == "add":  # in the gallery it turns over
                how = "remove" if row in self.model.now.selected else "add"
                self.model.select([row], how)
                how = "add"
            else:
                self._clicked(row, how)
        return ["cell", *self.cells[index], KEYS[how] if index < len(rows) else {}, index]

    def pointed_at(self, step):
        """The row at which a sequence ends: `X[row]` is the image that must be seen there."""
        if step[0] == "click":
            return self.model.under(*step[1:3])
        index, rows = step[-1], self.model.order()
        return int(rows[index]) if index < len(rows) else None

    def all(self):
        if len(self.model.order()):
            self.model.select(self.model.order(), "replace")
        return ["all"]

    def sort(self):
        column = str(self.rng.choice(["", "distance", "label"]))
        self.model.act(sort=column)
        return ["sort", column]

    def down(self):
        if self.model.now.sort == "":
            return self.sort()
        self.model.act(down=not self.model.now.down)
        return ["down"]

    def escape(self):
        if self.model.now.selected:
            self.model.select([], "replace")
        else:
            self.model.keep(None)
        return ["escape"]

    def undo(self):
        self.model.undo()
        return ["undo"]

    def redo(self):
        self.model.redo()
        return ["redo"]


ON_MAP = (
    "toggle",
    "isolate",
    "filter",
    "unfilter",
    "lasso",
    "lasso",
    "click",
    "click",
    "escape",
    "undo",
    "undo",
    "redo",
)
IN_GALLERY = (
    "filter",
    "unfilter",
    "cell",
    "cell",
    "cell",
    "all",
    "sort",
    "sort",
    "down",
    "escape",
    "undo",
    "undo",
    "redo",
)
LAST = {"map": "click", "gallery": "cell"}


@pytest.fixture(scope="module")
def tab(browser, few_app):
    tab = Tab(browser, few_app, run=LIVE, width=1024, height=640)
    tab.wait(ended(LIVE))
    tab.camera_at_rest()
    yield tab
    tab.close()


def cells(tab):
    """The middles of the first images of the gallery, from its top left corner."""
    grid = tab.page.evaluate("JSON.parse(document.querySelector('#gallery-picture').dataset.grid)")
    across, down = grid["width"] + 8, grid["height"] + grid["text"] + 8
    return [(grid["left"] + column * across + grid["width"] // 2, 12 + line * down + grid["height"] // 2)
            for line in range(3) for column in range(grid["columns"])]  # fmt: skip


def look(tab, view):
    tab.page.evaluate(f"document.querySelector('#rail [data-view={view}]').click()")


def fetch_all(tab):
    """Scroll through the gallery, so that every image is here; leave it at its top."""
    until(lambda: tab.page.get_attribute("#gallery-picture", "data-missing") == "0")
    tab.page.evaluate(
        """async () => {
            const gallery = document.querySelector("#gallery");
            const picture = document.querySelector("#gallery-picture");
            const rest = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            for (let top = 0; top < gallery.scrollHeight; top += gallery.clientHeight / 2) {
                gallery.scrollTop = top;
                do await rest(); while (picture.dataset.missing !== "0");
            }
            gallery.scrollTop = 0;
            await rest();
        }"""
    )


def test_after_any_sequence_the_image_under_the_pointer_is_its_own(tab, few):
    """1,000 random sequences, each of which begins where the one before ended."""
    import snowdome

    distances = snowdome.explore(few, "distance").sort("instance")["rms_distance"].to_numpy().astype(np.float32)
    places = tab.pixels(tab.positions(LIVE))[:, :2]
    tab.page.evaluate(f"({HANDS})()")
    tab.page.wait_for_selector("#colour-by option[value='column:distance']", state="attached")
    tab.page.evaluate("side => hands([[['filter', 'distance > 0']]], side)", SIDE)
    expect(tab.page.locator("#filtered")).to_have_text(f"{len(few):,} of {len(few):,}")  # its values are here
    tab.page.evaluate("side => hands([[['undo']]], side)", SIDE)
    look(tab, "gallery")
    tab.page.wait_for_selector("#gallery-picture[data-grid]")
    fetch_all(tab)
    player = Player(Model(few, distances, places), np.random.default_rng(2014), cells(tab))
    model, ink = player.model, 255 - few.X.astype(int)
    kept = under = 0
    for part in range(4):
        view = ("map", "gallery")[part % 2]
        look(tab, view)
        until(lambda view=view: tab.page.locator(f".window[data-view={view}]").count())
        if view == "gallery":
            tab.page.wait_for_selector("#gallery-picture[data-grid]")
        told, wanted = [], []
        for _ in range(SEQUENCES // 4):
            told.append([*player.sequence(ON_MAP if view == "map" else IN_GALLERY), getattr(player, LAST[view])()])
            wanted.append((model.now, int(model.visible().sum()), player.pointed_at(told[-1][-1])))
        found = tab.page.evaluate("([told, side]) => hands(told, side)", [told, SIDE])
        for steps, (state, shown, row), one in zip(told, wanted, found, strict=True):
            assert one["shown"] == shown, steps
            assert one["selected"] == len(state.selected), steps
            assert one["strip"] == sorted(state.selected)[:STRIP], steps
            assert one["pinned"] == state.pinned, steps
            if state.pinned is not None:
                assert np.abs(np.array(one["pixels"]) - ink[state.pinned]).max() <= 1, steps
                kept += 1
            if view == "map":
                assert one["under"]["row"] == row, steps
            if row is not None:
                seen = np.array(one["under"]["pixels"])
                off = np.abs(seen - ink[row]) > (FAINT if view == "gallery" else 1)
                if view == "gallery" and row in state.selected:
                    off[TICK] = False
                assert not off.any(), (steps, row)
                under += 1
    assert kept > SEQUENCES / 3
    assert under > SEQUENCES / 3
