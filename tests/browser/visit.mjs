// One page, looked at in every way: at a desk, on a phone, in the dark, enlarged, by keyboard, on paper, without scripts.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as inside from "./inside.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// WCAG 2.2, levels A and AA, with what it took over from 2.0 and 2.1.
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
// What a window of 1440 pixels leaves at 200 %.
const ENLARGED = { width: 720, height: 450 };
// What 1280 pixels leave at 400 %: the narrowest that WCAG 1.4.10 asks for.
const NARROWEST = { width: 320, height: 256 };
// A4 less the margins of the style sheet for print, in CSS pixels: 210 mm - 45 mm, 297 mm - 40 mm.
const PAPER = { width: 624, height: 971 };

// Keys pressed on a page with very many links: so many from its top, and so many from its end back.
const MOST_FORWARD = 150;
const MOST_BACK = 50;
// Keys for stops that are none of ours.
const SPARE = 5;
// What is held down with a key, as the browser's protocol has it.
const NO_KEY = 0;
const SHIFT = 8;
// Pictures of pages that are longer than this are cut.
const TALLEST = 8000;

export class PageVisit {
  // One of `plan.pages`.
  constructor(windows, { file, isTranslation }, picture) {
    this.windows = windows;
    this.url = pathToFileURL(file).href;
    this.isTranslation = isTranslation;
    this.picture = picture;
    this.findings = [];
    this.pages = [];
    this.times = {};
  }

  tell(check, ...details) {
    for (const detail of details) this.findings.push({ check, detail });
  }

  async timed(name, work) {
    const began = Date.now();
    const result = await work();
    this.times[name] = Date.now() - began;
    return result;
  }

  async all() {
    const page = await this.timed("open", () => this.open(this.windows.scripts));
    await this.photograph(page, "desktop", DESK);
    await this.photograph(page, "phone", PHONE);
    const withScripts = await page.evaluate(inside.visibleText);
    await page.evaluate(inside.openDetails);
    await this.timed("axe", () => this.axe(page));
    await this.timed("width", () => this.widths(page));
    // The same page in another language has other texts, not another order of links or other colours.
    if (!this.isTranslation) await this.timed("keyboard", () => this.keyboard(page));
    await this.timed("paper", () => this.paper(page));
    if (!this.isTranslation) await this.timed("plain", () => this.withoutScripts(withScripts));
  }

  // A page whose complaints and requests are heard.
  async open(context) {
    const page = await context.newPage();
    this.pages.push(page);
    await page.setViewportSize(DESK);
    await page.route(/^(?!file:|data:|blob:)/, (route) => {
      this.tell("request", route.request().url());
      return route.abort();
    });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.tell("console", message.text());
    });
    page.on("pageerror", (error) => this.tell("console", error.message));
    page.on("requestfailed", (request) => {
      if (/^file:/.test(request.url())) this.tell("console", `not there: ${request.url().split("/").slice(-3).join("/")}`);
    });
    await page.goto(this.url, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return page;
  }

  async close() {
    for (const page of this.pages) await page.close();
  }

  async photograph(page, name, size) {
    if (!this.picture) return;
    await page.setViewportSize(size);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width: size.width, height: Math.min(height, TALLEST) };
    await page.screenshot({ path: `${this.picture}-${name}.png`, fullPage: true, clip });
    await page.setViewportSize(DESK);
  }

  // In the light all rules, in the dark those about colours, on a phone those about the size of what is touched.
  async axe(page) {
    await page.evaluate(AXE);
    const all = { runOnly: { type: "tag", values: RULES }, rules: { "target-size": { enabled: true } } };
    const only = (...rules) => ({ runOnly: { type: "rule", values: rules } });
    await this.axeOnce(page, "axe", all);
    if (this.isTranslation) return;
    await page.emulateMedia({ colorScheme: "dark" });
    await this.axeOnce(page, "dark", only("color-contrast", "link-in-text-block"));
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(PHONE);
    await this.axeOnce(page, "axe", only("target-size", "scrollable-region-focusable"));
    await page.evaluate(inside.openMenu);
    await this.axeOnce(page, "axe", all, "header");
    await page.setViewportSize(DESK);
    await this.axeOnce(page, "axe", all, "header");
    await page.evaluate(inside.closeDetails);
    await page.evaluate(inside.openDetails);
  }

  async axeOnce(page, check, options, part = "html") {
    const violations = await page.evaluate(inside.runAxe, { part, options });
    this.tell(check, ...violations);
  }

  // The page itself never scrolls sideways; a table may, in a region of its own.
  async widths(page) {
    for (const [name, size] of Object.entries({ DESK, PHONE, ENLARGED, NARROWEST })) {
      await page.setViewportSize(size);
      const wide = await page.evaluate(inside.widerThanTheWindow);
      this.tell("width", ...wide.map((what) => `${size.width} px (${name.toLowerCase()}): ${what}`));
    }
    await page.setViewportSize(DESK);
    // Letters alone at 200 %.
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
    const wide = await page.evaluate(inside.widerThanTheWindow);
    this.tell("width", ...wide.map((what) => `letters at 200 %: ${what}`));
    await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  }

  // Tab visits everything that can be used, in the order of the page, and what has the focus is marked and not covered; at a
  // desk, and backwards in a small window, where fixed parts take most of the room.
  async keyboard(page) {
    const total = await page.evaluate(inside.listenToFocus);
    await this.press(page, Math.min(total, MOST_FORWARD) + SPARE, NO_KEY);
    this.tell("keyboard", ...(await page.evaluate(inside.heardForward, MOST_FORWARD)));
    if (total < 2) return;
    await page.setViewportSize(PHONE);
    await page.evaluate(inside.startFromTheEnd);
    await this.press(page, Math.min(total, MOST_BACK) - 1, SHIFT);
    this.tell("keyboard", ...(await page.evaluate(inside.heardBack)));
    await page.setViewportSize(DESK);
  }

  // Tab, so many times; the keys wait in the browser, so that each need not be answered before the next goes down.
  async press(page, times, modifiers) {
    const session = await page.context().newCDPSession(page);
    const tab = { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9, modifiers };
    const sent = [];
    for (let n = 0; n < times; n += 1) {
      for (const type of ["rawKeyDown", "keyUp"]) sent.push(session.send("Input.dispatchKeyEvent", { type, ...tab }));
    }
    await Promise.all(sent);
    await session.detach();
  }

  // On paper nothing is cut and nothing stands that can only be clicked.
  async paper(page) {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize(PAPER);
    const lost = await page.evaluate(inside.lostOnPaper);
    await page.evaluate(inside.closeDetails);
    this.tell("paper", ...new Set([...lost, ...(await page.evaluate(inside.lostOnPaper))]));
    if (this.picture) {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      const clip = { x: 0, y: 0, width: PAPER.width, height: Math.min(height, TALLEST) };
      await page.screenshot({ path: `${this.picture}-print.png`, fullPage: true, clip });
    }
  }

  // What can be read with scripts can be read without them.
  async withoutScripts(withScripts) {
    const page = await this.open(this.windows.plain);
    const without = new Set(await page.evaluate(inside.visibleText));
    const lost = withScripts.filter((text) => !without.has(text));
    if (lost.length > 0) this.tell("plain", `${lost.length} texts need a script, such as: ${lost.slice(0, 3).join(" | ")}`);
    this.tell("plain", ...(await page.evaluate(inside.missingParts)));
  }
}
