// Opens the page of a running service in Chromium and searches in it. Fails at the first thing that is not as it should be.
import assert from "node:assert/strict";

const { chromium } = await import(process.env.PLAYWRIGHT);
const home = process.argv[2];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await browser.newPage();
const complaints = [];
page.on("console", (message) => complaints.push(`console: ${message.text()}`));
page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
page.on("request", (request) => { if (!request.url().startsWith(home)) complaints.push(`request: ${request.url()}`); });
await page.clock.install();
await page.goto(home);
const all = await page.locator(".i:visible").count();
assert.ok(all > 1);

// A search goes to the service, and its words stay in the field.
const kind = await page.locator(".i").first().getAttribute("data-kind");
await page.fill("#ask", `kind:${kind}`);
await page.keyboard.press("Enter");
await page.waitForURL(/\?q=/);
const some = await page.locator(".i:visible").count();
assert.ok(some >= 1 && some < all, `${some} of ${all}`);
assert.equal(await page.inputValue("#ask"), `kind:${kind}`);

// It asks whether there is something new, and offers to show it.
await page.route("**/api/v1/status", (route) => route.fulfill({ json: { stamp: -1 } }));
await page.clock.fastForward(61000);
await page.locator("#fresh").waitFor();
await browser.close();
assert.deepEqual(complaints, []);
console.log(`Chromium: ${all} incidents, ${some} of kind ${kind}, nothing in the console`);
