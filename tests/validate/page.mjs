// Opens an exported page in Chromium and uses it as a reader would. Fails at the first thing that is not as it should be.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const { chromium } = await import(process.env.PLAYWRIGHT);
const address = pathToFileURL(process.argv[2]).href;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const complaints = [];
async function open(options, hash = "") {
  const page = await (await browser.newContext(options)).newPage();
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== address) complaints.push(`request: ${request.url()}`); });
  await page.goto(address + hash);
  return page;
}

const page = await open({ viewport: { width: 1300, height: 900 } });
const shown = () => page.locator(".i:visible").count();
const all = await page.locator(".i").count();
assert.ok(all > 5);
assert.equal(await shown(), all);
assert.match(await page.textContent("#sum"), new RegExp(`^${all} incidents`));

// The filter: words, phrases, without; what is chosen stands in the address.
await page.keyboard.press("/");
await page.keyboard.type("ticketmaster");
assert.equal(await shown(), 1);
assert.equal(await page.locator(".i:visible .who").textContent(), "Ticketmaster");
assert.match(page.url(), /#filter=ticketmaster/);
await page.fill("#filter", "-ticketmaster");
assert.equal(await shown(), all - 1);
await page.fill("#filter", "\"no such words\"");
assert.equal(await shown(), 0);
assert.ok(await page.isVisible("#none"));
await page.click("#none button");
assert.equal(await shown(), all);

// Kinds, and the order.
await page.click("#kinds .ransomware");
const ransomware = await shown();
assert.ok(ransomware > 0 && ransomware < all);
assert.equal(await page.locator("#kinds .ransomware").getAttribute("aria-pressed"), "true");
await page.click("#kinds .ransomware");
await page.selectOption("#sort", "large");
const sizes = await page.$$eval(".i", (items) => items.map((item) => Number(item.dataset.n)));
assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
await page.selectOption("#sort", "new");

// The chart by keys: from bar to bar, one bar chosen, a span given up.
await page.keyboard.press("Escape");
await page.locator("#sort").blur();
await page.keyboard.press("c");
await page.keyboard.press("ArrowLeft");
await page.keyboard.press("Enter");
assert.match(page.url(), /span=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
assert.ok(await shown() < all);
await page.keyboard.press("Escape");
assert.equal(await shown(), all);

// The chart by mouse: a span is dragged over all of it.
const box = await page.locator("#chart").boundingBox();
await page.mouse.move(box.x + 100, box.y + 40);
await page.mouse.down();
await page.mouse.move(box.x + 400, box.y + 40);
await page.mouse.up();
assert.match(page.url(), /span=/);
await page.keyboard.press("Escape");

// The list by keys: the next one is opened and its evidence is there.
await page.keyboard.press("j");
await page.keyboard.press("Enter");
assert.equal(await page.locator(".i[open]").count(), 1);
assert.ok(await page.locator(".i[open] dd").first().isVisible());
await page.keyboard.press("?");
assert.ok(await page.locator("#help").isVisible());
await page.keyboard.press("Escape");

// Dark by wish, by system, and light again.
const ground = (one) => one.evaluate(() => getComputedStyle(document.body).backgroundColor);
const light = await ground(page);
await page.keyboard.press("t");
const dark = await ground(page);
assert.notEqual(light, dark);
assert.equal(await ground(await open({ colorScheme: "dark" })), dark);

// Narrow: nothing is wider than the screen.
const narrow = await open({ viewport: { width: 360, height: 740 } });
assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= innerWidth));

// A link to one incident opens it.
const id = await page.locator(".i").nth(2).getAttribute("id");
const linked = await open({}, `#${encodeURIComponent(id)}`);
assert.equal(await linked.locator(".i[open]").getAttribute("id"), id);

// Printed, what is closed is open, and the tools are gone.
await page.emulateMedia({ media: "print" });
assert.ok(!(await page.locator(".tools").isVisible()));
await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
assert.equal(await page.locator(".i[open]").count(), all);
await page.evaluate(() => dispatchEvent(new Event("afterprint")));
assert.equal(await page.locator(".i[open]").count(), 1);

// Without its script it can be read all the same.
const plain = await open({ javaScriptEnabled: false });
assert.equal(await plain.locator(".i:visible").count(), all);

await browser.close();
assert.deepEqual(complaints, []);
console.log(`Chromium: ${all} incidents, nothing in the console, no request`);
