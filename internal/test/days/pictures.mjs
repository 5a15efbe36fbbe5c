// Pictures of a first day: node pictures.mjs '{"base", "browser", "links", "unit", "folder"}'. From the invitation to a signed opinion, as
// docs/first-day.md tells it. Prints one JSON object: the names of the pictures.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const set = JSON.parse(process.argv[2]);
const made = [];
const browser = await chromium.launch({ executablePath: set.browser, args: ['--no-sandbox'] });

async function window(role) {
  const context = await browser.newContext({ viewport: { width: 1120, height: 680 }, locale: 'zh-CN', colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  await page.goto(set.links[role]);
  return page;
}

const enter = async (page) => { await page.click('button.main'); await page.waitForURL('**/desk/'); };

async function picture(page, name, at) {
  if (at) await page.locator(at).first().scrollIntoViewIfNeeded();
  const png = (await page.screenshot({ animations: 'disabled' })).toString('base64');
  const webp = await coder.evaluate(async (png) => { // a fifth of the size
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.8).split(',')[1];
  }, png);
  fs.writeFileSync(`${set.folder}/first-day-${name}.webp`, Buffer.from(webp, 'base64'));
  made.push(name);
}

// arrives is a claim of this morning, transferred to the clerk's unit.
async function arrives() {
  const page = await window('intake');
  await enter(page);
  await page.goto(`${set.base}/desk/new`);
  const channel = page.locator('[name=channel]').first();
  if ((await channel.evaluate((e) => e.tagName)) === 'SELECT') await channel.selectOption('letter');
  else await page.check('[name=channel][value=letter]');
  const letter = { facts: '三组的抽水泵夜里响到两点，隔着河都听得见，已经半个月了。', request: '请让它晚上停下来。', title: '抽水泵夜里太响', name: '程兰英', phone: '13800138000' };
  for (const [name, value] of Object.entries(letter)) await page.fill(`#letter [name="${name}"]`, value);
  await page.selectOption('#letter [name="class"]', 'claim');
  await page.selectOption('#letter [name="place"]', { index: 1 });
  await page.click('#letter .send button.main');
  const number = await page.getAttribute('article[data-case]', 'data-case');
  await page.goto(`${set.base}/desk/cases/${number}/do/transfer`);
  await page.selectOption('#f-unit', set.unit);
  await page.click('#move .send button.main');
  await page.waitForSelector('.done');
  return number;
}

const paper = {
  request: '请让抽水泵晚上停下来。', facts: '2026 年 11 月 30 日夜里到三组量过：抽水泵开着，河对岸噪声六十一分贝。',
  text: '请求支持。抽水泵自 12 月 1 日起每天二十二时至次日六时停机，由村主任每晚查看。', basis: '《中华人民共和国噪声污染防治法》第六十五条。',
};

const coder = await browser.newPage();
const number = await arrives();
const clerk = await window('officer');
await picture(clerk, 'enter');
await enter(clerk);
await picture(clerk, 'today');
await clerk.goto(`${set.base}/desk/cases/${number}`);
await picture(clerk, 'case');
await clerk.goto(`${set.base}/desk/cases/${number}/do/accept`);
await picture(clerk, 'accept', '#move');
await clerk.click('#move .send button.main');
await clerk.waitForSelector('.done');
await clerk.goto(`${set.base}/desk/cases/${number}/write/reply`);
for (const key of await clerk.$$eval('#move textarea[required]', (all) => all.map((e) => e.name.slice(2)))) await clerk.fill(`#move [name="f.${key}"]`, paper[key]);
for (const group of await clerk.$$('#move .radios')) await (await group.$('input')).check();
await clerk.click('#move button[name=check]');
await clerk.waitForSelector('.found');
await clerk.evaluate(() => document.querySelector('#move .writing').scrollIntoView());
await picture(clerk, 'writing');
await clerk.click('#move button[value=submit]');
await clerk.waitForSelector('.done');
const head = await window('head');
await enter(head);
await head.click(`.drafts a:has-text("${number}")`);
await head.waitForSelector('#move button[value=sign]');
await head.evaluate(() => document.querySelector('#move').scrollIntoView());
await picture(head, 'sign');
await head.click('#move button[value=sign]');
await head.waitForSelector('.done');
await picture(head, 'signed');
await browser.close();
console.log(JSON.stringify(made));
