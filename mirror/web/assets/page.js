// Keeps the page fresh and filters while one types. Everything works without it.
"use strict";
(() => {
  const seconds = Number(document.body.dataset.refresh || 0);
  const news = document.getElementById("news");
  const away = document.getElementById("away");
  let address = location.href; // what is asked for: with the number of the last command's answer
  let gone = null; // since when the service does not answer
  let asked = 0; // newer questions make older answers void
  let timer = 0;

  // An answer is shown once: reloading the page, or keeping its address, does not bring it back.
  const shown = new URL(address);
  if (shown.searchParams.has("said")) {
    shown.searchParams.delete("said");
    history.replaceState(null, "", shown);
  }

  function ago(time) {
    const age = Math.round((Date.now() - time) / 1000);
    const span = Math.abs(age);
    if (span > 90 * 86400) return null;
    const words =
      span < 60 ? `${span} s` : span < 3600 ? `${Math.floor(span / 60)} min`
        : span < 172800 ? `${Math.floor(span / 3600)} h` : `${Math.floor(span / 86400)} days`;
    if (age < 0) return `in ${words}`;
    return age < 5 ? "just now" : `${words} ago`;
  }

  function age_times() {
    for (const time of document.querySelectorAll("time[datetime]")) {
      let words = ago(Date.parse(time.dateTime));
      if (words && "span" in time.dataset) words = words.replace(" ago", "").replace("just now", "0 s");
      if (words && time.textContent !== words) time.textContent = words;
    }
  }

  // What a person would call a change: not that time passes.
  function content_of(part) {
    const copy = part.cloneNode(true);
    for (const time of copy.querySelectorAll("time")) time.textContent = "";
    for (const details of copy.querySelectorAll("details")) details.open = false;
    for (const token of copy.querySelectorAll("input[name=csrf]")) token.setAttribute("value", "");
    return copy.innerHTML;
  }

  function is_busy() {
    const focus = document.activeElement;
    return document.hidden || (focus && /^(INPUT|SELECT|TEXTAREA)$/.test(focus.tagName)) ||
      !getSelection().isCollapsed;
  }

  // How to find the element that has the focus again.
  function path_of(element, root) {
    const path = [];
    for (; element && element !== root; element = element.parentElement) {
      if (element.id) return { id: element.id, path };
      path.unshift([...element.parentElement.children].indexOf(element));
    }
    return { id: root.id, path };
  }

  function replace(part, fresh) {
    const focus = part.contains(document.activeElement) ? path_of(document.activeElement, part) : null;
    const open = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
    const aside = [...part.querySelectorAll(".wide")].map((wide) => wide.scrollLeft);
    const down = scrollY;
    part.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    part.querySelectorAll(".wide").forEach((wide, i) => { wide.scrollLeft = aside[i] || 0; });
    scrollTo({ top: down, behavior: "instant" });
    if (focus) focus.path.reduce((at, i) => at?.children[i], document.getElementById(focus.id))?.focus({ preventScroll: true });
    age_times();
  }

  async function ask(url) {
    const turn = ++asked;
    const answer = await fetch(url, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
    const text = await answer.text();
    if (turn !== asked) return null;
    if (!answer.ok) throw new Error(answer.status);
    return new DOMParser().parseFromString(text, "text/html");
  }

  async function refresh() {
    try {
      const fresh = await ask(address);
      gone = null;
      away.hidden = true;
      const before = document.querySelector("main");
      const after = fresh?.querySelector("main");
      if (!after || is_busy() || content_of(before) === content_of(after)) {
        age_times();
        return;
      }
      const said = (part) => (part.querySelector(".said") || part.querySelector("#summary") ||
        part.querySelector(".because") || part.querySelector("dd"))?.textContent.trim();
      const words = said(after);
      const announced = words !== said(before) ? words : "The page was updated.";
      replace(before, after);
      news.textContent = announced;
    } catch (problem) {
      gone ??= new Date();
      away.textContent = `Not reachable since ${gone.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}. ` +
        "What is shown is as it was then; it is asked again by itself.";
      away.hidden = false;
    }
  }

  async function turn() {
    clearTimeout(timer);
    if (!is_busy()) await refresh();
    timer = setTimeout(turn, seconds * 1000);
  }

  // The form's own address, asked for while one types.
  async function show(form) {
    const list = () => document.getElementById(form.dataset.live);
    const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(pairs).toString();
    address = new URL(form.action + (query ? `?${query}` : "")).href;
    try {
      const fresh = await ask(address);
      const after = fresh?.getElementById(list().id);
      if (!after) return;
      history.replaceState(null, "", address);
      replace(list(), after);
      news.textContent = (list().querySelector("caption") || list().querySelector("p"))?.textContent || "";
    } catch (problem) { /* the button still works */ }
  }

  let wait = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.live) return;
    clearTimeout(wait);
    wait = setTimeout(show, 200, form);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && seconds) turn(); });
  age_times();
  setInterval(age_times, 10000);
  if (seconds) timer = setTimeout(turn, seconds * 1000);
})();
