// What is asked of a page from within. Each function is sent to the page by itself, so it uses nothing outside of itself.

// The menu aside: what drops from it lies over the page.
export function openDetails() {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    details.open = true;
    details.dataset.wasClosed = "";
  }
}

export function openMenu() {
  for (const details of document.querySelectorAll("header details:not([open])")) {
    details.open = true;
    details.dataset.wasClosed = "";
  }
}

export function closeDetails() {
  for (const details of document.querySelectorAll("details[data-was-closed]")) details.open = false;
}

// What axe finds in a part of the page, a line a rule: where, and what is wrong there.
export async function runAxe({ part, options }) {
  const found = await window.axe.run(part, { ...options, resultTypes: ["violations"] });
  return found.violations.map((rule) => {
    const nodes = rule.nodes.slice(0, 3).map((node) => {
      const why = (node.any[0] || node.all[0] || node.none[0] || {}).message || "";
      return `${node.target.join(" ")} (${why})`;
    });
    return `${rule.id}, ${rule.nodes.length} times: ${nodes.join("; ")}`;
  });
}

// The texts that a reader sees in the head and the main part; controls of forms aside, which are nothing without a script.
export function visibleText() {
  const texts = [];
  const aside = "form, .filter, .search, .take, [role=status], noscript, script, footer";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.replace(/\s+/g, " ").trim();
    const parent = node.parentElement;
    if (text === "" || parent.closest(aside)) continue;
    if (parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) texts.push(text);
  }
  return texts;
}

// A page without scripts still is one: a heading, its contents, a way on.
export function missingParts() {
  const wanted = { h1: "a main heading", "main": "a main part", "header nav a[href]": "a menu", "footer": "a foot" };
  const lost = Object.entries(wanted).filter(([selector]) => {
    const found = document.querySelector(selector);
    return !found || !found.checkVisibility({ visibilityProperty: true });
  });
  return lost.map(([, name]) => `without a script there is not ${name}`);
}

// What sticks out on the right, if the page can be scrolled that way.
export function widerThanTheWindow() {
  const root = document.scrollingElement;
  const over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return [];
  const name = (element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "")
    + Array.from(element.classList, (one) => `.${one}`).join("");
  const out = Array.from(document.querySelectorAll("body *")).filter((element) => {
    if (element.getBoundingClientRect().right <= root.clientWidth + 0.5) return false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (up !== document.body && getComputedStyle(up).overflowX !== "visible") return false;
    }
    return true;
  });
  return [`${over} px too wide: ${out.slice(0, 3).map(name).join(", ")}`];
}

