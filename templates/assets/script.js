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

  function box(before, name, apply) {
    const label = document.createElement("label");
    label.className = "filter";
    label.textContent = name + " ";
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
    return { input: input, after: none };
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
    const isPart = table.dataset.part !== undefined;
    const name = isPart ? texts.filterPart : texts.filter;
    const made = box(table.closest(".scroll"), name, (words) => filterItems(rows, words) > 0);
    if (isPart) lookElsewhere(made);
  }

  for (const list of document.querySelectorAll("div[data-filter]")) {
    const groups = Array.from(list.querySelectorAll(".group"), (group) => ({
      group: group,
      names: items(group.querySelectorAll("li")),
    }));
    if (groups.reduce((n, one) => n + one.names.length, 0) < 13) continue;
    box(list, texts.filter, function (words) {
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

  /* A table as a file: numbers as they are, texts that a spreadsheet could take for formulas made harmless. */
  function cell(element) {
    if (element.dataset.v && element.classList.contains("n") && !Number.isNaN(Number(element.dataset.v))) {
      return element.dataset.v;
    }
    const copy = element.cloneNode(true);
    for (const said of copy.querySelectorAll(".tip, .grade, .mark, svg")) said.remove();
    const lines = Array.from(copy.childNodes, (node) => node.textContent.trim()).filter(Boolean);
    const text = lines.join("; ");
    return '"' + (/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
  }

  function save(table) {
    const rows = Array.from(table.rows, (row) => Array.from(row.cells, cell).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + rows.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = location.pathname.split("/").pop().replace(".html", "") + "-" + table.id + ".csv";
    link.click();
    URL.revokeObjectURL(link.href);
    return rows;
  }

  for (const table of document.querySelectorAll("main .scroll > table")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "take";
    button.textContent = texts.csv;
    button.setAttribute("aria-label", texts.csv + ": " + table.caption.textContent);
    button.addEventListener("click", () => save(table));
    table.parentElement.after(button);
  }

  /* A box that finds any page by its name. What it looks through is loaded when it is first used. */
  const own = document.querySelector("script[src$='assets/script.js']").getAttribute("src");
  const root = own.slice(0, -"assets/script.js".length);

  function whenLoaded(input, show) {
    input.addEventListener("focus", function () {
      if (window.chisoSearch) return;
      const script = document.createElement("script");
      script.src = root + "assets/search-" + lang + ".js";
      script.addEventListener("load", show);
      document.head.append(script);
    }, { once: true });
    input.addEventListener("input", show);
  }

  function found(words, looked) {
    const wanted = words.split(/\s+/).filter(Boolean);
    if (wanted.length === 0 || !window.chisoSearch) return [];
    const pages = window.chisoSearch.pages.filter(looked);
    for (const page of pages) page[3] = page[3] || plain(page[0]);
    const fits = pages.filter((page) => wanted.every((word) => page[3].includes(word)));
    const begins = (page) => (page[3].startsWith(words) ? 0 : 1);
    return fits.sort((a, b) => begins(a) - begins(b) || a[2] - b[2]).slice(0, 12);
  }

  function entry([name, path, kind]) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + lang + "/" + path;
    link.textContent = name;
    const of = document.createElement("span");
    of.className = "line muted";
    of.textContent = window.chisoSearch.kinds[kind];
    item.append(link, of);
    return item;
  }

  function searching() {
    const form = document.createElement("form");
    form.className = "search";
    form.setAttribute("role", "search");
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = texts.search;
    input.setAttribute("aria-label", texts.search);
    const list = document.createElement("ul");
    list.hidden = true;
    const said = document.createElement("p");
    said.className = "hidden";
    said.setAttribute("role", "status");
    form.append(input, list, said);
    function show() {
      const pages = found(plain(input.value), () => true);
      list.replaceChildren(...pages.map(entry));
      list.hidden = pages.length === 0;
      said.textContent = input.value === "" ? "" : pages.length || texts.searchNone;
    }
    whenLoaded(input, show);
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      input.value = "";
      show();
      input.focus();
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const first = list.querySelector("a");
      if (first) location.href = first.href;
    });
    document.querySelector(".bar .site").after(form);
  }
  searching();

  /* A table that goes on elsewhere: its box filters the rows of this page, and names the pages of bodies of any other. */
  function lookElsewhere(made) {
    const of = document.createElement("p");
    of.className = "muted elsewhere";
    made.after.after(of);
    function show() {
      const last = window.chisoSearch ? window.chisoSearch.kinds.length - 1 : 0;
      const bodies = found(plain(made.input.value), (page) => page[2] === last);
      of.textContent = bodies.length === 0 ? "" : texts.elsewhere + ": ";
      bodies.forEach(function ([name, path], n) {
        const link = document.createElement("a");
        link.href = root + lang + "/" + path;
        link.textContent = name;
        if (n > 0) of.append("; ");
        of.append(link);
      });
    }
    whenLoaded(made.input, show);
  }

  for (const table of document.querySelectorAll("table[data-sort]")) {
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = (table.dataset.part === undefined ? texts.sort : texts.sortPart) + ": " + heading.textContent;
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    }
  }
})();
