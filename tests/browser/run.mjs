// Opens pages in Chromium and says what is wrong with them.
//
// Takes a plan: { chromium, profile, pictures, pages: [{ file, name, picture, isTranslation }] }, in a file named on the command line.
// Gives a list of { page, check, detail } on standard output; an empty list is what is wanted.
// Nothing is fetched: a request to anywhere but the file system is stopped and told.

import { readFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PageVisit } from "./visit.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
];

// As many pages at once as a small machine has cores.
const AT_ONCE = 2;

const plan = JSON.parse(await readFile(process.argv[2], "utf8"));
if (plan.pictures) await mkdir(plan.pictures, { recursive: true });

const findings = [];
const waiting = [...plan.pages];

// One that opens page after page in the same two windows, with and without scripts; a new window costs a second.
async function work(browser) {
  const windows = {
    scripts: await browser.newContext({ reducedMotion: "reduce" }),
    plain: await browser.newContext({ reducedMotion: "reduce", javaScriptEnabled: false }),
  };
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const began = Date.now();
    const picture = plan.pictures && one.picture ? join(plan.pictures, one.picture) : undefined;
    const visit = new PageVisit(windows, one, picture);
    try {
      await visit.all();
    } catch (error) {
      visit.tell("visit", error.message.split("\n")[0]);
    } finally {
      await visit.close();
    }
    findings.push(...visit.findings.map((finding) => ({ page: one.name, ...finding })));
    const wrong = visit.findings.map((finding) => `\n    ${finding.check}: ${finding.detail}`).join("");
    console.error(`${one.name}: ${Date.now() - began} ms, of which ${JSON.stringify(visit.times)}${wrong}`);
  }
}

const browser = await chromium.launch({ executablePath: plan.chromium, headless: true, args: FLAGS });
try {
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(browser)));
} finally {
  await browser.close();
}
findings.sort((a, b) => (a.page + a.check + a.detail < b.page + b.check + b.detail ? -1 : 1));
console.log(JSON.stringify(findings));
