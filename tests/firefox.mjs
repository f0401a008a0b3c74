/* Drives Firefox for pytest: one JSON command a line in, one JSON answer a line out. */
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.argv[2], headless: true });
const page = await browser.newPage();
const errors = [];
page.on("pageerror", (err) => errors.push(String(err)));

const commands = {
  goto: async ({ url, width, height }) => {
    await page.setViewport({ width: width ?? 1300, height: height ?? 900 });
    await page.goto(url, { waitUntil: "load" });
  },
  evaluate: ({ script }) => page.evaluate(script),
  wait: ({ script }) => page.waitForFunction(script, { timeout: 20000 }).then(() => true),
  press: async ({ selector, key }) => { await page.focus(selector); await page.keyboard.press(key); },
  point: async ({ selector, at, by }) => { // at: the share of the element's width; by: mouse or touch
    const element = await page.$(selector);
    await element.scrollIntoView();
    const box = await element.boundingBox();
    const place = [box.x + at * box.width, box.y + box.height / 2];
    await (by === "touch" ? page.touchscreen.tap(...place) : page.mouse.click(...place));
  },
  errors: () => errors,
};

console.log(JSON.stringify({ ready: await browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ value: (await commands[name](rest)) ?? null }));
  } catch (err) {
    console.log(JSON.stringify({ error: String(err) }));
  }
}
await browser.close();
