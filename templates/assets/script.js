/* Adds to pages that are complete without it: boxes that filter names, and headings that sort tables. */
(function () {
  "use strict";
  const texts = document.body.dataset;
  const lang = document.documentElement.lang;

  /* Which state of the data the site is of: in a file of its own, so that a page whose numbers stay stays. */
  for (const place of document.querySelectorAll("[data-state]")) {
    const state = (window.chisoState || {})[lang];
    if (state) place.textContent = state;
  }

  /* Accents are dropped on both sides: "phu tho" finds "Phú Thọ". */
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
  }

  function box(before, apply) {
    const label = document.createElement("label");
    label.className = "filter";
    label.textContent = texts.filter + " ";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = texts.filterHint;
    label.append(input);
    const none = document.createElement("p");
    none.className = "muted";
    none.setAttribute("role", "status");
    before.before(label, none);
    input.addEventListener("input", function () {
      none.textContent = apply(plain(input.value)) ? "" : texts.filterNone;
    });
  }

  function filterItems(items, words) {
    const wanted = words.split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.known = item.known || plain(item.element.textContent);
      item.element.hidden = !wanted.every((word) => item.known.includes(word));
      shown += item.element.hidden ? 0 : 1;
    }
    return shown;
  }

  function items(elements) {
    return Array.from(elements, (element) => ({ element: element }));
  }

  for (const table of document.querySelectorAll("table[data-filter]")) {
    const rows = items(table.tBodies[0].rows);
    box(table.closest(".scroll"), (words) => filterItems(rows, words) > 0);
  }

  for (const list of document.querySelectorAll("div[data-filter]")) {
    const groups = Array.from(list.querySelectorAll(".group"), (group) => ({
      group: group,
      names: items(group.querySelectorAll("li")),
    }));
    if (groups.reduce((n, one) => n + one.names.length, 0) < 13) continue;
    box(list, function (words) {
      let shown = 0;
      for (const one of groups) {
        const n = filterItems(one.names, words);
        one.group.hidden = words !== "" && n === 0;
        shown += n;
      }
      return shown > 0;
    });
  }

  /* Missing values stay last in both directions. */
  function compare(a, b, sign) {
    if (a === b) return 0;
    if (a === "" || b === "") return a === "" ? 1 : -1;
    const x = Number(a), y = Number(b);
    const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, lang) : x - y;
    return sign * order;
  }

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim();
  }

  function sort(table, heading) {
    const column = heading.cellIndex;
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = Array.from(table.tBodies[0].rows);
    rows.sort((a, b) => compare(key(a, column), key(b, column), down ? -1 : 1));
    table.tBodies[0].append(...rows);
  }

  for (const table of document.querySelectorAll("table[data-sort]")) {
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = texts.sort + ": " + heading.textContent;
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    }
  }
})();
