// What makes the desk quicker: keys, and news of what has changed. Every page works without it.
(function () {
  "use strict";
  const all = (q, in_) => Array.from((in_ || document).querySelectorAll(q));
  const one = (q) => document.querySelector(q);
  let at = -1;

  const writing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName) && !/^(checkbox|radio)$/.test(e.type) || e.isContentEditable;

  // The row that keys act on.
  function go(to) {
    const rows = all("[data-row]");
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows.forEach((r, i) => r.classList.toggle("at", i === at));
    const link = rows[at].querySelector("a");
    link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  }
  const link = () => { const r = all("[data-row]")[at]; return r && r.querySelector("a"); };

  // The numbers of the list that a case was opened from, for the next and the one before.
  const listKey = "desk.list";
  function remember() {
    const numbers = all("[data-row] .num a").map((a) => a.textContent);
    if (numbers.length) sessionStorage.setItem(listKey, JSON.stringify(numbers));
  }
  function step(by) {
    const shown = one("[data-case]");
    if (!shown) return;
    const list = JSON.parse(sessionStorage.getItem(listKey) || "[]");
    const next = list[list.indexOf(shown.dataset.case) + by];
    if (next && list.includes(shown.dataset.case)) location.href = "/desk/cases/" + next;
  }

  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.ctrlKey) {
      const form = e.target.closest("form");
      const main = form && form.querySelector("button.main:not([type=button])");
      if (form) { e.preventDefault(); if (main) main.click(); else form.requestSubmit(); } // a press names its step
      return;
    }
    if (e.key === "Escape" && writing(e.target)) { e.target.blur(); return; }
    if (e.ctrlKey || e.altKey || e.metaKey || writing(e.target) || one("dialog[open]")) return;
    const act = {
      j: () => go(at + 1), k: () => go(at - 1),
      x: () => { const b = link() && link().closest("tr").querySelector("input[type=checkbox]"); if (b) b.click(); },
      "/": () => one("#words") && one("#words").focus(),
      "?": () => one("#keys") && one("#keys").showModal(),
      t: () => { location.href = "/desk/"; }, l: () => { location.href = "/desk/cases?open=1"; }, c: () => { location.href = "/desk/new"; },
      n: () => step(1), p: () => step(-1),
    }[e.key] || (() => { const b = one('[data-key="' + CSS.escape(e.key) + '"]'); if (b) b.click(); return !!b; });
    if (act() !== false) e.preventDefault();
  });

  // A document of a case, opened in its place on the page.
  document.addEventListener("click", (e) => {
    const a = e.target.closest("a[data-show]");
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const at = a.closest("section").querySelector("[data-shown]"), was = at.firstElementChild;
    at.replaceChildren();
    if (was && was.dataset.of === a.dataset.show) return; // pressed again: away with it
    const frame = document.createElement("iframe");
    frame.src = frame.dataset.of = a.dataset.show;
    frame.title = a.textContent;
    at.append(frame);
  });
  // A colleague's name in a note.
  document.addEventListener("click", (e) => {
    const b = e.target.closest("button[data-name]"), text = b && b.form.querySelector("textarea");
    if (!text) return;
    text.setRangeText((/\S$/.test(text.value.slice(0, text.selectionStart)) ? " @" : "@") + b.dataset.name + " ", text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Marking many: all, and from the last mark to this one with shift.
  let last = null;
  document.addEventListener("click", (e) => {
    const b = e.target;
    if (b.matches && b.matches("[data-all]")) all("tbody input[type=checkbox]").forEach((o) => { o.checked = b.checked; });
    if (!b.matches || !b.matches("tbody input[type=checkbox]")) return;
    const boxes = all("tbody input[type=checkbox]");
    if (e.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(b)].sort((x, y) => x - y);
      boxes.slice(from, to + 1).forEach((o) => { o.checked = b.checked; });
    }
    last = b;
  });

  // News: a list is loaded anew unless something is marked or typed in it; a case says that it has
  // changed and leaves the form alone.
  let source = null;
  const busy = (list) => !list || all("input[type=checkbox]:checked", list).length || all("select", list).some((s) => s.value) || list.contains(document.activeElement) && writing(document.activeElement);
  function listen() {
    if (source) source.close();
    const shown = one("[data-case]");
    if (!shown && !one("[data-live]")) return;
    source = new EventSource("/desk/live" + (shown ? "?case=" + encodeURIComponent(shown.dataset.case) : ""));
    // What is asked for without a connection comes with the next news, or when the connection is back.
    const page = (where) => fetch(where).then((r) => r.ok ? r.text() : "").then((text) => new DOMParser().parseFromString(text, "text/html"), () => null);
    const news = {
      list() {
        if (busy(one("[data-live]"))) return;
        page(location.href).then((there) => {
          const fresh = there && there.querySelector("[data-live]"), list = one("[data-live]");
          if (!fresh || busy(list)) return; // something was marked while it was on its way
          list.replaceWith(fresh);
          htmx.process(fresh);
          if (at >= 0) go(at);
        });
      },
      case() {
        page("/desk/cases/" + encodeURIComponent(shown.dataset.case) + (shown.dataset.show ? "?show=" + shown.dataset.show : "")).then((fresh) => {
          if (!fresh || !shown.isConnected) return; // another case is shown by now
          ["header", ".right"].forEach((q) => {
            const here = one(".case " + q), there = fresh.querySelector(".case " + q);
            if (here && there && !here.contains(document.activeElement)) { here.replaceWith(there); htmx.process(there); }
          });
          const here = one(".timeline"), there = fresh.querySelector(".timeline");
          if (here && there) { here.replaceWith(there); htmx.process(there); }
        });
      },
    };
    Object.keys(news).forEach((what) => source.addEventListener(what, news[what]));
    let opened = false;
    source.addEventListener("open", () => { // again: what happened meanwhile was told to nobody
      if (opened) news[shown ? "case" : "list"]();
      opened = true;
    });
    // Refused, where a lost connection is taken up again by itself.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      const later = () => setTimeout(listen, 5000);
      fetch(source.url, { headers: { "HX-Request": "true" } }).then((r) => {
        if (r.body) r.body.cancel();
        if (r.status === 401) document.dispatchEvent(new Event("desk:ended"));
        else if (r.status !== 404) later();
        else if (shown) location.reload(); // the case is not for them any more
      }, later);
    });
    ["ended", "left"].forEach((what) => source.addEventListener(what, () => { source.close(); document.dispatchEvent(new Event("desk:" + what)); }));
  }

  // The cursor goes where one begins: to the press that signs, else to the first field.
  function begin(in_) {
    const first = in_.querySelector(".move [value=sign]") || in_.querySelector(".move textarea, .move select, .move input:not([type=hidden])");
    if (first) first.focus();
  }

  function ready() {
    at = -1;
    remember();
    listen();
    if (document.activeElement === one("#words")) document.activeElement.blur(); // keys act on what was found
    begin(document);
  }
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:afterSettle", (e) => {
    if (e.target === document.body || e.detail && e.detail.boosted) { ready(); return; }
    if (e.target.id === "form") begin(e.target);
    remember();
  });
})();
