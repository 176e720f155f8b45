// Opens an HTML report from file:// in headless Chromium and uses it as a person with a keyboard
// would: node screenshot.mjs REPORT.html OUT_FOLDER
// Fails on a network request, a console message, a broken policy, or a filter that does not filter.
import {mkdirSync} from 'node:fs';
import {resolve} from 'node:path';
import {chromium} from 'playwright-core';

const [report, folder] = process.argv.slice(2);
mkdirSync(folder, {recursive: true});
const url = 'file://' + resolve(report);
const problems = [];
const check = (holds, what) => { if (!holds) problems.push(what); };
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu']});

async function open(width, colorScheme) {
  const context = await browser.newContext({viewport: {width, height: 900}, colorScheme, reducedMotion: 'reduce'});
  const page = await context.newPage();
  page.on('console', m => problems.push(`console: ${m.text()}`));
  page.on('pageerror', e => problems.push(`error: ${e.message}`));
  page.on('request', r => { if (r.url() !== url) problems.push(`request: ${r.url()}`); });
  page.on('dialog', d => { problems.push('a dialog: input was executed'); d.dismiss(); });
  await page.goto(url);
  return page;
}

for (const width of [1280, 390])
  for (const scheme of ['light', 'dark']) {
    const page = await open(width, scheme);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= width, `${width}: the page is ${wide} pixels wide`);
    await page.screenshot({path: `${folder}/${width}-${scheme}.png`, fullPage: true});
    const first = page.locator('.finding summary').first();
    if (await first.count() > 0) {
      await first.focus();
      await page.keyboard.press('Enter');
      check(await page.locator('.finding .body').first().waitFor({timeout: 2000}).then(() => true, () => false), 'Enter opens a finding');
      await page.locator('#findings').scrollIntoViewIfNeeded();
      await page.locator('#findings').screenshot({path: `${folder}/${width}-${scheme}-open.png`});
    }
    await page.context().close();
  }

const page = await open(1280, 'light');
const shown = () => page.locator('.finding').count();
const all = await shown();
if (all > 0) {
  const cell = page.locator('#matrix-grid button[tabindex="0"]');
  await cell.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  check(await cell.evaluate(e => e === document.activeElement), 'arrow keys move in the matrix');
  await page.locator('#matrix-grid .is-exposed').first().focus();
  await page.keyboard.press('Enter');
  const wanted = await page.locator('#filter-technique').inputValue();
  check(wanted !== '', 'Enter on a technique filters');
  check(await shown() > 0 && (await page.locator('.finding .ids').allTextContents()).every(t => t.includes(wanted)) , 'only findings of the technique are shown');
  check(await page.evaluate(() => document.activeElement.id) === 'findings-title', 'the findings have the focus');
  await page.keyboard.press('/');
  await page.locator('#clear').click();
  await page.keyboard.press('/');
  check(await page.evaluate(() => document.activeElement.id) === 'filter-text', '/ goes to the search');
  await page.keyboard.type('no such thing anywhere');
  await page.waitForTimeout(200);
  check(await shown() === 0, 'a search without a match shows nothing');
  await page.locator('#clear').focus();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(100);
  check(await shown() === all, 'Clear shows everything again');
  await page.locator('#filter-severity').focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(100);
  const pills = await page.locator('.finding .pill').allTextContents();
  check(pills.every(p => p === 'critical'), 'the severity filter works by keyboard');
}
await page.emulateMedia({media: 'print'});
await page.pdf({path: `${folder}/print.pdf`, format: 'A4'});
await browser.close();
for (const p of new Set(problems)) console.log('FAILED:', p);
console.log(`${all} findings drawn, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
