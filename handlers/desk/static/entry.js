// The ways in that need a script: passkeys, and Telegram's Mini App.
(function () {
  "use strict";
  const one = (q) => document.querySelector(q);
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ask = (at, body) => fetch(at, { method: "POST", headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) })
    .then((r) => { if (!r.ok || r.redirected) throw new Error(r.status); return r; });

  // A credential as the server reads it: bytes in base64url.
  function said(c) {
    const response = {}, r = c.response;
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((k) => { if (r[k]) response[k] = text(r[k]); });
    if (r.getTransports) response.transports = r.getTransports();
    return { id: c.id, rawId: text(c.rawId), type: c.type, response: response, clientExtensionResults: c.getClientExtensionResults() };
  }
  const listed = (all) => (all || []).map((c) => Object.assign({}, c, { id: bytes(c.id) }));

  const add = () => ask("/desk/me/passkey/begin").then((r) => r.json()).then((o) => {
    const p = o.publicKey;
    p.challenge = bytes(p.challenge);
    p.user.id = bytes(p.user.id);
    p.excludeCredentials = listed(p.excludeCredentials);
    return navigator.credentials.create({ publicKey: p });
  }).then((c) => ask("/desk/me/passkey", said(c))).then(() => { location.href = "/desk/me"; });

  // Asks for a passkey at an address, and sends the answer there.
  const show = (at) => ask(at + "/begin").then((r) => r.json()).then((o) => {
    const p = o.publicKey;
    p.challenge = bytes(p.challenge);
    p.allowCredentials = listed(p.allowCredentials);
    return navigator.credentials.get({ publicKey: p });
  }).then((c) => ask(at, said(c)));
  const enter = () => show("/desk/enter/passkey").then(() => { location.href = "/desk/"; });
  const prove = (how) => show("/desk/me/passkey/prove").then(() => { location.href = how.dataset.back; });

  function ready() {
    if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach((e) => { e.hidden = false; });
    const app = one("[data-miniapp]"), data = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
    if (app && data) { app.elements.data.value = data; history.replaceState(null, "", location.pathname); app.submit(); }
  }
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:afterSettle", ready);
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-passkey] button");
    if (!b) return;
    const how = b.closest("[data-passkey]"), failed = how.querySelector("[role=alert]");
    failed.hidden = true;
    ({ add, enter, prove })[how.dataset.passkey](how).catch((e) => {
      if (how.dataset.passkey === "add" && e.message === "403") location.href = "/desk/me/login"; // asked too long ago
      else failed.hidden = false;
    });
  });
})();