// Lists what Tab should reach, and notes what it does; the place of the focus is looked at when the next key goes down, for
// by then the page has come to rest.
export function listenToFocus() {
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], [tabindex], [contenteditable]";
  const expected = Array.from(document.querySelectorAll(can)).filter((element) => {
    const tabIndex = element.tabIndex === undefined ? 0 : element.tabIndex;
    return tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true });
  });
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""} `
    + `"${(element.getAttribute("aria-label") || element.textContent || "").replace(/\s+/g, " ").trim().slice(0, 40)}"`;

  const places = new Set(expected);
  const heard = [];
  const wrong = new Set();

  function isMarked(element) {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  }

  function isCovered(element) {
    /* WCAG 2.4.11: not all of it is hidden. A few points of each line of it are asked for. */
    return !Array.from(element.getClientRects()).some((box) => [0.05, 0.5, 0.95].some((part) => {
      const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
      const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
      if (right <= left || bottom <= top) return false;
      const shown = document.elementFromPoint(left + part * (right - left), (top + bottom) / 2);
      return shown && (element.contains(shown) || (shown.contains(element) && shown.matches("summary, label, svg, svg *")));
    }));
  }

  function look() {
    const element = document.activeElement;
    /* A region that scrolls may be a stop without asking to be one; and after the last stop comes the first again. */
    if (!places.has(element) || heard.length === expected.length) return;
    heard.push(element);
    if (!element.matches(":focus-visible") || !isMarked(element)) wrong.add(`no mark of the focus on ${name(element)}`);
    if (isCovered(element)) wrong.add(`with the focus, ${name(element)} is covered or out of sight`);
  }

  document.addEventListener("keydown", (event) => event.key === "Tab" && look(), true);
  window.keyboardTest = { expected, heard, wrong, look, name };
  const ordered = expected.filter((element) => element.tabIndex > 0);
  for (const element of ordered) wrong.add(`${name(element)} is taken out of the order by its tabindex`);
  document.activeElement.blur();
  getSelection().removeAllRanges();
  scrollTo(0, 0);
  return expected.length;
}

export function heardForward(most) {
  const { expected, heard, wrong, look, name } = window.keyboardTest;
  look();
  for (let n = 0; n < heard.length; n += 1) {
    if (heard[n] !== expected[n]) {
      wrong.add(`Tab came to ${name(heard[n])} instead of ${name(expected[n])}`);
      break;
    }
  }
  const unreached = Math.min(expected.length, most) - heard.length;
  if (unreached > 0) wrong.add(`Tab does not reach ${unreached} of ${expected.length}, such as ${name(expected[heard.length])}`);
  return [...wrong];
}

export function startFromTheEnd() {
  const test = window.keyboardTest;
  /* A chart has links in its wide and in its narrow form; one of them is shown. */
  const shown = test.expected.filter((element) => element.checkVisibility({ visibilityProperty: true }));
  test.expected.splice(0, test.expected.length, ...shown);
  test.heard.length = 0;
  test.wrong.clear();
  scrollTo(0, document.documentElement.scrollHeight);
  shown[shown.length - 1].focus();
}

export function heardBack() {
  const { expected, heard, wrong, look, name } = window.keyboardTest;
  look();
  const back = expected.slice().reverse();
  for (let n = 0; n < heard.length; n += 1) {
    if (heard[n] !== back[n]) {
      wrong.add(`Shift+Tab came to ${name(heard[n])} instead of ${name(back[n])}`);
      break;
    }
  }
  return [...wrong].map((what) => `going back: ${what}`);
}

// What paper would not show, or should not.
export function lostOnPaper() {
  const lost = new Set();
  const name = (element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "")
    + Array.from(element.classList, (one) => `.${one}`).join("");
  const isThere = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  for (const element of document.querySelectorAll("nav a, nav summary, .skip, input, select, summary, button[type=reset]")) {
    if (isThere(element)) lost.add(`${name(element.closest("nav, form") || element)} is of no use`);
  }
  const room = document.documentElement.clientWidth;
  for (const element of document.querySelectorAll("body *")) {
    if (!isThere(element)) continue;
    /* Texts for screen readers are out of sight on purpose. */
    if (element.closest(".hidden") || (element.offsetWidth <= 1 && element.offsetHeight <= 1)) continue;
    const style = getComputedStyle(element);
    const isClipping = style.overflowX !== "visible" || style.overflowY !== "visible";
    const over = Math.max(element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight);
    if (isClipping && !element.closest("svg") && over > 1) lost.add(`${name(element)} is cut by ${over} px`);
    /* Tables of many columns stand on landscape pages: 252 mm in place of 165. */
    const ours = element.closest(".matrix.many") ? room * 252 / 165 : room;
    const beyond = Math.round(element.getBoundingClientRect().right - ours);
    if (beyond > 0 && !element.parentElement.closest("[data-beyond]")) {
      element.dataset.beyond = "";
      lost.add(`${name(element)} goes ${beyond} px beyond the paper`);
    }
  }
  for (const element of document.querySelectorAll("[data-beyond]")) delete element.dataset.beyond;
  for (const details of document.querySelectorAll("main details")) {
    const inner = Array.from(details.children).filter((child) => child.tagName !== "SUMMARY");
    if (!inner.some((child) => child.getBoundingClientRect().height > 0)) lost.add(`${name(details)} stays closed`);
  }
  return [...lost].slice(0, 12);
}
