// Trouble at the desk: node trouble.mjs '{"base", "control", "browser", "links", "unit", "table", "lines"}'. Prints one JSON object: what is
// wrong, and what was counted. control is the address that kills the program (/kill) and starts it again (/start).
import { chromium } from 'playwright-core';
import { look } from './look.mjs';

const set = JSON.parse(process.argv[2]);
const seen = { wrong: [], between: 0, said: [] };
const browser = await chromium.launch({ executablePath: set.browser, args: ['--no-sandbox'] });
const wrong = (what) => seen.wrong.push(what);

// enter is somebody's page, by their link.
async function enter(role, width = 1366, height = 768) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', bypassCSP: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  page.on('pageerror', (e) => wrong(`${role}: script fails: ${e.message}`));
  page.on('dialog', (d) => d.accept());
  await page.goto(set.links[role]);
  await page.click('button.main');
  await page.waitForURL('**/desk/');
  return page;
}

const says = (page, text, of = 'body') => page.waitForFunction(([text, of]) => document.querySelector(of)?.innerText.includes(text), [text, of]);
const go = (page, where) => page.goto(set.base + where);
const control = async (what) => { const r = await fetch(set.control + what); if (!r.ok) throw new Error(`${what}: ${await r.text()}`); };

// What a colleague does moves what stands below it: jumps are those of days.mjs.
async function looks(page, where) {
  if (set.pictures) await page.screenshot({ path: `${set.pictures}/trouble ${where}.png` });
  for (const w of await look(page)) if (!w.startsWith('jumps')) wrong(`${where} ${w}`);
}

// takeOver brings a table of another system in: the cases that are worked on.
async function takeOver(page) {
  await go(page, '/desk/batches');
  await page.setInputFiles('#table', { name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(set.table) });
  await page.click('form[action="/desk/import"] button.main');
  await page.click('button[formmethod=post]');
  await page.waitForSelector('#batch');
  await says(page, `办成 ${set.lines} 件`);
}

