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
// Asked of the page itself, since the browser tells of a new address only a moment later.
const where = (one) => one.evaluate(() => location.href);
const shown = () => page.locator(".i:visible").count();
const all = await page.locator(".i").count();
assert.ok(all > 5);
assert.equal(await shown(), all);
assert.match(await page.textContent("#sum"), new RegExp(`^${all} incidents`));

// The filter: words, phrases, without; what is chosen stands in the address. Asked for is a name that one incident alone has.
const name = await page.evaluate(() => {
  const items = [...document.querySelectorAll(".i")].map((item) => [item.querySelector(".who").textContent, item.textContent.toLowerCase()]);
  return items.map(([who]) => who).find((who) => /^[A-Z][a-z]+$/.test(who) && items.filter(([, all]) => all.includes(who.toLowerCase())).length === 1);
});
await page.keyboard.press("/");
await page.keyboard.type(name.toLowerCase());
assert.equal(await shown(), 1);
assert.equal(await page.locator(".i:visible .who").textContent(), name);
assert.match(await where(page), new RegExp(`#filter=${name.toLowerCase()}`));
await page.fill("#filter", `-${name}`);
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
assert.match(await where(page), /span=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
assert.ok(await shown() < all);
await page.keyboard.press("Escape");
assert.equal(await shown(), all);

// The chart by mouse: a span is dragged over all of it.
const box = await page.locator("#chart").boundingBox();
await page.mouse.move(box.x + 100, box.y + 40);
await page.mouse.down();
await page.mouse.move(box.x + 400, box.y + 40);
await page.mouse.up();
assert.match(await where(page), /span=/);
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

// The tools stand beside the filter, and each year has its name where there is room.
const top = async (selector) => (await page.locator(selector).boundingBox()).y;
assert.equal(await top("[data-do=help]"), await top("#filter"));
const years = await page.$$eval("#chart .grid", (lines) => lines.length);
const [first, last] = (await page.textContent("#sum")).match(/\d{4}(?=-\d\d-\d\d)/g).map(Number);
assert.equal(years, last - first + 1);

// Narrow: nothing is wider than the screen.
const narrow = await open({ viewport: { width: 360, height: 740 } });
assert.ok(await narrow.evaluate(() => document.documentElement.scrollWidth <= innerWidth));

// A link to one incident opens it where it can be seen, wherever it stands in the list, and stays in the address. One to nowhere does no harm.
const id = await page.locator(".i").last().getAttribute("id");
const hash = `#${encodeURIComponent(id)}`;
for (const viewport of [{ width: 1300, height: 900 }, { width: 360, height: 740 }]) {
  const linked = await open({ viewport }, hash);
  assert.equal(await linked.locator(".i[open]").getAttribute("id"), id);
  const { y } = await linked.locator(".i[open] summary").boundingBox();
  assert.ok(y >= 0 && y < viewport.height, `${y}`);
  assert.ok((await where(linked)).endsWith(hash));
}
const nowhere = await open({}, "#%");
assert.equal(await nowhere.locator(".i:visible").count(), all);

// Printed, what is closed is open unless that would be a book, and the tools are gone.
await page.evaluate(() => document.querySelector(".i").open = true);
await page.emulateMedia({ media: "print" });
assert.ok(!(await page.locator(".tools").isVisible()));
await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
assert.equal(await page.locator(".i[open]").count(), all > 200 ? 1 : all);
await page.evaluate(() => dispatchEvent(new Event("afterprint")));
assert.equal(await page.locator(".i[open]").count(), 1);

// Without its script it can be read all the same.
const plain = await open({ javaScriptEnabled: false });
assert.equal(await plain.locator(".i:visible").count(), all);

await browser.close();
assert.deepEqual(complaints, []);
console.log(`Chromium: ${all} incidents, nothing in the console, no request`);
