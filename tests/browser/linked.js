// Does what a hand does, by the events that a hand makes, many times in one call; installed as window.hands.
// A real event for each step would take a thousand sequences some minutes. Pointers that no system knows cannot be
// captured, so that is left out; nothing else of the page is touched.
() => {
  const find = (selector) => document.querySelector(selector);
  const map = find("#map");
  Element.prototype.setPointerCapture = () => {};
  const SLOW = 5;
  const channel = new MessageChannel();
  const tick = () =>
    new Promise((done) => {
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  // Enough for the page to be told what was done, but not to be drawn.
  const turn = async () => {
    for (let i = 0; i < 5; i++) await null;
  };
  const pointer = (target, name, x, y, keys = {}) =>
    target.dispatchEvent(
      new PointerEvent(name, {
        bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, pointerType: "mouse",
        button: name === "pointermove" ? -1 : 0, buttons: name === "pointerup" ? 0 : 1,
        clientX: x, clientY: y, ...keys,
      }),
    );
  const key = (target, name, keys = {}) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: name, ...keys }));
  const choose = (id, value) => {
    find(id).value = value;
    find(id).dispatchEvent(new Event("change", { bubbles: true }));
  };

  const does = {
    toggle: (code) => find(`#legend [data-code="${code}"] input`).click(),
    isolate(code) {
      does.toggle(code);
      does.toggle(code);
      find(`#legend [data-code="${code}"]`).dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    },
    filter(text) {
      const field = find("#search");
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      key(field, "Enter");
    },
    unfilter: (place) => find("#filters").querySelectorAll("button")[place].click(),
    lasso([left, top, right, bottom], keys) {
      pointer(map, "pointerdown", left, top, { shiftKey: true, ...keys });
      for (const [x, y] of [[right, top], [right, bottom], [left, bottom]]) pointer(map, "pointermove", x, y, keys);
      pointer(map, "pointerup", left, bottom, keys);
    },
    click(x, y, keys) {
      pointer(map, "pointerdown", x, y, keys);
      pointer(map, "pointerup", x, y, keys);
    },
    cell(x, y, keys) {
      const box = find("#gallery").getBoundingClientRect();
      pointer(find("#gallery"), "pointerdown", box.left + x, box.top + y, keys);
      pointer(find("#gallery"), "pointerup", box.left + x, box.top + y, keys);
    },
    all: () => key(find("#gallery"), "a", { ctrlKey: true }),
    sort: (column) => choose("#gallery-sort", column),
    down: () => find("#gallery-down").click(),
    escape: () => key(document.body, "Escape"),
    undo: () => key(document.body, "z", { ctrlKey: true }),
    redo: () => key(document.body, "z", { ctrlKey: true, shiftKey: true }),
  };

  // What is drawn in a canvas at the middles of so many squares, the first channel of each.
  const squares = (canvas, left, top, side, columns, rows) => {
    const { data } = canvas.getContext("2d").getImageData(left, top, columns * side, rows * side);
    const middle = side >> 1;
    return Array.from({ length: columns * rows }, (_, i) => {
      const [x, y] = [(i % columns) * side + middle, Math.floor(i / columns) * side + middle];
      return data[4 * (y * columns * side + x)];
    });
  };
  const whole = (image) => image && squares(image, 0, 0, 1, image.width, image.height);

  // The image under the pointer after a last step: on the card beside a dot, or where it is drawn in the gallery.
  const under = async ([name, _x, _y, _keys, index], side) => {
    if (name === "click") {
      const row = map.dataset.hover === "" ? null : Number(map.dataset.hover);
      return { row, pixels: whole(find("#hover-card canvas[data-row]")) };
    }
    if (name !== "cell" || index >= Number(map.dataset.shown)) return { pixels: null };
    // The gallery learns in the first picture how wide it is, and is drawn as wide in the second.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    await tick();
    const picture = find("#gallery-picture");
    for (let i = 0; i < 1000 && picture.dataset.missing !== "0"; i++) await new Promise(requestAnimationFrame);
    const { columns, left, width, height, text } = JSON.parse(picture.dataset.grid); // fewer rows may need no scrollbar
    const x = left + (index % columns) * (width + 8);
    const y = 12 + Math.floor(index / columns) * (height + text + 8);
    return { pixels: squares(picture, x, y, width / side, side, side) };
  };

  const shows = () => {
    const strip = [...document.querySelectorAll("#selection .strip button")];
    return {
      shown: Number(map.dataset.shown),
      selected: Number(map.dataset.selected),
      pinned: map.dataset.pinned === "" ? null : Number(map.dataset.pinned),
      strip: strip.map((button) => Number(/#(\d+)/.exec(button.title)[1])),
      pixels: whole(find("#pinned > canvas")),
    };
  };

  /**
   * Do each sequence, four in five of those on the map at once, the others as slowly as the page is drawn; what it
   * shows at its end, and the image of so many pixels a side under the pointer there.
   */
  window.hands = async (sequences, side) => {
    const found = [];
    for (const steps of sequences) {
      const next = found.length % SLOW === 0 || steps.at(-1)[0] === "cell" ? tick : turn;
      for (const [name, ...how] of steps) {
        does[name](...how);
        await next();
      }
      await tick();
      found.push({ ...shows(), under: await under(steps.at(-1), side) });
    }
    return found;
  };
}