// progress is how far the newest batch has come, by the list of batches.
async function progress(page) {
  const html = await (await page.request.get(`${set.base}/desk/batches`)).text();
  const row = /<tr data-row>.*?<\/tr>/s.exec(html)?.[0] || '';
  const [total, made, refused] = [...row.matchAll(/count-cell">(\d+)</g)].map((m) => Number(m[1]));
  return { kind: row, total, made, refused };
}

// restart kills the program in the middle of a transfer of many cases. The page says that nobody answers; when somebody does it goes
// on by itself, or by the same press, and everything was done once.
async function restart(page) {
  await go(page, '/desk/cases?open=1&channel=mailbox');
  await page.selectOption('#bulk', 'transfer');
  await page.check('[name=every]');
  await page.click('.many button');
  await page.selectOption('#f-unit', set.unit);
  await page.fill('#f-text', '旧系统转来，请接着办。');
  await page.click('form.move button.main', { noWaitAfter: true });
  for (let p = await progress(page); ; p = await progress(page)) {
    if (p.kind.includes('一起办') && p.made > 0) {
      await control('/kill');
      seen.between = p.made;
      break;
    }
  }
  await says(page, '现在连不上');
  await looks(page, 'while nobody answers');
  await control('/start');
  const again = page.locator('form.move button.main'); // of a form that did not get through
  if (await again.count()) await again.click();
}

// ended is what the batch came to.
async function ended(page) {
  await page.waitForSelector('#batch');
  await page.waitForFunction(() => document.querySelector('#batch [role=status]').innerText.includes('办完了'), null, { timeout: 120000 });
  seen.said.push(await page.locator('#batch [role=status]').innerText());
  const p = await progress(page);
  if (p.total !== set.lines || p.made !== set.lines || p.refused !== 0) wrong(`the batch came to ${JSON.stringify(p)}`);
  const all = await (await page.request.get(`${set.base}/desk/batches`)).text();
  if (all.split('<tr data-row>').length !== 3) wrong('the batch is listed more than once');
}

// letter takes a claim in and answers its number.
async function letter(page) {
  await go(page, '/desk/new');
  await page.check('[name=channel][value=letter]').catch(() => page.selectOption('[name=channel]', 'letter'));
  for (const [name, value] of Object.entries({ facts: '渠上的闸板坏了，水放不下来。', request: '请换一块。', title: '闸板坏了', name: '程兰英' })) await page.fill(`#letter [name="${name}"]`, value);
  await page.selectOption('#letter [name="class"]', 'claim');
  await page.selectOption('#letter [name="place"]', { index: 1 });
  await page.click('#letter .send button.main');
  await page.waitForSelector('article[data-case]');
  return page.getAttribute('article[data-case]', 'data-case');
}

// two work on one case: the second keeps their words and is told who was first.
async function two(clerk, chief, number) {
  for (const page of [clerk, chief]) await go(page, `/desk/cases/${number}/do/transfer`);
  const words = [[clerk, '请尽快换闸板。'], [chief, '请先看看渠堤。']];
  for (const [page, text] of words) {
    await page.selectOption('#f-unit', set.unit);
    await page.fill('#f-text', text);
  }
  await clerk.click('#move .send button.main');
  await clerk.waitForSelector('.done');
  await says(chief, words[0][1], '.timeline');
  await chief.click('#move .send button.main');
  await chief.waitForSelector('#move [role=alert]');
  seen.said.push(await chief.locator('#move [role=alert]').innerText());
  if ((await chief.inputValue('#f-text')) !== words[1][1]) wrong('the second of two lost what they had typed');
  await looks(chief, 'the second of two');
  await go(chief, `/desk/cases/${number}`);
  const moves = (await chief.locator('.timeline').innerText()).split(words[0][1]).length - 1;
  if (moves !== 1) wrong(`transferred ${moves} times`);
}

// offline writes without a connection.
async function offline(page, number) {
  const text = '断网的时候写的。';
  await go(page, `/desk/cases/${number}/do/note`);
  await page.waitForFunction(() => window.htmx);
  await page.context().setOffline(true);
  await page.fill('#f-text', text);
  await says(page, '网断了', '#move [data-kept]');
  seen.said.push(await page.locator('#move [data-kept]').innerText());
  await page.click('#move .send button.main');
  await says(page, '网断了', '#move [data-kept]');
  if ((await page.inputValue('#f-text')) !== text) wrong('what was typed without a connection is gone');
  await looks(page, 'without a connection');
  await page.context().setOffline(false);
  await says(page, '已存', '#move [data-kept]');
  await page.click('#move .send button.main');
  await page.waitForSelector('.done');
  const notes = (await page.locator('.timeline').innerText()).split(text).length - 1;
  if (notes !== 1) wrong(`noted ${notes} times`);
}

// revoked ends the access of somebody whose page is open, with something typed.
async function revoked(admin, officer, number) {
  await go(officer, `/desk/cases/${number}/do/note`);
  await officer.waitForFunction(() => window.htmx);
  await officer.fill('#f-text', '还没写完的话');
  await go(admin, '/desk/office/people');
  await admin.click(`tr:has(td a:text-is("${set.leaves}")) button[value=revoke]`);
  await admin.waitForFunction((name) => ![...document.querySelectorAll('tr')].some((r) => r.innerText.includes(name) && r.querySelector('button[value=revoke]')), set.leaves);
  await says(officer, '停用');
  seen.said.push((await officer.locator('main').innerText()).trim());
  for (const text of ['闸板', '还没写完的话', number]) if ((await officer.content()).includes(text)) wrong(`who was revoked still has ${text} on the page`);
  await looks(officer, 'who was revoked');
  for (const where of ['/desk/', `/desk/cases/${number}`]) {
    await go(officer, where);
    if (!officer.url().endsWith('/desk/enter')) wrong(`who was revoked opens ${where}`);
  }
}

const steps = [];
const step = async (name, of, ...args) => { const began = Date.now(); const got = await of(...args); steps.push(`${name} ${((Date.now() - began) / 1000).toFixed(1)} s`); return got; };
try {
  const clerk = await enter('intake');
  await step('import', takeOver, clerk);
  await step('restart', restart, clerk);
  const other = await clerk.context().newPage(); // another window of the same clerk, while the batch waits for its new worker
  other.setDefaultTimeout(60000);
  const chief = await enter('supervisor', 390, 844), admin = await enter('admin'), officer = await enter('leaves');
  const number = await letter(other);
  await step('two', two, other, chief, number);
  await step('offline', offline, chief, number);
  await step('revoked', revoked, admin, officer, number);
  await step('batch', ended, clerk);
} catch (e) {
  wrong(e.stack);
  for (const c of browser.contexts()) for (const p of c.pages()) wrong(`${p.url()}: ${(await p.locator('body').innerText().catch(() => '')).slice(0, 800)}`);
}
await browser.close();
console.log(JSON.stringify({ ...seen, steps }));
