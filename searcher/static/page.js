// Filters at once: what is ticked or pressed in the search form is applied in place, with the focus kept and the
// number of results announced. Also: find an institution in a long list, copy a citation. The page works without it.
"use strict";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// --- A box that finds a value in a folded list ---
function addFinders() {
  for (const more of document.querySelectorAll("details[data-within]:not([data-within=''])")) {
    if (more.querySelector(".within")) continue;
    const field = document.createElement("input");
    field.type = "search";
    field.className = "within";
    field.id = `within-${more.id}`;
    field.placeholder = more.dataset.within;
    field.setAttribute("aria-label", more.dataset.within);
    more.firstElementChild.after(field);
    const find = () => {
      const wanted = folded(field.value.trim());
      for (const label of more.querySelectorAll("label")) {
        label.hidden = !folded(label.textContent).includes(wanted) && !label.querySelector(":checked");
      }
    };
    field.addEventListener("input", find);
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}
addFinders();

for (const citation of document.querySelectorAll(".citation")) {
  if (!navigator.clipboard) continue; // only over TLS and on loopback
  const [text, button] = citation.children;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = citation.dataset.copied;
  });
  citation.classList.add("copies");
}

// A selected sentence can be copied as a quotation, with the address of its paragraph in this version of the text.
const quoted = document.querySelector("[data-quote]");
if (quoted && navigator.clipboard) {
  const button = document.createElement("button");
  const selected = () => {
    const selection = getSelection();
    return quoted.contains(selection.anchorNode) ? selection.toString().trim().replace(/\s+/g, " ") : "";
  };
  button.type = "button";
  button.className = "second";
  button.hidden = true;
  button.setAttribute("aria-live", "polite");
  Object.assign(button.style, { position: "fixed", insetInlineEnd: "1rem", bottom: "1rem", zIndex: 3 });
  quoted.append(button);
  document.addEventListener("selectionchange", () => {
    button.textContent = quoted.dataset.quote;
    button.hidden = !selected();
  });
  button.addEventListener("mousedown", (event) => event.preventDefault()); // it would end the selection
  button.addEventListener("click", async () => {
    const address = new URL(quoted.dataset.address, location);
    address.search = "";
    address.hash = getSelection().anchorNode.parentElement.closest("[id^=p]")?.id ?? "";
    await navigator.clipboard.writeText(`${quoted.dataset.form.replace("%(text)s", () => selected())} ${address}`);
    button.textContent = quoted.dataset.copied;
  });
}

// --- Filters at once ---
const form = document.getElementById("search");
const query = document.getElementById("q");
const LIVE = [".filters", "#content", ".languages"]; // what another search changes, besides the box
const status = document.createElement("p");
let asked = null; // the request under way
let answered = query?.value; // the query of the page as it is
let shown = location.pathname + location.search;

// An element is the same on the next page if it has the same id, or the same name and value.
const keyOf = (one) => one?.id ? `#${CSS.escape(one.id)}`
  : one?.name && one.value !== undefined ? `[name="${CSS.escape(one.name)}"][value="${CSS.escape(one.value)}"]`
  : one?.matches?.("summary") && one.parentElement.id ? `#${CSS.escape(one.parentElement.id)} > summary` : "";

function addressOf(submitter) {
  const sent = new FormData(form, submitter);
  // Words that were taken away belong to the query they were taken from.
  if (query.value.trim() !== query.defaultValue.trim()) sent.delete("without");
  const pairs = [...sent].filter(([, value]) => value.trim());
  return `${form.action.split("?")[0]}?${new URLSearchParams(pairs)}`;
}

async function show(address, { from = null, isNew = true } = {}) {
  asked?.abort();
  const request = asked = new AbortController();
  const before = { q: query.value, fields: fields() };
  let answer, page;
  try {
    answer = await fetch(address, { signal: request.signal, headers: { Accept: "text/html" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  if (request !== asked) return;
  if (!page.getElementById("results")) { location.assign(answer.url); return; }
  if (isNew && answer.url !== location.href) history.pushState(null, "", answer.url);
  shown = location.pathname + location.search;
  replace(page, before, from);
}

const fields = () => new Map([...form.elements].filter((one) => one.id && one !== query && one.type !== "checkbox")
  .map((one) => [one.id, one.value]));

function replace(page, before, from) {
  const focus = keyOf(from ?? document.activeElement), typed = fields();
  const open = [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
  const scrolled = document.querySelector(".filter[open] > .panel")?.scrollTop;
  for (const part of LIVE) document.querySelector(part).replaceWith(page.querySelector(part));
  document.title = page.title;
  for (const link of document.querySelectorAll("head link[rel=alternate]")) link.remove();
  document.head.append(...page.querySelectorAll("head link[rel=alternate]"));
  const next = page.getElementById("q") ?? query;
  if (query.value === before.q) query.value = next.value;
  answered = query.defaultValue = next.defaultValue;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  addFinders();
  // What was typed while the answer was under way stays.
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field && (field.className === "within" || value !== (before.fields.get(id) ?? ""))) {
      field.value = value;
      if (field.className === "within") field.dispatchEvent(new Event("input"));
    }
  }
  const panel = document.querySelector(".filter[open] > .panel");
  if (panel && scrolled) panel.scrollTop = scrolled;
  status.textContent = [...document.querySelectorAll(".bar p, .errors h1, .bar h2, .corrected p, .empty")]
    .map((one) => one.textContent.trim()).join(" ");
  keepFocus(focus, from);
}

function keepFocus(key, from) {
  if (from?.closest(".box")) { // who asks goes on with the hits, as on a new page by its first link
    const hits = document.getElementById("hits") ?? document.getElementById("results");
    hits.tabIndex = -1;
    hits.focus({ preventScroll: true });
    return;
  }
  if (document.activeElement !== document.body && document.activeElement) return;
  const same = key && !from?.closest("nav.pages") ? document.querySelector(key) : null;
  if (same) { same.focus({ preventScroll: true }); return; }
  if (!from) return;
  const results = document.getElementById("results");
  results.focus({ preventScroll: true });
  if (results.getBoundingClientRect().top < 0) results.scrollIntoView();
}

// As Tab does, so that the next query replaces this one.
document.querySelector(".skip[href='#q']")?.addEventListener("click", () => setTimeout(() => query.select()));

if (form && document.getElementById("results")) {
  document.documentElement.dataset.live = "";
  status.className = "sr";
  status.setAttribute("role", "status");
  form.append(status);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    event.submitter?.closest(".filter")?.removeAttribute("open");
    show(addressOf(event.submitter), { from: event.submitter });
  });
  document.addEventListener("change", (event) => {
    if (event.target.form !== form || event.target === query || event.target.className === "within") return;
    if (event.target.closest(".left-out")) return; // several words are taken away with one press
    show(addressOf());
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search === shown) return; // a link within the page
    query.value = answered;
    show(location.href, { isNew: false });
  });
  // A panel closes as menus do.
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.activeElement?.closest(".filter[open]");
    if (open) { open.removeAttribute("open"); open.firstElementChild.focus(); }
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll(".filter[open]")) if (!open.contains(event.target) && event.target.isConnected) open.removeAttribute("open");
  });
}
