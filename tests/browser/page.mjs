// Drives the status page as people do: with mouse and keyboard, with and without JavaScript, on a phone, in the dark.
// Started by tests/e2e/story_30_browser; prints a line `✔ sentence` or `✗ expected: sentence` for each thing that holds.
//   page.mjs MODULES CHROMIUM PAGE TOKEN REGISTRY [SCREENSHOTS]
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, chromium_path, page_address, token, registry, screenshots] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let wrong = 0;
async function expect(sentence, check) {
  let problem = null;
  try {
    const result = await check();
    if (result === false) problem = "it is not so";
  } catch (error) {
    problem = String(error.message || error).slice(0, 1500);
  }
  if (problem === null) return console.log(`✔ ${sentence}`);
  wrong += 1;
  console.log(`✗ expected: ${sentence}\n    ${problem.replaceAll("\n", "\n    ")}`);
}
function equal(wanted, actual) {
  if (wanted !== actual) throw new Error(`wanted: ${wanted}\nactual: ${actual}`);
}

const browser = await chromium.launch({
  executablePath: chromium_path,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

const complaints = []; // of the browser: scripts that fail, what the Content-Security-Policy stopped
const strangers = []; // requests to anybody else
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: page_address, ...options });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("console", (message) => {
    const expected = /the server responded with a status of (403|404)|ERR_INTERNET_DISCONNECTED/.test(message.text());
    if (message.type() === "error" && !expected) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(page_address)) strangers.push(request.url());
  });
  await page.goto(path);
  return page;
}
async function sign_in(page, given = token) {
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await page.getByLabel("Token").fill(given);
  await page.getByLabel("Your name").fill("dana");
  await page.getByRole("button", { name: "Sign in" }).click();
}
/** Unfolds what a button asks for first. */
async function unfold(page, verb) {
  const form = page.locator(`#do-${verb}`);
  await form.locator("summary").click();
  return form;
}
const fact = (page, name) => page.locator(`dt:text-is("${name}") + dd`);
const rows = (page) => page.locator("#images tbody tr");

