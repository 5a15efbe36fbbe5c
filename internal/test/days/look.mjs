// What is true of every page that somebody at the desk sees.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const mostBytes = 100 << 10; // of a page, as it is before it is compressed
export const mostRequests = 3; // of a first visit, pictures aside

// mostShift is what may move on a page that is there, and while it arrives: on a busy machine a long one is drawn in pieces, and the
// columns of its tables are as wide as what has come (0.017 at most, in a run under a load of 20).
const mostShift = { there: 0.001, arriving: 0.02 };

// shifts are the jumps of what is on the page without a press (Layout Instability) since it was looked at last.
const shifts = (mostShift) => {
  const seen = new PerformanceObserver(() => {});
  seen.observe({ type: 'layout-shift', buffered: true });
  const part = (n) => (n ? `${n.nodeName.toLowerCase()}.${n.className || n.parentNode?.className || ''}` : 'what is gone');
  const loaded = performance.getEntriesByType('navigation')[0]?.loadEventEnd || Infinity;
  return seen.takeRecords().filter((e) => !e.hadRecentInput && e.startTime > (window.looked || 0))
    .filter((e) => e.value > (e.startTime < loaded ? mostShift.arriving : mostShift.there)).map((e) => `${e.value.toFixed(4)}: ${e.sources.map((s) => `${part(s.node)} from ${s.previousRect.x},${s.previousRect.y} to ${s.currentRect.x},${s.currentRect.y}`).join('; ')}`);
};

// look answers what is wrong with a page as it stands, a line each. Folded parts are opened for axe, and folded again. Where
// the page runs no scripts, axe, which needs timers, reads a copy of it in the window that is given.
export async function look(page, copy) {
  const wrong = [];
  for (const jump of await page.evaluate(shifts, mostShift)) wrong.push(`jumps by ${jump}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) wrong.push(`is ${wide} px wider than its screen`);
  const violations = copy ? await audit(await same(page, copy)) : await audit(page);
  for (const v of violations) wrong.push(`axe: ${v.id} (${v.impact}) at ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`);
  return wrong;
}

async function audit(page) {
  if (!(await page.evaluate(() => !!window.axe))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const folded = [...document.querySelectorAll('details:not([open])')];
    folded.forEach((d) => { d.open = true; });
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    folded.forEach((d) => { d.open = false; });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); // drawn again
    window.looked = performance.now();
    return violations;
  });
}

// same shows in another window what a page shows, without its scripts.
async function same(page, copy) {
  const address = page.url().replace(/#.*/, ''), body = await page.content();
  await copy.unrouteAll();
  await copy.route('**/*', (r) => {
    if (r.request().resourceType() === 'document') return r.fulfill({ body, contentType: 'text/html; charset=utf-8' });
    return r.request().resourceType() === 'script' ? r.abort() : r.continue();
  });
  await copy.goto(address, { waitUntil: 'load' });
  return copy;
}
