// Days at the desk: node days.mjs '{"base", "browser", "links", "unit", "lives", "pictures"}'. Prints one JSON object:
// what is wrong, and how much was seen. A life is one claim, from the letter to the close, through the days of seven people.
import path from 'node:path';
import { chromium } from 'playwright-core';
import { look, mostBytes, mostRequests } from './look.mjs';

const set = JSON.parse(process.argv[2]);
const seen = { pages: 0, moves: 0, largest: 0, requests: 0, wrong: [] };
const browser = await chromium.launch({ executablePath: set.browser, args: ['--no-sandbox'] });
const sessions = {};

// Day is somebody at the desk in one browser window.
class Day {
  constructor(role, window) {
    this.role = role;
    this.window = window;
    this.name = `${role} ${window.width} × ${window.height}${window.script ? '' : ' without JavaScript'}`;
  }

  // begin opens the window, by the link the first time that a role does.
  async begin() {
    const { width, height, script } = this.window, first = [];
    this.context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: 'zh-CN', bypassCSP: true, storageState: sessions[this.role] });
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(20000);
    if (!script) this.copy = await (await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', bypassCSP: true, storageState: sessions[this.role] })).newPage();
    this.page.on('response', (r) => this.weigh(r, first));
    this.page.on('pageerror', (e) => this.wrong(`script fails: ${e.message}`));
    if (!sessions[this.role]) {
      await this.page.goto(set.links[this.role], { waitUntil: 'load' });
      await this.looks('the way in');
      this.count(first);
      await this.page.click('button.main');
      await this.page.waitForURL('**/desk/');
      sessions[this.role] = await this.context.storageState();
    }
    await this.go('/desk/');
  }

  // weigh notes what a page weighs and, of a first visit, what was asked for.
  async weigh(r, first) {
    const kind = r.request().resourceType();
    if (kind !== 'image' && !r.url().endsWith('.svg')) first.push(r.url());
    if (kind !== 'document' || r.status() >= 300 || !(r.headers()['content-type'] || '').startsWith('text/html')) return;
    const size = (await r.body().catch(() => '')).length; // gone with a page that was left
    seen.largest = Math.max(seen.largest, size);
    if (size > mostBytes) this.wrong(`${new URL(r.url()).pathname} weighs ${size} bytes`);
  }

  count(first) {
    seen.requests = Math.max(seen.requests, first.length);
    if (first.length > mostRequests) this.wrong(`a first visit asks for ${first.join(' ')}`);
  }

  wrong(what) { seen.wrong.push(`${this.name}: ${what}`); }

  async go(where) {
    const r = await this.page.goto(set.base + where, { waitUntil: 'load' });
    if (r.status() !== 200) throw new Error(`${this.name}: ${where} answers ${r.status()}`);
    await this.looks(where.replace(/[?].*/, ''));
  }

  async looks(where) {
    seen.pages++;
    for (const w of await look(this.page, this.copy)) this.wrong(`${where} ${w}`);
    if (set.pictures) await this.page.screenshot({ path: path.join(set.pictures, `${String(seen.pages).padStart(3, '0')} ${this.name} ${where}.png`.replaceAll('/', '_')) });
  }

  // press presses and waits for what comes of it.
  async press(what, until) {
    await this.page.click(what);
    await this.page.waitForSelector(until);
    await this.looks(`after ${what}`);
  }

  // fold opens a folded part that has something.
  async unfold(what) {
    const part = this.page.locator('details:not([open])', { has: this.page.locator(what) });
    if (await part.count()) await part.first().locator('summary').first().click();
  }

  // move makes a move of the case that is open: values are those of the form's fields.
  async move(name, values = {}, files) {
    const way = `[href$="/do/${name}"]`;
    await this.unfold(way);
    await this.press(`.right ${way}`, '#move .send');
    for (const [key, value] of Object.entries(values)) await this.fill('#move ', `f.${key}`, value);
    if (files) await this.page.setInputFiles('#move input[type=file]', files);
    await this.press('#move .send button.main', '.done');
    seen.moves++;
  }

  async fill(within, name, value) {
    const all = this.page.locator(`${within}[name="${name}"]`), one = all.first();
    const tag = await one.evaluate((e) => (e.type === 'radio' ? 'radio' : e.tagName));
    if (tag === 'SELECT') await one.selectOption(value);
    else if (tag === 'radio') await (value === '' ? one : this.page.locator(`${within}[name="${name}"][value="${value}"]`)).check();
    else await one.fill(value);
  }

  // opens finds a case by the last digits of its number.
  async opens(number) {
    await this.page.fill('#words', number);
    await this.page.press('#words', 'Enter');
    await this.page.waitForSelector(`article[data-case="${number}"]`);
    await this.looks('a case');
  }

  async text(of = 'main') { return this.page.locator(of).innerText(); }

  async must(of, ...texts) {
    const is = await this.text(of);
    for (const t of texts) if (!is.includes(t)) this.wrong(`${new URL(this.page.url()).pathname} does not show ${t}`);
  }

  async mustNot(of, ...texts) {
    const is = await this.text(of);
    for (const t of texts) if (is.includes(t)) this.wrong(`${new URL(this.page.url()).pathname} shows ${t}`);
  }
}

const phone = '13800138000', told = '三组的抽水泵夜里响到两点，隔着河都听得见，已经半个月了。';

