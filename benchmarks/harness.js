/* Measures a page from inside; injected by explorer.py, never part of what a page transfers. */
window.bench = (() => {
  "use strict";
  const frame = requestAnimationFrame.bind(window); // kept: work() replaces the page's own
  // after a frame has been rendered: a message posted in its callback is handled when it has been
  const painted = (then) => frame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); then(performance.now()); };
    port2.postMessage(0);
  });
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };

  // -- first answer: the frame in which `selector` is in the page ----------------------------------
  let live = null;
  function watch(selector) {
    const seen = new MutationObserver(() => {
      if (!document.querySelector(selector)) return;
      seen.disconnect();
      painted((now) => { live = now; });
    });
    seen.observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
  }
  const first = () => live && {
    live, paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  };

  // -- input to paint: the pointer moves, the output changes, the frame with the change is rendered --
  const samples = [];
  function listen(output) {
    let pending = null, changed = false;
    new MutationObserver(() => { changed = true; }).observe(document.querySelector(output), everything);
    const wait = () => painted((now) => {
      if (!changed && pending.tries++ < 60) { wait(); return; } // computed, but not in this frame
      samples.push({ sent: now - pending.sent, got: now - pending.got, changed });
      pending = null;
    });
    addEventListener("pointermove", (ev) => {
      if (!ev.buttons || pending) return;
      changed = false;
      pending = { sent: ev.timeStamp, got: performance.now(), tries: 0 };
      wait();
    }, { capture: true });
  }

  // -- work: from the event to the DOM written, without any wait for a frame ------------------------
  async function work({ output, fire, settle }, count, warm) {
    const seen = new MutationObserver(() => { written = true; }), times = [];
    seen.observe(document.querySelector(output), everything);
    let written = false, missed = 0;
    for (let i = 0; i < count + warm; i++) {
      written = false;
      window.requestAnimationFrame = (f) => { f(performance.now()); return 0; };
      const start = performance.now();
      fire(i);
      if (settle) await settle();
      const time = performance.now() - start;
      window.requestAnimationFrame = frame;
      written ||= seen.takeRecords().length > 0;
      if (i >= warm) { times.push(time); missed += !written; }
      await new Promise((done) => painted(done)); // layout and paint happen outside of the timing
    }
    seen.disconnect();
    return { times, missed };
  }

  // -- how each contender is moved and read -------------------------------------------------------
  const sweep = (i) => 0.25 + 0.5 * Math.abs(((i * 7) % 200) / 100 - 1); // up and down, no value twice in a row
  function slide(input, fraction) {
    input.value = +input.min + fraction * (input.max - input.min);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const ranged = (selector) => ({
    slider: selector, fire: (i) => slide(document.querySelector(selector), sweep(i)),
    set: (f) => slide(document.querySelector(selector), f),
  });
  const kit = {
    explorer: () => ({
      ...ranged('[data-parameter="g"] [type=range]'), output: "svg.figure",
      quantiles: () => {
        const { wide0, half0, line0 } = Explorer.lives.bench.shapes, y = (p, i) => p.map((q) => q[i]);
        const ends = (s) => { const v = y(s.paths[0], 1), n = v.length / 2; return [v.slice(0, n), v.slice(n).reverse()]; };
        const [a, e] = ends(wide0), [b, d] = ends(half0);
        return [a, b, y(line0.paths[0], 1), d, e];
      },
    }),
    vega: () => ({
      ...ranged('.vega-bindings input[name="g_set"]'), output: "#vis svg",
      settle: () => view.runAsync(),
      quantiles: () => {
        const rows = view.data(Object.keys(view.getState({ data: () => true }).data).find((k) => "q50" in (view.data(k)[0] || {})));
        rows.sort((p, q) => p.t - q.t);
        return ["q5", "q25", "q50", "q75", "q95"].map((k) => rows.map((r) => r[k]));
      },
    }),
    ipywidgets: () => ({
      slider: ".noUi-handle", output: ".widget-html-content",
      fire: (i) => document.querySelector(".noUi-handle").dispatchEvent(
        new KeyboardEvent("keydown", { key: (i / 60 | 0) % 2 ? "ArrowLeft" : "ArrowRight", bubbles: true, cancelable: true })),
    }),
    pyodide: () => ({ ...ranged('[data-parameter="g"] [type=range]'), output: "svg.figure", quantiles: () => answer }),
  };

  // -- the explorers of a page, and where the time of one movement goes -----------------------------
  function mover(root, name) {
    return { output: `#${root} svg.figure`, fire: (i) => slide(document.querySelector(`#${root} [data-parameter="${name}"] [type=range]`), sweep(i)) };
  }
  async function settleTime(root, count) {
    const alive = Explorer.lives[root], times = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      alive.findFlip();
      times.push(performance.now() - start);
      await new Promise((done) => painted(done));
    }
    return times;
  }
  async function split(root, name, count) {
    const alive = Explorer.lives[root], spent = {}, stack = [];
    const timed = (owner, key) => {
      const own = owner[key].bind(owner);
      owner[key] = (...x) => {
        const start = performance.now();
        stack.push(0);
        try { return own(...x); } finally {
          const all = performance.now() - start;
          spent[key] = (spent[key] || 0) + all - stack.pop();
          if (stack.length) stack[stack.length - 1] += all;
        }
      };
    };
    for (const key of ["update", "move", "show", "speak"]) timed(alive, key);
    for (const key of ["set", "run", "shapes", "share"]) timed(alive.engine, key);
    await work(mover(root, name), count, 0);
    for (const key of ["update", "move", "show", "speak"]) delete alive[key];
    for (const key of ["set", "shapes", "share"]) delete alive.engine[key];
    return Object.fromEntries(Object.entries(spent).map(([k, v]) => [k, v / count]));
  }
  return { watch, first, listen, samples, work, kit, mover, settleTime, split };
})();
