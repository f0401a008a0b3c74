/* The live figure. One classic script for the whole site (it runs from file:// too); the notebook
   widget is the same text with an export added. It recomputes the model that Python wrote and moves
   the artists of the SVG that matplotlib drew. It must agree with kinds.py, draws.py and words.py. */
const Explorer = (() => {
  "use strict";
  const N = 4096, LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95], Z95 = 1.6448536269514722;
  const SWEEP = 33, GRID = 25, FEW = 256, GAP = 0.065;
  const WORDS = [[0.99, "virtually certain"], [0.9, "very likely"], [0.66, "likely"],
    [0.33, "about as likely as not"], [0.1, "unlikely"], [0.01, "very unlikely"], [0, "exceptionally unlikely"]];
  const models = {};

  // -- draws (draws.py) -------------------------------------------------------------------------
  // Inverse normal: Wichura (1988), algorithm AS 241.
  function ndtri(p) {
    const horner = (c, x) => { let sum = 0; for (let k = c.length - 1; k >= 0; k--) sum = sum * x + c[k]; return sum; };
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      const r = 0.180625 - q * q;
      return q * horner([3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727], r)
        / horner([1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610], r);
    }
    let r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    r = r <= 5
      ? horner([1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4], r - 1.6)
        / horner([1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9], r - 1.6)
      : horner([6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7], r - 5)
        / horner([1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15], r - 5);
    return q < 0 ? -r : r;
  }
  let zs = null;
  const normals = () => zs || (zs = Float64Array.from({ length: N }, (_, i) => ndtri((i + 0.5) / N)));
  const expit = (x) => 1 / (1 + Math.exp(-x)), logit = (p) => Math.log(p / (1 - p));

  function quantileTable(p) {
    const { low: a, central: m, high: b } = p, out = new Float64Array(N);
    const through = (f, g) => {
      const z = normals(), [x, y, w] = [f(a), f(m), f(b)], skew = Math.log((w - y) / (y - x)) / Z95;
      return Math.abs(skew) < 1e-9 ? (i) => g(y + z[i] / Z95 * (w - y)) : (i) => g(y + (w - y) * Math.expm1(skew * z[i]) / Math.expm1(skew * Z95));
    };
    const u = (i) => (i + 0.5) / N, same = (x) => x;
    const at = {
      fixed: () => m,
      uniform: (i) => a + (b - a) * u(i),
      loguniform: (i) => Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * u(i)),
      triangular: (i) => u(i) < (m - a) / (b - a) ? a + Math.sqrt(u(i) * (b - a) * (m - a)) : b - Math.sqrt((1 - u(i)) * (b - a) * (b - m)),
      get normal() { return through(same, same); },
      get lognormal() { return through(Math.log, Math.exp); },
      get logitnormal() { return through(logit, expit); },
    }[p.distribution];
    if (!at) throw new Error("unknown distribution " + p.distribution);
    for (let i = 0; i < N; i++) out[i] = at(i);
    return out;
  }
  function drawsOf(p) {
    const table = quantileTable(p), out = new Float64Array(N), [shift, ...gens] = p.net;
    let s = shift;
    for (let i = 0; i < N; i++) {
      if (i) for (let bit = 0, flips = i ^ (i - 1); bit < 12 && flips >> bit & 1; bit++) s ^= gens[bit];
      out[i] = table[s];
    }
    return out;
  }

  // -- tables: linear in each direction ------------------------------------------------------------
  function interpolator({ grid, values }) {
    const n = grid.length, step = grid.map((_, k) => grid.slice(k + 1).reduce((m, g) => m * g.length, 1));
    const base = new Int32Array(n), weight = new Float64Array(n), last = grid.map(() => 0);
    const place = (k, x) => {   // the cell is most often the one of the call before
      const g = grid[k], v = x <= g[0] ? g[0] : x >= g[g.length - 1] ? g[g.length - 1] : x;
      let j = last[k];
      if (v < g[j] || (j < g.length - 2 && v >= g[j + 1])) {
        let lo = 0, hi = Math.max(g.length - 2, 0);
        while (lo < hi) { const mid = lo + hi + 1 >> 1; if (g[mid] <= v) lo = mid; else hi = mid - 1; }
        last[k] = j = lo;
      }
      base[k] = j * step[k];
      weight[k] = g.length > 1 ? (v - g[j]) / (g[j + 1] - g[j]) : 0;
    };
    const line = (x) => { place(0, x); const o = base[0], w = weight[0]; return w ? values[o] * (1 - w) + values[o + 1] * w : values[o]; };
    const plane = (x, y) => {
      place(0, x); place(1, y);
      const o = base[0] + base[1], u = weight[0], w = weight[1], s = step[0];
      const at = (c) => w ? values[c] * (1 - w) + values[c + 1] * w : values[c];
      return u ? at(o) * (1 - u) + at(o + s) * u : at(o);
    };
    const space = (...x) => {
      for (let k = 0; k < n; k++) place(k, x[k]);
      let sum = 0;
      for (let corner = 0; corner < 1 << n; corner++) {
        let o = 0, q = 1;
        for (let k = 0; k < n && q; k++) {
          const up = corner >> k & 1;
          q *= up ? weight[k] : 1 - weight[k];
          o += base[k] + (up ? step[k] : 0);
        }
        if (q) sum += q * values[o];
      }
      return sum;
    };
    return [line, plane][n - 1] || space;
  }

  // -- order statistics: the smallest value with at least a share q at or below it ----------------
  // Values are counted into bins by size; only the bins that hold a wanted rank are sorted.
  const BINS = 512, counts = new Int32Array(BINS + 1);
  function quantiles(values, levels = LEVELS) {
    const n = values.length;
    let least = Infinity, most = -Infinity;
    for (let i = 0; i < n; i++) { const v = values[i]; if (v < least) least = v; if (v > most) most = v; }
    const width = BINS / (most - least);
    if (!(width > 0 && width < Infinity)) return least === most ? levels.map(() => least) : sorted(values, levels);
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(values[i] - least) * width | 0]++;
    const found = [];
    let bin = 0, below = 0, held = -1, inside = null;
    for (const q of levels) {
      const rank = Math.max(Math.ceil(q * n - 1e-9), 1);
      while (below + counts[bin] < rank) below += counts[bin++];
      if (held !== bin) {
        inside = new Float64Array(counts[bin]);
        for (let i = 0, k = 0; k < inside.length; i++) if (((values[i] - least) * width | 0) === bin) inside[k++] = values[i];
        inside.sort();
        held = bin;
      }
      found.push(inside[rank - below - 1]);
    }
    return found;
  }
  function sorted(values, levels) {
    const all = Float64Array.from(values).sort();
    return levels.map((q) => all[Math.max(Math.ceil(q * all.length - 1e-9), 1) - 1]);
  }

  // -- words (words.py) --------------------------------------------------------------------------
  const likelihood = (s) => WORDS.find(([b]) => s > b || (s === b && b <= 0.33))[1];
  function number(v, digits = 3) {
    if (!Number.isFinite(v)) return "not defined";
    if (v === 0) return "0";
    const size = Math.abs(v);
    if (size >= 1e10 || size < 1e-4) return v.toExponential(digits - 1).replace("e+", "e");
    const rounded = Number(v.toPrecision(digits));
    const places = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
    const [whole, rest] = rounded.toFixed(places).split(".");   // toLocaleString costs tens of milliseconds at first use
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
  }
  const percent = (s) => s > 0 && s < 0.01 ? "less than 1%" : s > 0.99 && s < 1 ? "more than 99%" : Math.floor(100 * s + 0.5) + "%";
  const plain = (v) => String(Number(v.toPrecision(12)));

  // -- scales (kinds.Scale) ------------------------------------------------------------------------
  const scale = ({ low, high, log }) => ({
    low, high, log,
    fraction: (v) => log ? (Math.log10(v) - Math.log10(low)) / (Math.log10(high) - Math.log10(low)) : (v - low) / (high - low),
    value: (f) => log ? low * (high / low) ** f : low + (high - low) * f,
    points(n) { return Array.from({ length: n }, (_, i) => this.value(i / (n - 1))); },
  });

  // -- the model under one setting -----------------------------------------------------------------
  class Engine {
    constructor(spec, run) {
      Object.assign(this, { spec, run });
      this.byId = Object.fromEntries(spec.parameters.map((p) => [p.id, p]));
      this.tables = Object.fromEntries(Object.entries(spec.tables).map(([k, t]) => [k, interpolator(t)]));
      this.free = {}; this.columns = {}; this.held = {};
      this.out = {}; this.one = {};
      for (const o of spec.outputs) { this.out[o] = new Float64Array(N); this.one[o] = new Float64Array(1); }
      this.x = scale(spec.x); this.y = scale(spec.y);
    }
    // fixed: parameters set to a value; ranges: parameters given the range of another row
    set(fixed, ranges = {}) {
      for (const own of this.spec.parameters) {
        const p = this.byId[own.id] = { ...own, ...ranges[own.id] }, key = p.id + "<" + (p.key || ""), v = p.id in fixed ? fixed[p.id] : key;
        if (this.held[p.id] === v) continue;
        this.held[p.id] = v;
        this.columns[p.id] = v === key ? (this.free[key] ||= drawsOf(p)) : new Float64Array(N).fill(v);
      }
      this.fixed = fixed;
    }
    // outputs on all draws at one axis value, with parameters replaced
    draw(t, changed = {}) {
      let c = this.columns;
      for (const k in changed) { if (c === this.columns) c = { ...c }; c[k] = new Float64Array(N).fill(changed[k]); }
      this.run(c, N, t, this.tables, this.out);
      return this.out;
    }
    point(t, changed = {}) {
      const c = {};
      for (const p of this.spec.parameters) c[p.id] = [p.id in changed ? changed[p.id] : this.central(p.id)];
      this.run(c, 1, t, this.tables, this.one);
      return this.one;
    }
    get t() { return this.spec.axis ? this.spec.axis.values[this.at] : 0; }
    share(changed) {
      const c = { ...this.columns };
      for (const k in changed) c[k] = new Float64Array(N).fill(changed[k]);
      return this.judge(c, N);
    }
    judge(c, n) {
      this.run(c, n, this.t, this.tables, this.out);
      const { output, direction, threshold } = this.spec.test, v = this.out[output];
      let count = 0;
      if (direction === ">=") { for (let i = 0; i < n; i++) if (v[i] >= threshold) count++; }
      else for (let i = 0; i < n; i++) if (v[i] <= threshold) count++;
      return count / n;
    }
    central(id) { return id in this.fixed ? this.fixed[id] : this.byId[id].central; }
    shapes() { return KINDS[this.spec.kind.name](this, this.spec.kind, this.spec.test); }
  }

  // -- kinds (kinds.py) ----------------------------------------------------------------------------
  const pairs = (x, y) => x.map((v, i) => [v, y[i]]);
  const band = (x, a, b) => [...pairs(x, a), ...pairs(x, b).reverse()];
  const column = (rows, k) => rows.map((r) => r[k]);
  const steps = (v, first) => v.flatMap((w) => [w, w]).slice(first ? 1 : 0, first ? undefined : -1);
  function spread(places) {
    const order = places.map((_, k) => k).sort((a, b) => places[a] - places[b] || a - b);
    const moved = places.map((p) => Math.min(Math.max(p, 0), 1)), last = order.length - 1;
    for (let i = 1; i <= last; i++) moved[order[i]] = Math.max(moved[order[i]], moved[order[i - 1]] + GAP);
    if (last >= 0 && moved[order[last]] > 1) {
      moved[order[last]] = 1;
      for (let i = last; i > 0; i--) moved[order[i - 1]] = Math.min(moved[order[i - 1]], moved[order[i]] - GAP);
    }
    return moved;
  }
  const KINDS = {
    fan(e, kind) {
      const { values } = e.spec.axis, rows = kind.lines.map(() => []), found = {};
      for (const t of values) { const o = e.draw(t); kind.lines.forEach((l, k) => rows[k].push(quantiles(o[l.output]))); }
      const x = kind.step ? steps(values, true) : values, get = (k, q) => kind.step ? steps(column(rows[k], q), false) : column(rows[k], q);
      kind.lines.forEach((l, k) => {
        if (l.band) {
          found["wide" + k] = { paths: [band(x, get(k, 0), get(k, 4))] };
          found["half" + k] = { paths: [band(x, get(k, 1), get(k, 3))] };
        }
        found["line" + k] = { paths: [pairs(x, get(k, 2))] };
      });
      spread(rows.map((r) => e.y.fraction(r[r.length - 1][2]))).forEach((f, k) => {
        found["label" + k] = { text: kind.lines[k].label, at: [values[values.length - 1], e.y.value(f)] };
      });
      found.now = { paths: [[[e.t, e.y.low], [e.t, e.y.high]]] };
      return found;
    },
    sweep(e, kind, test) {
      const x = e.x.points(SWEEP), rows = x.map((v) => quantiles(e.draw(e.t, { [kind.parameter]: v })[kind.output]));
      const here = e.central(kind.parameter), found = {
        wide0: { paths: [band(x, column(rows, 0), column(rows, 4))] },
        half0: { paths: [band(x, column(rows, 1), column(rows, 3))] },
        line0: { paths: [pairs(x, column(rows, 2))] },
        now: { paths: [[[here, e.y.low], [here, e.y.high]]] },
      };
      if (test?.output === kind.output) found.threshold = { paths: [[[e.x.low, test.threshold], [e.x.high, test.threshold]]] };
      return found;
    },
    distribution(e, kind, test) {
      const v = e.draw(e.t)[kind.output], edges = e.x.points(kind.bins + 1), all = new Float64Array(kind.bins), held = new Float64Array(kind.bins);
      let count = 0;
      for (let i = 0; i < N; i++) {
        const b = Math.min(Math.floor(Math.min(Math.max(e.x.fraction(v[i]), 0), 1) * kind.bins), kind.bins - 1);
        all[b]++;
        if (test && (test.direction === ">=" ? v[i] >= test.threshold : v[i] <= test.threshold)) { held[b]++; count++; }
      }
      const tallest = Math.max(...all), ends = edges.flatMap((w) => [w, w]);
      const outline = (c) => ({ paths: [pairs(ends, [0, ...Array.from(c).flatMap((w) => [w / tallest, w / tallest]), 0])] });
      const found = { all: outline(all) };
      if (test?.output === kind.output) Object.assign(found, {
        holds: outline(held),
        threshold: { paths: [[[test.threshold, 0], [test.threshold, e.y.high]]] },
        share: { text: `holds in ${percent(count / N)} of draws`, at: [e.x.value(0.98), 1.05] },
      });
      return found;
    },
    bars(e, kind) {
      const found = {};
      kind.items.forEach(([, output, values], k) => {
        const [a, b, m, c, d] = quantiles(e.draw(e.t, values)[output]);
        found["wide" + k] = { paths: [[[a, k], [d, k]]] };
        found["half" + k] = { paths: [[[b, k - 0.22], [c, k - 0.22], [c, k + 0.22], [b, k + 0.22]]] };
        found["line" + k] = { paths: [[[m, k - 0.3], [m, k + 0.3]]] };
        found["value" + k] = { text: number(m), at: [e.x.value(Math.min(Math.max(e.x.fraction(d), 0), 0.86) + 0.015), k] };
      });
      return found;
    },
    fence(e, kind) {
      const x = e.spec.axis.values, height = (t) => e.point(t)[kind.boundary][0];
      const edge = x.map((t) => Math.min(Math.max(height(t), e.y.low), e.y.high)), top = x.map(() => e.y.high);
      const found = { area: { paths: [band(steps(x, true), steps(edge, false), steps(top, false))] } };
      let inside = 0;
      kind.points.forEach(([, px, py], k) => { const held = py >= height(px); inside += held; found["point" + k] = { fill: held ? kind.inside : kind.outside }; });
      found.count = { text: `${inside} of ${kind.points.length} inside`, at: [e.x.value(0.02), e.y.value(0.96)] };
      return found;
    },
    region(e, { parameters: [a, b] }) {
      const cells = WORDS.map(() => []), found = {}, ex = e.x.points(GRID + 1), ey = e.y.points(GRID + 1), rank = new Map(WORDS.map(([, w], k) => [w, k]));
      const c = { ...e.columns, [a]: new Float64Array(FEW), [b]: new Float64Array(FEW) };
      for (let i = 0; i < GRID; i++) {
        c[a].fill(e.x.value((i + 0.5) / GRID));
        for (let j = 0; j < GRID; j++) {
          c[b].fill(e.y.value((j + 0.5) / GRID));
          cells[rank.get(likelihood(e.judge(c, FEW)))].push(band([ex[i], ex[i + 1]], [ey[j], ey[j]], [ey[j + 1], ey[j + 1]]));
        }
      }
      cells.forEach((paths, k) => { found["class" + k] = { paths }; });
      const h = [e.central(a), e.central(b)];
      found.now = { paths: [[[h[0], e.y.low], [h[0], e.y.high]], [[e.x.low, h[1]], [e.x.high, h[1]]]] };
      return found;
    },
    tornado(e, kind) {
      const at = (c) => e.point(e.t, c)[kind.output][0], middle = at({}), found = { middle: { paths: [[[middle, e.y.low], [middle, e.y.high]]] } };
      const swings = kind.over.map((id, i) => {
        const p = e.byId[id], [lo, hi] = id in e.fixed ? [e.fixed[id], e.fixed[id]] : [p.low, p.high], low = at({ [id]: lo }), high = at({ [id]: hi });
        return { low, high, i, size: Math.abs(e.x.fraction(high) - e.x.fraction(low)) };
      }).sort((p, q) => q.size - p.size || p.i - q.i);
      swings.forEach((s, k) => {
        for (const part of ["low", "high"]) found[part + k] = { paths: [[[middle, k - 0.3], [s[part], k - 0.3], [s[part], k + 0.3], [middle, k + 0.3]]] };
        found["name" + k] = { text: kind.names[s.i], at: [e.x.low, k] };
      });
      return found;
    },
  };

  KINDS.crux = (e, { output, groups, threshold }) => {
    const n = groups.length, all = 1 << n, fact = [1], bits = (s) => s.toString(2).replace(/0/g, "").length;
    for (let k = 1; k <= n; k++) fact.push(fact[k - 1] * k);
    const answers = Array.from({ length: all }, (_, s) => e.x.fraction(e.point(e.t, Object.assign({}, ...groups.map(([, a, b], k) => s >> k & 1 ? b : a)))[output][0]));
    const effects = groups.map((_, k) => {
      let total = 0;
      for (let s = 0; s < all; s++) if (!(s >> k & 1)) total += fact[bits(s)] * fact[n - bits(s) - 1] / fact[n] * (answers[s | 1 << k] - answers[s]);
      return total;
    });
    const size = (k) => Math.round(Math.abs(effects[k]) * 1e9), order = groups.map((_, k) => k).sort((a, b) => size(b) - size(a) || a - b);
    let start = answers[0];
    const at = e.x.value(start), found = { middle: { paths: [[[at, e.y.low], [at, e.y.high]]] } };
    found.threshold = { paths: [[[threshold, e.y.low], [threshold, e.y.high]]] };
    order.forEach((which, k) => {
      const end = start + effects[which], a = e.x.value(start), b = e.x.value(end), box = [[a, k - 0.3], [b, k - 0.3], [b, k + 0.3], [a, k + 0.3]], up = effects[which] >= 0;
      found["rise" + k] = { paths: up ? [box] : [] }; found["fall" + k] = { paths: up ? [] : [box] };
      found["name" + k] = { text: groups[which][0], at: [e.x.low, k] };
      found["value" + k] = { text: (e.x.log ? "\u00d7" : "") + number(e.x.log ? b / a : b - a, 2), at: [e.x.value(Math.min(Math.max(start, end), 0.9) + 0.015), k] };
      start = end;
    });
    return found;
  };

  // -- one live figure in a page -------------------------------------------------------------------
  class Live {
    constructor(root, spec, run) {
      Object.assign(this, { root, spec, values: {}, choices: {}, last: null, world: null });
      this.engine = new Engine(spec, run);
      this.svg = root.querySelector("svg.figure");
      for (const c of spec.choices) this.choices[c.id] = c.start;
      const artists = {};
      for (const g of this.svg.querySelectorAll("g[id]")) artists[g.id.slice(spec.id.length + 1)] = g;
      this.artists = artists;
      this.text = root.querySelector(".answer-text"); this.word = root.querySelector(".verdict");
      this.flip = root.querySelector(".flip"); this.announce = root.querySelector(".announce"); this.note = root.querySelector(".explorer-note");
      this.listeners = [];
      this.bind();
    }
    $(selector) { return this.root.querySelector(selector); }
    bind() {
      const r = this.root;
      r.addEventListener("input", (ev) => {
        const box = ev.target.closest("[data-parameter]");
        if (box) {
          const p = this.engine.byId[box.dataset.parameter], s = scale({ low: p.minimum, high: p.maximum, log: p.log });
          if (ev.target.type === "range") this.choose(p.id, Number(s.value(ev.target.value / 1000).toPrecision(4)), ev.target);
          else if (ev.target.value !== "" && Number.isFinite(+ev.target.value)) this.choose(p.id, +ev.target.value, ev.target);
        } else if (ev.target.dataset.choice) {
          this.choices[ev.target.dataset.choice] = ev.target.value; this.world = null; this.later();
        }
      });
      r.addEventListener("change", (ev) => { if (ev.target.type === "number") this.show(); });
      r.addEventListener("click", (ev) => {
        const b = ev.target.closest("button");
        if (!b) return;
        if (b.classList.contains("release")) { delete this.values[b.closest("[data-parameter]").dataset.parameter]; this.world = null; this.later(); }
        if (b.dataset.world) this.enter(b.dataset.world);
        const act = { reset: () => this.reset(), link: () => this.copy(b), csv: () => this.csv(), svg: () => this.picture(false), png: () => this.picture(true) }[b.dataset.do];
        if (act) act();
      });
    }
    clamp(p, v) { return Math.min(Math.max(v, p.minimum), p.maximum); }
    choose(id, value, from) {
      const p = this.engine.byId[id], v = this.clamp(p, value);
      this.say(v === value ? "" : `${p.name}: ${plain(value)} is out of range, set to ${plain(v)}.`);
      this.values[id] = v; this.last = id; this.world = null; this.from = from;
      this.later();
    }
    enter(id) {
      const w = this.spec.worlds.find((x) => x.id === id);
      this.values = { ...w.values };
      Object.assign(this.choices, Object.fromEntries(Object.entries(w.choices)));
      this.world = id; this.last = null; this.later();
    }
    reset() {
      this.values = {}; this.world = null; this.last = null;
      for (const c of this.spec.choices) this.choices[c.id] = c.start;
      this.say(""); this.later();
    }
    say(text) { this.note.textContent = text; this.note.hidden = !text; }
    option(c) { return c.options.find((o) => o.id === this.choices[c.id]); }
    merged(part) { return Object.assign({}, ...this.spec.choices.map((c) => this.option(c)[part])); }
    later() { if (!this.waiting) { this.waiting = true; requestAnimationFrame(() => { this.waiting = false; this.update(); }); } }
    update(quiet) {
      const e = this.engine;
      e.set({ ...this.merged("values"), ...this.values }, this.merged("ranges"));
      e.at = Math.max(0, this.spec.choices.filter((c) => c.id === "at").map((c) => c.options.indexOf(this.option(c))).pop() ?? 0);
      this.shapes = e.shapes();
      for (const name in this.shapes) this.move(name, this.shapes[name]);
      this.show(); this.speak();
      for (const f of this.listeners) f();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { this.findFlip(); if (!quiet) { this.announce.textContent = `${this.text.textContent} ${this.word.textContent} ${this.flip.textContent}`; this.address(); } }, 250);
    }
    px(axis, v) {
      const a = this.spec.axes[axis], f = Math.min(Math.max(this.engine[axis].fraction(v), -2), 3);
      return (a.start + (Number.isNaN(f) ? -2 : f) * (a.end - a.start)).toFixed(2);
    }
    move(name, shape) {
      const g = this.artists[name];
      if (!g) return;
      if (shape.paths) {
        const closed = !/^(line|now|threshold|middle)/.test(name) && !(name.startsWith("wide") && this.spec.kind.name === "bars");
        const d = shape.paths.map((p) => "M" + p.map(([x, y]) => this.px("x", x) + " " + this.px("y", y)).join("L") + (closed ? "Z" : "")).join("");
        g.querySelector("path").setAttribute("d", d || "M0 0");
      } else if (shape.at) {
        const t = g.querySelector("text"), was = this.homes?.[name] || this.home(name, t, shape);
        t.textContent = shape.text;
        t.setAttribute("transform", `translate(${(+this.px("x", shape.at[0]) + was[0]).toFixed(2)} ${(+this.px("y", shape.at[1]) + was[1]).toFixed(2)})`);
      } else {
        const c = this.spec.series[shape.fill];
        for (const n of g.querySelectorAll("use, path")) n.setAttribute("fill", c);
      }
    }
    // matplotlib's offset of a text from its data point, read once, from the figure as it was drawn
    home(name, t, shape) {
      const off = [+t.getAttribute("x") - this.px("x", shape.at[0]), +t.getAttribute("y") - this.px("y", shape.at[1])];
      t.removeAttribute("x"); t.removeAttribute("y");
      (this.homes ||= {})[name] = off;
      return off;
    }
    middle(output) {
      const o = this.engine.draw(this.engine.t)[output];
      return quantiles(o, [0.5])[0];
    }
    speak() {
      const label = (id) => this.option(this.spec.choices.find((x) => x.id === id)).phrase;
      this.text.textContent = this.spec.answer.replace(/{([^}]*)}/g, (_, body) => {
        if (body.includes("!")) return label(body.split("!")[1]);
        const [name, digits] = body.split(":");
        return number(this.middle(name), +(digits || 3));
      });
      if (!this.spec.test) return;
      const s = this.engine.share();
      this.word.textContent = s === 0 || s === 1 ? `The claim ${s ? "holds" : "fails"} in every draw under this reading.` : `The claim holds in ${percent(s)} of draws under this reading: ${likelihood(s)}.`;
    }
    // the value of the control last touched at which the claim stops, or starts, to hold in most draws
    findFlip() {
      for (const m of this.root.querySelectorAll(".flip-mark")) m.setAttribute("visibility", "hidden");
      if (!this.last || !this.spec.test) { this.flip.textContent = ""; return; }
      const p = this.engine.byId[this.last], s = scale({ low: p.minimum, high: p.maximum, log: p.log });
      const holds = (f) => this.engine.share({ [p.id]: s.value(f) }) >= 0.5, here = s.fraction(this.values[p.id] ?? p.central);
      const marks = Array.from({ length: 25 }, (_, i) => [i / 24, holds(i / 24)]), found = [];
      for (let i = 1; i < marks.length; i++) if (marks[i][1] !== marks[i - 1][1]) {
        let [a, b] = [marks[i - 1][0], marks[i][0]];
        for (let k = 0; k < 20; k++) { const m = (a + b) / 2; if (holds(m) === marks[i - 1][1]) a = m; else b = m; }
        found.push((a + b) / 2);
      }
      found.sort((a, b) => Math.abs(a - here) - Math.abs(b - here));
      const unit = p.unit ? " " + p.unit : "";
      if (!found.length) { this.flipAt = null; this.flip.textContent = `No value of “${p.name}” from ${number(p.minimum)} to ${number(p.maximum)}${unit} changes that.`; return; }
      const v = this.flipAt = s.value(found[0]);
      const reach = v >= p.low && v <= p.high ? "inside" : "outside";
      this.flip.textContent = `It flips where “${p.name}” is ${number(v)}${unit}, ${reach} the published range of ${number(p.low)} to ${number(p.high)}.`;
      const mark = this.$(`[data-parameter="${p.id}"] .flip-mark`);
      if (mark) { mark.setAttribute("x1", 100 * found[0] + "%"); mark.setAttribute("x2", 100 * found[0] + "%"); mark.setAttribute("visibility", "visible"); }
    }
    show() {
      for (const box of this.root.querySelectorAll("[data-parameter]")) {
        const p = this.engine.byId[box.dataset.parameter], set = p.id in this.values, held = p.id in this.engine.fixed;
        const v = set ? this.values[p.id] : held ? this.engine.fixed[p.id] : p.central, s = scale({ low: p.minimum, high: p.maximum, log: p.log });
        const range = box.querySelector("[type=range]"), num = box.querySelector("[type=number]");
        if (document.activeElement !== range || this.from !== range) range.value = Math.round(1000 * s.fraction(v));
        if (document.activeElement !== num || this.from !== num) num.value = plain(v);
        range.setAttribute("aria-valuetext", `${number(v)} ${p.unit}` + (held ? "" : ", published range"));
        this.marks(box, p, s);
        box.classList.toggle("set", set);
        box.querySelector(".release").hidden = !set;
      }
      for (const s of this.root.querySelectorAll("[data-choice]")) s.value = this.choices[s.dataset.choice];
      for (const b of this.root.querySelectorAll("[data-world]")) b.setAttribute("aria-pressed", String(b.dataset.world === this.world));
    }
    // a choice may have changed the published range under a slider
    marks(box, p, s) {
      const key = p.key || "";
      if ((box.dataset.range || "") === key) return;
      box.dataset.range = key;
      for (const k of ["low", "central", "high"]) {
        const line = box.querySelector(`line.${k}`), x = 100 * s.fraction(p[k]) + "%";
        line.setAttribute("x1", x); line.setAttribute("x2", x);
      }
      const bar = box.querySelector(".range");
      bar.setAttribute("x", 100 * s.fraction(p.low) + "%"); bar.setAttribute("width", 100 * (s.fraction(p.high) - s.fraction(p.low)) + "%");
      box.querySelector(".marks").textContent = `${number(p.low)} \u2013 ${number(p.central)} \u2013 ${number(p.high)} (${p.name})`;
    }
    hash() {
      const asked = this.spec.choices.filter((c) => this.choices[c.id] !== c.start).map((c) => `${c.id}=${encodeURIComponent(this.choices[c.id])}`);
      const set = Object.entries(this.values).map(([k, v]) => `${k}=${plain(v)}`), all = [...asked, ...set];
      return `#${this.spec.id}` + (all.length ? "?" + all.join("&") : "");
    }
    address() { try { history.replaceState(null, "", this.hash()); } catch { /* a sandboxed frame has no address to change */ } }
    // a scenario from an address: known names only, numbers clamped, the rest ignored
    open(query) {
      const notes = [];
      this.values = {}; this.world = null;
      for (const c of this.spec.choices) this.choices[c.id] = c.start;
      for (const part of query.slice(0, 4000).split("&")) {
        const cut = part.indexOf("=");
        if (cut < 1) continue;
        let key, value;
        try { key = decodeURIComponent(part.slice(0, cut)); value = decodeURIComponent(part.slice(cut + 1)); } catch { continue; }
        const choice = this.spec.choices.find((c) => c.id === key);
        if (choice) { if (choice.options.some((o) => o.id === value)) this.choices[key] = value; continue; }
        if (!this.spec.controls.includes(key) || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) continue;
        const p = this.engine.byId[key], v = Number(value);
        if (!Number.isFinite(v)) continue;
        this.values[key] = this.clamp(p, v); this.last = key;
        if (this.values[key] !== v) notes.push(`${p.name}: ${plain(v)} is out of range, set to ${plain(this.values[key])}.`);
      }
      this.update(true); this.say(notes.join(" "));
      this.root.scrollIntoView({ block: "start" });
    }
    async copy(button) {
      this.address();
      const link = location.href.split("#")[0] + this.hash();
      try { await navigator.clipboard.writeText(link); button.textContent = "Link copied"; } catch { this.say("The address bar holds the link to this scenario: " + link); }
      setTimeout(() => { button.textContent = "Copy link to this scenario"; }, 2000);
    }
    save(name, blob) {
      const a = document.createElement("a");
      a.href = URL.createObjectURL(blob); a.download = `${this.spec.id}${name}`;
      document.body.append(a); a.click(); a.remove();
      setTimeout(() => URL.revokeObjectURL(a.href), 10000);
    }
    table() {
      const o = this.engine.draw(this.engine.t), names = [...this.spec.parameters.map((p) => p.id), ...this.spec.outputs];
      const rows = [names.join(",")];
      for (let i = 0; i < N; i++) rows.push(names.map((n) => (this.engine.columns[n] || o[n])[i]).join(","));
      return rows.join("\n") + "\n";
    }
    csv() { this.save(".csv", new Blob([`# ${location.href.split("#")[0]}${this.hash()}\n`, this.table()], { type: "text/csv" })); }
    picture(png) {
      const copy = this.svg.cloneNode(true), from = this.svg.querySelectorAll("*");
      copy.querySelectorAll("*").forEach((n, i) => {
        const s = getComputedStyle(from[i]);
        for (const k of ["fill", "stroke", "font-family", "font-size"]) if (s.getPropertyValue(k)) n.setAttribute(k, s.getPropertyValue(k));
      });
      const blob = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
      if (!png) { this.save(".svg", blob); return; }
      const image = new Image(), [w, h] = this.svg.getAttribute("viewBox").split(" ").slice(2).map(Number);
      image.onload = () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: w * 3, height: h * 3 }), c = canvas.getContext("2d");
        c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, w * 3, h * 3);
        c.drawImage(image, 0, 0, w * 3, h * 3);
        canvas.toBlob((b) => this.save(".png", b));
      };
      image.src = URL.createObjectURL(blob);
    }
  }

  // -- starting ------------------------------------------------------------------------------------
  const lives = {};
  function mount(root, spec, run) {
    try {
      const live = new Live(root, spec, run);
      live.update(true);
      root.classList.add("live");
      lives[spec.id] = live;
      return live;
    } catch (err) {
      console.error(err);
      root.classList.add("broken");
      const note = root.querySelector(".explorer-note");
      if (note) { note.hidden = false; note.textContent = "This figure could not be made interactive; it shows the report's central values."; }
      return null;
    }
  }
  function fromAddress() {
    const cut = location.hash.indexOf("?");
    if (cut < 0) return;
    const live = Object.prototype.hasOwnProperty.call(lives, location.hash.slice(1, cut)) ? lives[location.hash.slice(1, cut)] : null;
    if (live) live.open(location.hash.slice(cut + 1));
  }
  function start() {
    for (const script of document.querySelectorAll("script[data-explorer-spec]")) {
      const id = script.dataset.explorerSpec, root = document.querySelector(`figure[data-explorer="${id}"]`);
      if (!root || root.classList.contains("live")) continue;
      let spec = null;
      try { spec = JSON.parse(script.textContent); } catch (err) { console.error(err); }
      mount(root, spec, models[id]);
    }
    fromAddress();
    addEventListener("hashchange", fromAddress);
  }
  // the notebook: anywidget calls this; there is no site, so the model's function comes with the widget
  function render({ model, el }) {
    const holder = document.createElement("div");
    holder.className = "explorer-cell";
    holder.innerHTML = model.get("markup");
    el.append(holder);
    const spec = model.get("spec"), live = mount(holder.querySelector("figure"), spec, new Function("return " + spec.javascript)());
    if (!live) return;
    live.address = () => {};
    const pull = () => { live.values = { ...model.get("values") }; live.choices = { ...live.choices, ...model.get("choices") }; live.later(); };
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    live.listeners.push(() => {
      if (same(live.values, model.get("values")) && same(live.choices, model.get("choices"))) return;
      model.set("values", { ...live.values }); model.set("choices", { ...live.choices }); model.save_changes();
    });
    model.on("change:values", pull); model.on("change:choices", pull);
    pull();
  }
  return { start, render, mount, models, lives, words: { number, percent, likelihood }, quantiles, drawsOf, interpolator };
})();
if (typeof document !== "undefined" && document.querySelector("script[data-explorer-spec]")) {
  // deferred scripts run while the document is "interactive": the models' functions come after this one
  if (document.readyState === "complete") Explorer.start(); else document.addEventListener("DOMContentLoaded", Explorer.start);
}