// Takes in a letter, finds it again and transfers it to the unit that is to handle it.
async function intake(d) {
  await d.go('/desk/new');
  await d.fill('', 'channel', 'letter');
  for (const [name, value] of Object.entries({ facts: told, request: '请让它晚上停下来。', title: '抽水泵夜里太响', name: '程兰英', phone })) await d.page.fill(`#letter [name="${name}"]`, value);
  await d.page.selectOption('#letter [name="class"]', 'claim');
  await d.page.selectOption('#letter [name="place"]', { index: 1 });
  await d.press('#letter .send button.main', 'article[data-case]');
  const number = await d.page.getAttribute('article[data-case]', 'data-case');
  await d.mustNot('main', phone);
  await d.go('/desk/cases?open=1');
  await d.must('#list', number);
  await d.opens(number);
  await d.move('transfer', { unit: set.unit });
  await d.must('.timeline', set.unitName);
  for (const where of ['/desk/disputes', '/desk/reception', '/desk/batches', '/desk/me']) await d.go(where);
  return number;
}

// Accepts, calls the petitioner, writes the opinion and lays it before the head.
async function officer(d, number) {
  await d.must('main', number);
  await d.opens(number);
  await d.move('accept');
  await d.press('form[action="/desk/reason"] button', '.right').catch(() => {}); // without a reason nothing is opened
  await d.mustNot('main', phone);
  await d.page.fill('#reason', '打电话核实情况');
  await d.press('form[action="/desk/reason"] button', `text=${phone}`);
  await d.move('note', { text: '打过电话，泵是村里的，夜里给鱼塘加水。' });
  await d.press('[href$="/write/reply"]', '#move .send');
  const paper = {
    text: '经查，三组抽水泵夜间抽水属实，夜间噪声六十一分贝。', demands: '请让抽水泵晚上停下来。', result: '抽水泵自十二月一日起二十二时至次日六时停机，村委会已经张贴。', basis: '《中华人民共和国噪声污染防治法》第六十五条。',
  };
  for (const key of await d.page.$$eval('#move textarea[required]', (all) => all.map((e) => e.name.slice(2)))) await d.fill('#move ', `f.${key}`, paper[key] || paper.text);
  for (const group of await d.page.$$('#move .radios')) await (await group.$('input')).check();
  await d.press('#move button[name=check]', '.found');
  await d.press('#move button[value=submit]', '.done');
  seen.moves++;
}

// Reads what waits to be signed and sends it back with a word.
async function sendBack(d, number) {
  await d.press(`.drafts a:has-text("${number}")`, '#move');
  await d.page.fill('#words-back, #move [name=words]', '请写明谁来看着停机。');
  await d.press('#move button[value=send_back]', '.done');
  seen.moves++;
}

// Finds under today what came back, and mends it.
async function writeAgain(d, number) {
  await d.press(`.drafts a:has-text("${number}")`, '#move');
  await d.must('main', '请写明谁来看着停机');
  const text = d.page.locator('#move textarea').nth(1);
  await text.fill((await text.inputValue()) + '由村主任每晚查看。');
  await d.press('#move button[value=submit]', '.done');
  seen.moves++;
}

// Sees what is new, signs, and looks at the unit's figures.
async function head(d, number) {
  await d.press(`.drafts a:has-text("${number}")`, '#move');
  await d.must('#move ins', '由村主任每晚查看');
  await d.press('#move button[value=sign]', '.done');
  seen.moves++;
  await d.go('/desk/figures');
  await d.press('main a[href^="/desk/figures/cases"]', 'main');
  await d.go('/desk/cases?open=1');
}

// Enters how the opinion came to the petitioner.
async function deliver(d, number) {
  await d.opens(number);
  await d.move('deliver', { date: set.today, method: '' });
}

// Heads the petition office: figures, a report, the office's data; a hard case is given to a leader.
async function supervisor(d, number, leader) {
  for (const where of ['/desk/figures', '/desk/reports', '/desk/office', '/desk/office/edit?part=units', '/desk/office/edit?part=settings', '/desk/office/calendar', '/desk/office/people', '/desk/office/check', '/desk/batches', '/desk/log']) await d.go(where);
  await d.go('/desk/office/edit?part=settings');
  await d.page.fill('[name="v.settings.yellow_days"]', String(5 + d.lives));
  await d.press('form.move .send button.main', 'button[name=put]');
  await d.press('button[name=put]', '.done');
  await d.opens(number);
  await d.move('lead', { officer: leader });
}

// Leads it: sees it and no other, and says what came of it.
async function leader(d, number) {
  await d.must('main', number);
  await d.go('/desk/cases');
  if ((await d.page.locator('[data-row]').count()) !== d.lives) d.wrong(`sees ${await d.page.locator('[data-row]').count()} cases and leads ${d.lives}`);
  await d.opens(number);
  await d.move('progress', { text: '今晚去听过，泵十点停了。' });
}

// Reads who has seen the case: everybody above, and the reason of who asked for the telephone number.
async function rights(d, number) {
  await d.go(`/desk/log?number=${number}`);
  await d.must('main', '打电话核实情况', number);
}

let lives = 0;
for (const at of set.lives) { // how each role's window is
  lives++;
  const day = async (role, how, ...args) => {
    const d = new Day(role, at[role]);
    try {
      await d.begin();
      d.lives = lives;
      return await how(d, ...args);
    } catch (e) {
      d.wrong(`${e.message} at ${d.page.url()}: ${await d.text('main').catch(() => '')}`);
      if (set.pictures) await d.page.screenshot({ path: path.join(set.pictures, 'failed.png') });
      throw e;
    } finally {
      await d.context.close();
      await d.copy?.context().close();
    }
  };
  try {
    const number = await day('intake', intake);
    await day('officer', officer, number);
    await day('head', sendBack, number);
    await day('officer', writeAgain, number);
    await day('head', head, number);
    await day('officer', deliver, number);
    await day('supervisor', supervisor, number, set.leader);
    await day('leader', leader, number);
    await day('rights', rights, number);
  } catch {
    break; // said above
  }
}
await browser.close();
console.log(JSON.stringify({ ...seen, lives }));
