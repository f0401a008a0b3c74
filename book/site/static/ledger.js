/* Filters and sorts the ledger; the choice lives in the address. Without it the table stands as it is. */
(() => {
  "use strict";
  const start = () => {
    for (const table of document.querySelectorAll("table.ledger")) {
      const body = table.tBodies[0], rows = [...body.rows], box = table.closest(".scroll").previousElementSibling;
      const filters = box?.classList.contains("ledger-filters") ? [...box.querySelectorAll("[data-filter]")] : [];
      const apply = () => {
        let shown = 0;
        for (const row of rows) {
          row.hidden = !filters.every((f) => !f.value || row.dataset[f.dataset.filter] === f.value || (/speaker|kind/.test(f.dataset.filter) && row.dataset[f.dataset.filter].split(" ").includes(f.value)));
          shown += !row.hidden;
        }
        if (box) box.querySelector(".ledger-count").textContent = `${shown} of ${rows.length} claims`;
      };
      const remember = () => {
        const asked = new URLSearchParams(filters.filter((f) => f.value).map((f) => [f.dataset.filter, f.value]));
        try { history.replaceState(null, "", asked.size ? "#ledger?" + asked : location.pathname); } catch { /* no address to change */ }
      };
      for (const f of filters) f.addEventListener("change", () => { apply(); remember(); });
      if (filters.length && location.hash.startsWith("#ledger?")) {
        const asked = new URLSearchParams(location.hash.slice(8));
        for (const f of filters) if ([...f.options].some((o) => o.value === asked.get(f.dataset.filter))) f.value = asked.get(f.dataset.filter);
        apply();
      }
      [...table.tHead.rows[0].cells].forEach((head, k) => {
        const button = document.createElement("button");
        button.type = "button"; button.className = "sort"; button.textContent = head.textContent;
        head.textContent = ""; head.append(button); head.setAttribute("aria-sort", "none");
        button.addEventListener("click", () => {
          const up = head.getAttribute("aria-sort") !== "ascending";
          for (const h of table.tHead.rows[0].cells) h.setAttribute("aria-sort", "none");
          head.setAttribute("aria-sort", up ? "ascending" : "descending");
          const order = new Intl.Collator("en", { numeric: true });
          rows.sort((a, b) => (up ? 1 : -1) * order.compare(a.cells[k].textContent, b.cells[k].textContent));
          body.append(...rows);
        });
      });
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
