/* Checks in the browser what the server says of its own record: that the entry is in the signed
   tree (RFC 6962), and is the one the receipt was given for. It needs WebCrypto, which browsers have
   on https only; without it, or without Ed25519 in it, the page says that the server has checked. */
(function () {
  'use strict';
  const card = document.getElementById('verdict'), subtle = window.crypto && crypto.subtle;
  if (!card || !card.getAttribute('data-proof') || !subtle || !window.TextEncoder || !window.Promise) { return; }
  const proof = JSON.parse(card.getAttribute('data-proof'));
  const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

  function bytes(text) { return new TextEncoder().encode(text); }
  function join(parts) {
    let size = 0, at = 0;
    parts.forEach(function (p) { size += p.length; });
    const all = new Uint8Array(size);
    parts.forEach(function (p) { all.set(p, at); at += p.length; });
    return all;
  }
  function sha(parts) {
    return subtle.digest('SHA-256', join(parts)).then(function (b) { return new Uint8Array(b); });
  }
  function hex(b) {
    return Array.prototype.map.call(b, function (x) { return (256 + x).toString(16).slice(1); }).join('');
  }
  function fromHex(text) {
    return new Uint8Array((text.match(/../g) || []).map(function (x) { return parseInt(x, 16); }));
  }
  function from64(text) {
    return new Uint8Array(Array.prototype.map.call(atob(text), function (c) { return c.charCodeAt(0); }));
  }
  function base64(b) { return btoa(String.fromCharCode.apply(null, b)); }

  /* The checkpoint is a note as golang.org/x/mod/sumdb/note has it: text, an empty line, signatures. */
  const cut = proof.checkpoint.indexOf('\n\n'), text = proof.checkpoint.slice(0, cut + 1);
  const line = text.split('\n'), size = Number(line[1]), root = line[2];
  const name = proof.key.split('+')[0], key = from64(proof.key.slice(proof.key.indexOf('+', name.length + 1) + 1));

  function signed() { // true, false, or null where the browser knows no Ed25519
    const own = proof.checkpoint.slice(cut + 2).split('\n').filter(function (s) { return s.indexOf('\u2014 ' + name + ' ') === 0; })[0];
    if (!own || key[0] !== 1) { return Promise.resolve(false); }
    const signature = from64(own.split(' ')[2]).slice(4); // after the id of the key
    return subtle.importKey('raw', key.slice(1), { name: 'Ed25519' }, false, ['verify']).then(function (k) {
      return subtle.verify({ name: 'Ed25519' }, k, signature, bytes(text));
    }, function () { return null; });
  }

  function head() {
    return sha([bytes(['dengwen case 1', proof.number, proof.version, proof.before, proof.content, ''].join('\n'))]);
  }

  function leads(from) { // from the leaf along the hashes to the root
    let at = proof.position, last = size - 1;
    const climb = proof.hashes.reduce(function (so, text) {
      return so.then(function (hash) {
        while (at % 2 === 0 && at === last) { at /= 2; last = Math.floor(last / 2); } // no sibling on this level
        const h = fromHex(text), pair = at % 2 ? [h, hash] : [hash, h];
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
        return sha([new Uint8Array([1])].concat(pair));
      });
    }, sha([new Uint8Array([0]), from]));
    return climb.then(function (hash) { return proof.position < size && base64(hash) === root; });
  }

  function markOf(from) {
    return sha([bytes('dengwen receipt 1\n' + proof.key + '\n' + hex(from) + '\n')]).then(function (sum) {
      let mark = '';
      for (let i = 0; i < 20; i++) {
        const at = 5 * i, two = sum[at >> 3] << 8 | sum[(at >> 3) + 1];
        mark += letters[two >> (11 - at % 8) & 31];
      }
      return mark;
    });
  }

  function show(attribute, name) {
    Array.prototype.forEach.call(card.querySelectorAll('[' + attribute + ']'), function (e) {
      e.hidden = e.getAttribute(attribute) !== name;
    });
  }

  const typed = card.getAttribute('data-mark').toUpperCase().replace(/[^0-9A-Z]/g, '');
  head().then(function (h) {
    return Promise.all([leads(h), signed(), markOf(h)]);
  }).then(function (found) {
    let verdict = 'holds';
    if (!found[0] || found[1] === false) { verdict = 'broken'; }
    else if (!typed) { verdict = 'unmarked'; }
    else if (typed !== found[2]) { verdict = 'other'; }
    if (found[1] === null && card.classList.contains('broken')) { verdict = 'broken'; } // the server's word on the signature
    show('data-verdict', verdict);
    show('data-by', found[1] === null ? 'half' : 'browser');
    card.className = 'card verdict ' + verdict;
  }, function () { /* what can't be read holds no better in the browser: the server's verdict stays */ });
})();
