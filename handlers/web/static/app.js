/* The live side of the page. Without it every form posts and the page reloads.
   Written in ES2015 so that old phones run it. */
(function () {
  'use strict';
  const doc = document, root = doc.documentElement, body = doc.body;
  const $ = function (id) { return doc.getElementById(id); };
  const say = function (name) { return body.getAttribute('data-' + name) || ''; };
  const all = function (list, f) { Array.prototype.forEach.call(list, f); };
  const log = $('log'), text = $('text'), composer = $('composer'), state = $('state');
  const typing = $('typing'), progress = $('progress'), picked = $('picked'), newest = $('newest');
  let last = Number(say('last')), csrf = say('csrf');
  let files = [];   // chosen, not yet sent
  let queue = [];   // sent by the person, not yet taken by the server, oldest first
  let busy = false, retryAt = 0, online = true;

  root.className = 'js';
  all(doc.querySelectorAll('[data-locate]'), showLocate);

  /* ---- small helpers ---- */

  function store(name, value) { // the tab's own memory; gone when it closes
    try {
      if (value === undefined) { return sessionStorage.getItem(name); }
      if (value) { sessionStorage.setItem(name, value); } else { sessionStorage.removeItem(name); }
    } catch (e) { /* private mode: the words live as long as the page */ }
    return null;
  }
  function newID() {
    const a = new Uint8Array(12);
    let s = '';
    if (window.crypto && crypto.getRandomValues) { crypto.getRandomValues(a); }
    else { for (let i = 0; i < 12; i++) { a[i] = Math.random() * 256; } }
    for (let i = 0; i < 12; i++) { s += (256 + a[i]).toString(16).slice(1); }
    return s;
  }
  function el(tag, cls, words) {
    const e = doc.createElement(tag);
    if (cls) { e.className = cls; }
    if (words) { e.textContent = words; }
    return e;
  }
  function tell(words) {
    state.textContent = words;
    state.hidden = !words;
  }
  function atEnd() {
    return window.innerHeight + window.pageYOffset >= root.scrollHeight - 160;
  }
  function coarse() { return !!window.matchMedia && matchMedia('(pointer: coarse)').matches; }
  function measure() { // the height of the text box, for what stands above it
    root.style.setProperty('--write', composer.parentNode.offsetHeight + 'px');
  }
  function toEnd() { window.scrollTo(0, root.scrollHeight); newest.hidden = true; }

  /* ---- showing what came ---- */

  function put(item) {
    const box = el('div');
    box.innerHTML = item.html; // rendered and escaped by the server
    const node = box.firstElementChild, old = $(item.id);
    all(node.querySelectorAll('[data-locate]'), showLocate);
    const mine = $('q-' + item.key.replace('me:', ''));
    if (old) {
      const focused = old.contains(doc.activeElement) ? doc.activeElement.value : null;
      old.parentNode.replaceChild(node, old);
      if (focused !== null) { refocus(node, focused); }
    } else if (mine) {
      mine.parentNode.replaceChild(node, mine);
      settle();
    } else {
      node.className += ' new';
      log.insertBefore(node, log.querySelector('.pending'));
    }
    return old ? null : node;
  }
  function settle() { // messages still on their way stay below those that arrived
    all(log.querySelectorAll('.pending'), function (p) { log.appendChild(p); });
  }
  function refocus(node, value) {
    let hit = null;
    all(node.querySelectorAll('button'), function (b) { if (b.value === value) { hit = b; } });
    (hit || text).focus();
  }
  let foreign = false; // the conversation speaks another language than the page
  function anew() { // nothing unsent may be lost by it
    if (!foreign || queue.length || files.length) { return false; }
    location.reload();
    return true;
  }
  function apply(u) {
    if (u.last < last) { location.reload(); return; } // the log was forgotten
    foreign = u.lang !== root.lang;
    if (anew()) { return; }
    const stay = !atEnd();
    let first = null;
    u.items.forEach(function (i) {
      const n = put(i);
      if (n && !first && n.className.indexOf('bot') >= 0) { first = n; }
    });
    last = u.last;
    typing.hidden = !u.waiting;
    if (u.items.length) { begun(); }
    if (stay && first) { newest.hidden = false; return; }
    if (u.items.length && !stay) { follow(first); }
  }
  function begun() { // what only an empty conversation shows
    all(doc.querySelectorAll('#hello, .lang'), function (x) { x.hidden = true; });
  }
  function follow(node) { // a long answer is read from its beginning
    toEnd();
    if (!node) { return; }
    const top = node.getBoundingClientRect().top - 110;
    if (top < 0) { window.scrollBy(0, top); }
  }
  newest.addEventListener('click', function () { toEnd(); text.focus(); });
  window.addEventListener('scroll', function () { if (atEnd()) { newest.hidden = true; } });

  /* ---- the live connection, else polling ---- */

  let stream = null, failures = 0, heard = 0, polling = null;

  function connected(yes) {
    if (yes && !online) { tell(say('back')); setTimeout(function () { if (online) { tell(''); } }, 2500); }
    if (!yes) { tell(say('reconnecting')); }
    online = yes;
    if (yes) { retryAt = 0; pump(); }
  }
  function open() {
    if (!window.EventSource || failures > 3) { poll(); return; }
    stream = new EventSource('/live?after=' + last + '&lang=' + root.lang);
    heard = Date.now();
    stream.onopen = function () { failures = 0; connected(true); };
    stream.addEventListener('ping', function () { heard = Date.now(); });
    stream.addEventListener('ended', function () { wipe(); location.reload(); });
    stream.addEventListener('posts', function (e) { heard = Date.now(); apply(JSON.parse(e.data)); });
    stream.onerror = function () {
      failures++;
      connected(false);
      if (stream.readyState === 2 || failures > 3) { reopen(3000); }
    };
  }
  function reopen(ms) {
    if (stream) { stream.close(); stream = null; }
    clearTimeout(polling);
    polling = setTimeout(open, ms);
  }
  function poll() {
    const x = new XMLHttpRequest();
    x.open('GET', '/posts?after=' + last + '&lang=' + root.lang);
    x.timeout = 15000;
    x.onloadend = function () {
      const ok = x.status === 200;
      if (x.status === 403) { expired(); return; }
      if (ok) { store('renewed', ''); apply(JSON.parse(x.responseText)); }
      if (ok !== online) { connected(ok); }
      clearTimeout(polling);
      polling = setTimeout(function () {
        if (ok && failures && window.EventSource) { failures = 3; open(); } else { poll(); } // one more try at a live one
      }, ok ? 4000 : 3000);
    };
    x.send();
  }
  function expired() { // a new page brings a new cookie, if the browser takes any
    if (store('renewed')) { tell(say('expired')); return; }
    store('renewed', '1');
    location.reload();
  }
  doc.addEventListener('visibilitychange', function () { // back from another app
    if (!doc.hidden && stream && Date.now() - heard > 30000) { reopen(0); }
  });
  setInterval(function () { // a line that died in silence
    if (stream && Date.now() - heard > 50000) { connected(false); reopen(0); }
  }, 5000);
  window.addEventListener('offline', function () { connected(false); });
  window.addEventListener('online', function () { failures = 0; reopen(0); });

  /* ---- sending: one at a time, in order, until the server has it ---- */

  function remember() {
    store('queue', queue.filter(function (m) { return !m.files.length; }).length ?
      JSON.stringify(queue.filter(function (m) { return !m.files.length; })) : '');
  }
  function show(m) {
    const node = el('article', 'msg mine pending');
    node.id = 'q-' + m.id;
    node.appendChild(el('p', 'vh', say('me')));
    const words = m.label || m.fields.text || m.files.map(function (f) { return f.name; }).join('\n');
    if (words) { node.appendChild(el('div', 'words', words)); }
    node.appendChild(el('p', 'time', say('sending')));
    log.appendChild(node);
    toEnd();
  }
  function enqueue(fields, some, label) {
    const m = { id: newID(), fields: fields, files: some || [], label: label || '' };
    queue.push(m);
    remember();
    show(m);
    pump();
  }
  function mark(m, words, failed) {
    const node = $('q-' + m.id);
    if (!node) { return; }
    node.classList.toggle('failed', !!failed);
    const time = node.querySelector('.time');
    time.textContent = words;
    if (failed) {
      const b = el('button', 'again', say('again'));
      b.type = 'button';
      b.addEventListener('click', function () { retryAt = 0; pump(); });
      time.appendChild(b);
    }
  }
  function form(m) {
    const f = new FormData();
    f.append('csrf', csrf);
    f.append('id', m.id);
    f.append('lang', root.lang);
    Object.keys(m.fields).forEach(function (k) { f.append(k, m.fields[k]); });
    m.files.forEach(function (x) { f.append('file', x, x.name); });
    return f;
  }
  function pump() {
    if (busy || !queue.length || Date.now() < retryAt) { return; }
    const m = queue[0], x = new XMLHttpRequest();
    busy = true;
    mark(m, say('sending'));
    if (m.files.length && !m.ready) { prepare(m); return; }
    x.open('POST', '/say');
    x.setRequestHeader('Accept', 'application/json');
    x.timeout = m.files.length ? 900000 : 30000;
    if (m.files.length) {
      progress.hidden = false;
      x.upload.onprogress = function (e) { if (e.lengthComputable) { progress.value = e.loaded * 100 / e.total; } };
    }
    x.onloadend = function () {
      busy = false;
      progress.hidden = true;
      progress.value = 0;
      let r = {};
      try { r = JSON.parse(x.responseText); } catch (e) { /* not ours: a proxy's page */ }
      if (r.ok) { taken(m, r); return; }
      if (x.status >= 400 && x.status < 500 && x.status !== 408 && x.status !== 429) { refused(m, r.error); return; }
      later(m, r.error);
    };
    x.send(form(m));
  }
  function prepare(m) { // pictures are made smaller one after another: a phone has little memory
    let i = 0;
    (function next() {
      if (i < m.files.length) { shrink(m.files[i], function (f) { m.files[i++] = f; next(); }); return; }
      busy = false;
      m.ready = true;
      const big = m.files.filter(function (f) { return f.size > Number(say('max-bytes')); })[0];
      if (big) { refused(m, toolarge(big)); return; }
      pump();
    }());
  }
  function taken(m, r) {
    queue.shift();
    remember();
    if (r.reload) { location.reload(); return; }
    if (r.renewed && stream) { reopen(0); }
    if (anew()) { return; }
    mark(m, '');
    const node = $('q-' + m.id);
    if (node) { typing.hidden = false; }
    if (r.notice) { tell(r.notice.join('\n')); } else if (online) { tell(''); }
    if (!stream || stream.readyState !== 1) { clearTimeout(polling); if (!stream) { poll(); } }
    pump();
  }
  function refused(m, why) { // the same again would be refused again: hand the words back
    queue.shift();
    remember();
    const node = $('q-' + m.id);
    if (node) { node.parentNode.removeChild(node); }
    if (m.fields.text && !text.value) { text.value = m.fields.text; store('draft', text.value); grow(); }
    if (m.files.length) { files = m.files.concat(files); drawPicked(); }
    tell(why || say('notsent'));
    pump();
  }
  function later(m, why) {
    retryAt = Date.now() + 4000;
    mark(m, say('notsent'), true);
    tell(why || say('reconnecting'));
    setTimeout(pump, 4100);
  }

  /* ---- the forms ---- */

  doc.addEventListener('submit', function (e) {
    const f = e.target;
    if (!f.hasAttribute('data-say')) { if (f.hasAttribute('data-leave')) { wipe(); } return; }
    e.preventDefault();
    if (f === composer) { send(); return; }
    const b = pressed && f.contains(pressed) ? pressed : null, fields = {};
    if (b && b === twice.button && Date.now() - twice.at < 800) { return; } // a double tap is one
    twice = { button: b, at: Date.now() };
    all(f.elements, function (x) {
      if (x.name && x.type !== 'submit' && x.value && ['csrf', 'id', 'lang'].indexOf(x.name) < 0) { fields[x.name] = x.value; }
    });
    if (b && b.name) { fields[b.name] = b.value; }
    const menu = doc.querySelector('.menu');
    if (menu.open) { menu.open = false; }
    enqueue(fields, [], b && b.name ? label(b) : fields.number);
    if (f.hasAttribute('data-find')) { f.parentNode.hidden = true; }
    if (!coarse()) { text.focus(); } // on a phone it would open the keyboard
  });
  let twice = {};
  let pressed = null; // e.submitter is younger than the phones this is for
  doc.addEventListener('click', function (e) {
    const b = e.target.closest ? e.target.closest('button') : null;
    pressed = b;
    if (b && b.hasAttribute('data-locate')) { locate(b); }
    const menu = doc.querySelector('.menu');
    if (menu.open && !menu.contains(e.target)) { menu.open = false; }
  }, true);
  doc.addEventListener('keydown', function (e) {
    const menu = doc.querySelector('.menu');
    if (e.key === 'Escape' && menu.open) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  function label(b) {
    const c = b.cloneNode(true), tick = c.querySelector('.tick');
    if (tick) { c.removeChild(tick); }
    return c.textContent.trim();
  }
  function wipe() { store('queue', ''); store('draft', ''); }

  function send() {
    const words = text.value;
    if (!words.trim() && !files.length) { tell(say('empty')); text.focus(); return; }
    tell(online ? '' : say('reconnecting'));
    enqueue({ text: words }, files);
    files = [];
    drawPicked();
    text.value = '';
    grow();
    store('draft', '');
    $('attach').open = false;
    text.focus();
  }
  function grow() {
    text.style.height = 'auto';
    text.style.height = Math.min(text.scrollHeight + 2, window.innerHeight * 0.4) + 'px';
  }
  text.addEventListener('input', function () { grow(); store('draft', text.value); });
  text.addEventListener('keydown', function (e) {
    // While an input method composes Chinese, Enter belongs to it (229 on old ones).
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229 || coarse()) { return; }
    e.preventDefault();
    send();
  });

  /* ---- files ---- */

  all(composer.querySelectorAll('input[type=file]'), function (input) {
    input.addEventListener('change', function () {
      all(input.files, choose);
      input.value = '';
      drawPicked();
    });
  });
  function choose(f) {
    if (!kindTaken(f.name)) { tell(say('badkind').replace('%s', f.name)); return; }
    if (files.length >= Number(say('max-files'))) { tell(say('toomany')); return; }
    if (f.size > Number(say('max-bytes')) && !shrinks(f)) { tell(toolarge(f)); return; }
    files.push(f);
  }
  /* A name without an ending says nothing: the server looks at the bytes of every file. */
  function kindTaken(name) {
    const ending = /\.(?=\d*[a-z])[a-z\d]{1,5}$/i.exec(name), taken = say('endings');
    return !ending || !taken || taken.split(' ').indexOf(ending[0].toLowerCase()) >= 0;
  }
  function toolarge(f) { return say('toolarge').replace('%s', f.name); }

  /* A photo of a phone is 3 to 12 MB, and its line may carry 100 KB a second. A smaller
     copy goes instead, turned the right way and without the place it was taken at. What
     this browser cannot read, or a copy that is no smaller, goes as it is. HEIC always
     becomes JPEG where it can: few office computers open it. */
  const side = 2560, enough = 1 << 20;
  function heic(f) { return /^image\/hei[cf]/.test(f.type) || /\.hei[cf]$/i.test(f.name); }
  function shrinks(f) {
    return !!window.createImageBitmap && !!HTMLCanvasElement.prototype.toBlob &&
      (heic(f) || f.size > enough && /^image\/(jpeg|png|webp)$/.test(f.type));
  }
  function shrink(f, done) {
    if (!shrinks(f)) { done(f); return; }
    const asIs = function () { done(f); };
    try {
      createImageBitmap(f, { imageOrientation: 'from-image' }).then(function (b) {
        const scale = Math.min(1, side / Math.max(b.width, b.height)), c = doc.createElement('canvas'), g = c.getContext('2d');
        c.width = Math.round(b.width * scale);
        c.height = Math.round(b.height * scale);
        g.fillStyle = '#fff'; // JPEG has no transparency
        g.fillRect(0, 0, c.width, c.height);
        g.drawImage(b, 0, 0, c.width, c.height);
        if (b.close) { b.close(); }
        c.toBlob(function (small) {
          if (!small || small.type !== 'image/jpeg' || small.size >= f.size && !heic(f)) { asIs(); return; }
          small.name = f.name.replace(/\.[a-z]+$/i, '') + '.jpg';
          done(small);
        }, 'image/jpeg', 0.85);
      }).catch(asIs);
    } catch (e) { asIs(); }
  }
  function drawPicked() {
    picked.textContent = '';
    picked.hidden = !files.length;
    files.forEach(function (f, i) {
      const li = el('li'), b = el('button', '', '×');
      li.appendChild(el('span', '', f.name + ' · ' + Math.max(1, Math.round(f.size / 1024)) + ' KB'));
      b.type = 'button';
      b.setAttribute('aria-label', say('remove').replace('%s', f.name));
      b.addEventListener('click', function () { files.splice(i, 1); drawPicked(); text.focus(); });
      li.appendChild(b);
      picked.appendChild(li);
    });
  }

  /* ---- place ---- */

  function showLocate(b) { b.hidden = !(navigator.geolocation && window.isSecureContext !== false); }
  function locate(b) {
    b.disabled = true;
    navigator.geolocation.getCurrentPosition(function (p) {
      b.disabled = false;
      $('attach').open = false;
      enqueue({ lat: String(p.coords.latitude), lon: String(p.coords.longitude) }, [], say('locating'));
    }, function () {
      b.disabled = false;
      tell(say('nolocation'));
      text.focus();
    }, { timeout: 20000, maximumAge: 60000, enableHighAccuracy: true });
  }

  /* ---- start ---- */

  measure();
  if (window.ResizeObserver) { new ResizeObserver(measure).observe(composer.parentNode); }
  else { window.addEventListener('resize', measure); }
  text.rows = 1; // it grows with what is written; without script it cannot
  if (!text.value && store('draft')) { text.value = store('draft'); }
  grow();
  try { queue = JSON.parse(store('queue') || '[]'); } catch (e) { queue = []; }
  queue.forEach(show);
  if ($('findhead')) { $($('number').value ? 'code' : 'number').focus(); window.scrollTo(0, 0); }
  else if (log.children.length) {
    if ('scrollRestoration' in history) { history.scrollRestoration = 'manual'; }
    toEnd();
    window.addEventListener('load', toEnd); // pictures have their height now
  }
  open();
  pump();
}());