/** One more name for a tag's manifest. */
async function push(repository, from, tag) {
  const base = `http://${registry}/v2/${repository}/manifests`;
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = await (await fetch(`${base}/${from}`, { headers: { Accept: type } })).text();
  const answer = await fetch(`${base}/${tag}`, { method: "PUT", headers: { "Content-Type": type }, body: manifest });
  if (!answer.ok) throw new Error(`pushing ${tag}: ${answer.status}`);
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .map((each) => `${each.id}: ${each.help}\n  ${each.nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`).join("\n  ")}`)
    .join("\n");
}

const image = "/images/flux-system/web";
const pages = ["/", "/?q=nothing-like-it", image, "/automations", "/automations/flux-system/fleet", "/mirrors", "/events",
  "/sign-in", "/images/no/where"];

async function take_screenshots() {
  for (const theme of ["light", "dark"]) {
    const page = await open("/", { colorScheme: theme, viewport: { width: 1280, height: 1060 } });
    await page.screenshot({ path: `${screenshots}/overview-${theme}.png` });
    await sign_in(page);
    await page.goto(image);
    await page.screenshot({ path: `${screenshots}/image-${theme}.png` });
    await page.context().close();
  }
}

async function look_at_pages() {
  for (const theme of ["light", "dark"]) {
    const page = await open("/", { colorScheme: theme });
    for (const path of pages) {
      await page.goto(path);
      await expect(`axe-core finds nothing wrong with ${path} in ${theme}`, async () => equal("", await violations(page)));
      if (theme === "light")
        await expect(`${path} has one heading of the first level`, async () => equal(1, await page.locator("h1").count()));
    }
    await page.goto("/");
    await sign_in(page);
    for (const path of [image, "/automations/flux-system/fleet"]) {
      await page.goto(path);
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await expect(`nor with ${path} and its forms in ${theme}`, async () => equal("", await violations(page)));
    }
    await page.context().close();
  }
}

async function on_a_phone() {
  const page = await open("/", { viewport: { width: 360, height: 800 } });
  for (const path of pages) {
    await page.goto(path);
    await expect(`${path} is no wider than a phone of 360 pixels`, () =>
      page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  }
  await page.goto(image);
  await expect("what the marks of its picture mean can be read without scrolling", () =>
    page.evaluate(() => [...document.querySelectorAll(".legend li")].every((entry) => entry.getBoundingClientRect().right <= window.innerWidth)));
  await page.goto("/");
  await expect("axe-core finds nothing wrong with it there", async () => equal("", await violations(page)));
  await page.context().close();
}

async function filter() {
  const page = await open("/");
  const all = await rows(page).count();
  await page.getByLabel("Search").pressSequentially("cart");
  await expect("typing filters the images", () => page.waitForFunction(() => document.querySelectorAll("#images tbody tr").length === 1));
  await expect("the field keeps the focus", () => page.evaluate(() => document.activeElement.id === "q"));
  await expect("the address says what is shown", () => page.waitForURL(/\?q=cart$/));
  await page.reload();
  await expect("and shows the same again", async () => equal(1, await rows(page).count()));
  await page.goto("/");
  await page.getByLabel("State", { exact: true }).selectOption("held");
  await expect("a state filters them", () => page.waitForFunction(() => document.querySelectorAll("#images tbody tr").length === 1));
  await page.goto("/?limit=3&sort=-name");
  await expect("the address sorts and cuts into pages", async () => {
    equal(3, await rows(page).count());
    equal("flux-system/worker", await rows(page).first().locator("a").first().innerText());
    equal("descending", await page.locator('th:has-text("Image")').first().getAttribute("aria-sort"));
  });
  await page.getByRole("link", { name: "Next" }).click();
  await expect("its links lead on", async () => equal(3, await rows(page).count()));
  await expect("there are eight images", () => all === 8);
  await page.context().close();
}

async function change_things() {
  const page = await open(image);
  await sign_in(page, "not-the-token-of-anybody-at-all");
  await expect("a wrong token is refused, and the page says so", async () =>
    (await page.locator("main").innerText()).includes("not the administrator's token"));
  await page.goto(image);
  await sign_in(page);
  await expect("the right one leads back to where one was", async () => equal(page_address + image, page.url()));
  await expect("the page says who is signed in", () => page.getByText("Signed in as dana").isVisible());

  const standing = (await fact(page, "In Git").innerText()).trim();
  const pin = await unfold(page, "pin");
  await pin.getByLabel("Tag").fill("1.25.0");
  await pin.getByRole("button").click();
  await expect("a pin without a reason is not sent", () => page.evaluate(() => document.activeElement.id === "pin-reason"));
  await pin.getByLabel("Reason").fill("<b>bug</b> 4711");
  await pin.getByLabel("Until").fill("72h");
  await pin.getByRole("button").click();
  await expect("a pin is taken, and the answer shown", () => page.locator(".said", { hasText: "Done:" }).waitFor());
  await expect("the image is held, and the page says why and by whom", async () => {
    await page.locator("dd", { hasText: "held" }).first().waitFor();
    const why = await fact(page, "Held").innerText();
    if (!/1\.25\.0/.test(why) || !/dana/.test(why) || !/<b>bug<\/b> 4711/.test(why)) throw new Error(why);
  });
  await expect("what is not the address's to say is gone from it", async () => equal(page_address + image, page.url()));
  await page.reload();
  await expect("the answer is shown once", async () => equal(0, await page.locator(".said").count()));
  await (await unfold(page, "unpin")).getByRole("button").click();
  await expect("it is unpinned again", () => page.locator(".said", { hasText: "Done:" }).waitFor());
  await expect("and Git has what it had", async () => equal(standing, (await fact(page, "In Git").innerText()).trim()));
  await page.goto("/events");
  await expect("the events say who did it", async () => (await page.locator("main").innerText()).includes("by dana"));
  return page;
}

async function see_a_change_arrive(page) {
  await page.goto(image);
  await page.evaluate(() => { window.never_reloaded = true; });
  await page.locator("#do-suspend > summary").click();
  await page.locator("#do-suspend > summary").focus();
  await push("team/web", "1.25.0", "1.29.0");
  await expect("a new tag arrives on the open page by itself", () => fact(page, "Candidate").getByText("1.29.0").waitFor());
  await expect("without a reload", () => page.evaluate(() => window.never_reloaded === true));
  await expect("what was open stays open", () => page.evaluate(() => document.getElementById("do-suspend").open));
  await expect("the focus stays where it was", () =>
    page.evaluate(() => document.activeElement === document.querySelector("#do-suspend > summary")));
  await expect("a screen reader is told", async () => (await page.locator("#news").innerText()) !== "");

  await page.goto("/images/flux-system/reports");
  await push("team/reports", "1.0.0", "1.1.0");
  await page.getByRole("button", { name: "Reconcile" }).click();
  await expect("what is scanned once an hour is scanned at a press of Reconcile", () =>
    fact(page, "Candidate").getByText("1.1.0").waitFor());

  await page.context().setOffline(true);
  await expect("a service that is away is noticed", () => page.locator("#away", { hasText: "Not reachable since" }).waitFor());
  await page.context().setOffline(false);
  await expect("and its return as well", () => page.locator("#away").waitFor({ state: "hidden" }));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(image);
  await expect("who signed out may change nothing", async () => equal(0, await page.getByRole("button", { name: "Reconcile" }).count()));
  await page.context().close();
}

async function without_script() {
  const page = await open("/", { javaScriptEnabled: false });
  await page.getByLabel("Search").fill("cart");
  await page.getByRole("button", { name: "Show" }).click();
  await expect("without JavaScript the form filters", async () => equal(1, await rows(page).count()));
  await page.goto(image);
  await sign_in(page);
  const pin = await unfold(page, "pin");
  await pin.getByLabel("Tag").fill("1.24.1");
  await pin.getByLabel("Reason").fill("bug 4712");
  await pin.getByRole("button").click();
  await expect("pins", () => page.locator(".said", { hasText: "Done:" }).waitFor());
  await (await unfold(page, "unpin")).getByRole("button").click();
  await expect("unpins", () => page.locator(".said", { hasText: "Done:" }).waitFor());
  await page.getByRole("button", { name: "Reconcile" }).click();
  await expect("and reconciles", () => page.locator(".said", { hasText: "Done:" }).waitFor());
  await page.context().close();
}

async function by_keyboard() {
  const page = await open("/");
  const focused = () => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);
  await page.keyboard.press("Tab");
  await expect("the first key press reaches the link past the navigation", async () => equal("Skip to content", await focused()));
  await page.keyboard.press("Enter");
  await expect("which leads to the content", async () => page.url().endsWith("#main"));
  for (let i = 0; i < 30 && (await focused()) !== "q"; ++i) await page.keyboard.press("Tab");
  await page.keyboard.type("web");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=web/);
  for (let i = 0; i < 40 && (await focused()) !== "flux-system/web"; ++i) await page.keyboard.press("Tab");
  await expect("the focus can be seen", () =>
    page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle === "solid"));
  await page.keyboard.press("Enter");
  await expect("and keys alone lead to an image", () => page.waitForURL(/images\/flux-system\/web$/));
  await page.context().close();
}

if (screenshots) await take_screenshots();
await look_at_pages();
await on_a_phone();
await filter();
await by_keyboard();
await without_script();
await see_a_change_arrive(await change_things());
await expect("no script failed, and the Content-Security-Policy had nothing to stop", () => equal("", complaints.join("\n")));
await expect("nobody else was asked for anything", () => equal("", strangers.join("\n")));
await browser.close();
process.exit(wrong ? 1 : 0);
