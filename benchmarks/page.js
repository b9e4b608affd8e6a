// The clocks inside the app's page, installed as window.clock: how long from what a hand does to what is seen.
// Every one begins at the time stamp of the event itself, so that what the driver takes does not count.
() => {
  const map = document.querySelector("#map");
  const gl = map.dataset.renderer === "webgl" ? map.getContext("webgl2") : null;
  const pixel = new Uint8Array(4);
  const at = {};
  for (const name of ["pointermove", "pointerup", "click"]) {
    window.addEventListener(name, (event) => { at[name] = event.timeStamp; }, { capture: true });
  }
  const watch = (target, options, look, patience = 5000) =>
    new Promise((done) => {
      const end = (found) => {
        observer.disconnect();
        clearTimeout(timer);
        done(found);
      };
      const observer = new MutationObserver(() => {
        const found = look();
        if (found !== undefined) end(found);
      });
      const timer = setTimeout(() => end(null), patience);
      observer.observe(target, options);
    });
  const since = (name) => performance.now() - at[name];
  // What was drawn is there when a pixel of it can be read; this runs right behind the drawing, in the same task.
  const drawn = () =>
    gl ? gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel) : map.getContext("2d").getImageData(0, 0, 1, 1);
  const nextFrame = () =>
    new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));

  window.clock = {
    /** From a move of the pointer: the row found, its image in the card, and the end of the frame that shows it. */
    hover() {
      const before = map.dataset.hover;
      let picked = null;
      const began = () => at.pointermove;
      return watch(document.body, { subtree: true, childList: true, attributes: true }, () => {
        const row = map.dataset.hover;
        if (row === "" || row === before) return undefined;
        picked ??= since("pointermove");
        const shown = document.querySelector("#hover-card canvas")?.dataset.row;
        return shown === row ? { row, picked, image: since("pointermove") } : undefined;
      }, 1500).then(async (found) => found && { ...found, frame: (await nextFrame()) - began() });
    },
    /** From a move of the pointer to the row found. */
    pick() {
      const before = map.dataset.hover;
      return watch(map, { attributes: true, attributeFilter: ["data-hover"] }, () =>
        map.dataset.hover !== before ? since("pointermove") : undefined);
    },
    /** From that event to a changed attribute of the map, and to the finished picture that follows. */
    picture(event, attribute) {
      const before = map.dataset[attribute];
      let changed = null;
      return watch(map, { attributes: true }, () => {
        if (changed === null && map.dataset[attribute] !== before) {
          changed = since(event);
          map.dataset.drawsBefore = map.dataset.draws;
        }
        if (changed === null || map.dataset.draws === map.dataset.drawsBefore) return undefined;
        if (map.dataset.still !== "true") return undefined;
        drawn();
        return { changed, picture: since(event) };
      });
    },
    /** Times of all drawings from now on, until `stop`. */
    record() {
      const times = [];
      const points = [];
      const observer = new MutationObserver(() => {
        drawn();
        times.push(performance.now());
        points.push(Number(map.dataset.drawn));
      });
      observer.observe(map, { attributes: true, attributeFilter: ["data-draws"] });
      window.clock.stop = () => {
        observer.disconnect();
        return { times, points };
      };
    },
    /** Tasks of the page's own thread that took longer than 50 ms, since it was opened. */
    longTasks: () =>
      new Promise((done) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect();
          done(list.getEntries().map((entry) => [entry.startTime, entry.duration]));
        });
        observer.observe({ type: "longtask", buffered: true });
        setTimeout(() => done([]), 500);
      }),
  };
}
