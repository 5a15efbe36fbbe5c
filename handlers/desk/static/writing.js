// What is typed is kept at the office, a moment after the last key, and in this browser nowhere but on
// the page. Every form works without it.
(function () {
  "use strict";
  const one = (q) => document.querySelector(q);
  const pause = 1500, again = 3000, patience = 10 * 60 * 1000;
  let later = null, asking = null, dirty = false, shutAt = 0;

  const say = (form, text) => { const at = form.querySelector("[data-kept]"); if (at) at.textContent = text; };
  const leave = (why) => { dirty = false; location.href = "/desk/enter" + (why || ""); };

  // What is said where nobody answers and no form says so itself.
  function lost(text) {
    let p = one("#lost");
    if (!p && !text) return;
    if (!p) {
      p = document.createElement("p");
      p.id = "lost";
      p.setAttribute("role", "alert");
      one("main").append(p);
    }
    p.textContent = text;
    p.hidden = !text;
  }

  document.addEventListener("input", (e) => {
    const form = e.target.closest("[data-typed]");
    if (!form || e.target.type === "file" || !e.target.name || /^wording/.test(e.target.name)) return;
    dirty = true;
    say(form, "");
    clearTimeout(later);
    later = setTimeout(() => keep(form), pause);
  });
  let sending = null; // form that was sent and has no answer yet
  document.addEventListener("submit", (e) => {
    clearTimeout(later);
    if (asking) asking.abort();
    dirty = false;
    sending = e.target.closest("[data-typed]");
  }, true);
  // A form that did not get through stays as it is.
  function back(e, text) {
    if (e.target !== sending) {
      if (text) lost(document.body.dataset.lost);
      if (text && e.target.hasAttribute("hx-get")) e.preventDefault(); // it asks again by itself
      return;
    }
    dirty = true;
    if (text) { say(sending, text); later = setTimeout(() => keep(sending), again); } else shut(sending);
    e.preventDefault();
  }
  document.addEventListener("htmx:sendError", (e) => back(e, document.body.dataset.offline));
  document.addEventListener("htmx:beforeOnLoad", (e) => {
    const status = e.detail.xhr.status;
    if (status < 500) lost("");
    if (status === 401) back(e, "");
    if (status >= 500) back(e, document.body.dataset.offline);
  });
  addEventListener("beforeunload", (e) => { if (dirty) e.preventDefault(); });

  function keep(form) {
    if (!form.isConnected || !dirty) return;
    const data = new FormData(form);
    data.delete("file");
    data.set("form", form.dataset.typed);
    data.set("person", document.body.dataset.person);
    dirty = false;
    asking = new AbortController();
    fetch("/desk/typed", { method: "POST", body: data, headers: { "HX-Request": "true" }, signal: asking.signal }).then((r) => {
      if (r.status === 401) { dirty = true; shut(form); return; }
      if (r.status === 403) { leave(); return; } // somebody else came in
      if (shutAt) { location.reload(); return; }
      if (r.status >= 500) throw new Error(r.status);
      if (!r.ok) { dirty = true; say(form, document.body.dataset.refused); return; }
      say(form, document.body.dataset.kept + " " + new Date().toTimeString().slice(0, 5));
      return r.status === 200 ? r.text() : "";
    }).then((html) => {
      const beside = form.querySelector("[data-beside]");
      if (html && beside) beside.innerHTML = html;
    }).catch((e) => {
      if (e.name === "AbortError") return;
      dirty = true;
      say(form, document.body.dataset.offline);
      clearTimeout(later);
      later = setTimeout(() => keep(form), again);
    });
  }

  // The session has ended. What is not kept yet stays on the page, out of sight, until its officer is in
  // again, for a while; with nothing to lose the page is left at once.
  function shut(form) {
    sessionStorage.clear();
    if (!dirty) { leave(); return; }
    shutAt = shutAt || Date.now();
    if (Date.now() - shutAt > patience) { leave(); return; }
    document.body.classList.add("shut");
    one("#shut").hidden = false;
    clearTimeout(later);
    later = setTimeout(() => keep(form), again);
  }
  document.addEventListener("desk:ended", () => { clearTimeout(later); shut(one("[data-typed]")); });

  document.addEventListener("desk:left", () => { sessionStorage.clear(); leave("?left=1"); });

  // A paper as it would go out, below its form.
  document.addEventListener("click", (e) => {
    const b = e.target.closest("button[name=preview]");
    if (!b) return;
    e.preventDefault();
    const form = b.form, at = form.querySelector("[data-preview]"), frame = document.createElement("iframe");
    frame.name = "preview";
    frame.title = b.textContent;
    at.replaceChildren(frame);
    const copy = document.createElement("form");
    copy.method = "post";
    copy.action = form.action;
    copy.target = frame.name;
    copy.hidden = true;
    new FormData(form).forEach((value, name) => {
      if (typeof value !== "string") return;
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      copy.append(field);
    });
    const asked = document.createElement("input");
    asked.name = "preview";
    asked.value = "1";
    copy.append(asked);
    document.body.append(copy);
    copy.submit(); // sends no event: the page is not exchanged
    copy.remove();
    frame.scrollIntoView({ block: "nearest" });
  });

  if (!document.body || !document.body.dataset.person) sessionStorage.clear();
})();
