/* The diffusion rule as a tool: shows the paths open to a buyer, and how many chips each allows. Mirrors export_controls.paths. */
(() => {
  "use strict";
  const GROUP = ["", "first", "second", "third"], whole = new Intl.NumberFormat("en-US");
  const start = () => {
    for (const box of document.querySelectorAll(".machine")) {
      const data = JSON.parse(box.querySelector(".machine-data").textContent), asked = {};
      const states = data.states.map(([id, name]) => [id, name]);
      const options = { headquarters: states, site: states, quarter: data.quarters, chip: data.chips };
      for (const field of box.querySelectorAll("[data-ask]")) {
        const name = field.dataset.ask;
        asked[name] = field;
        for (const [id, label] of options[name] ?? []) field.add(new Option(label, id));
        field.value = data.start[name];
        field.addEventListener("input", () => show());
      }
      const row = (list, name) => list.find(([id]) => id === asked[name].value);
      const show = () => {
        const [, home, h] = row(data.states, "headquarters"), [, place, d] = row(data.states, "site");
        const [, until, ceiling, small] = row(data.quarters, "quarter"), [, chip, tpp] = row(data.chips, "chip");
        const wanted = Math.max(1, Math.min(1e7, Math.floor(+asked.wanted.value) || 1));
        const enough = [];
        for (const line of box.querySelectorAll("tr[data-path]")) {
          const { kind, limit, headquarters, site } = line.dataset, denied = h === 3 || d === 3;
          const open = denied ? kind === "nothing" : kind !== "nothing" && headquarters.includes(h) && site.includes(d) && !(kind === "share" && d === 1);
          line.hidden = !open;
          if (!open) continue;
          const budget = { none: Infinity, nothing: 0, year: small, quarter: ceiling, country: +limit, share: NaN }[kind];
          const chips = Math.floor(budget / tpp), reaches = chips >= wanted && line.dataset.path !== "acm";
          line.classList.toggle("enough", reaches);
          line.querySelector(".allowed").textContent =
            kind === "none" ? "No cap stated" : kind === "nothing" ? "None" :
            kind === "share" ? `${limit} per cent of the firm's own total` : `${whole.format(chips)} ${chip}`;
          line.dataset.chips = kind === "share" ? "" : chips;
          if (reaches) enough.push(line.cells[0].textContent);
        }
        box.querySelector(".machine-answer").textContent =
          `A firm of ${home} (${GROUP[h]} group) with a site in ${place} (${GROUP[d]} group) that wants ${whole.format(wanted)} ${chip} by the end of ${until}: ` +
          (enough.length ? `${enough.length > 1 ? "these paths reach" : "one path reaches"} that far: ${enough.join("; ")}.` : "no path reaches that far, unless a share of the firm's own total does.").replace(h === 3 || d === 3 ? ", unless a share of the firm's own total does" : "", "");
      };
      show();
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
