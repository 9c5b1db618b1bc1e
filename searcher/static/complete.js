// Autocomplete for the search box. The page works without it.
// Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-autocomplete-list/
"use strict";

const PAUSE_MS = 120;

const box = document.getElementById("q");
const list = document.createElement("ul");
const announcement = document.createElement("p");
const kinds = JSON.parse(box.dataset.kinds);
const filters = box.dataset.filters.split(" ");
const counts = box.dataset.counts.split("|");
let shown = []; // the completions in the list
let typed = ""; // what they complete
let requests = 0;
let pause = 0;

list.id = "completions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", box.dataset.list);
announcement.className = "sr";
announcement.setAttribute("role", "status");
box.setAttribute("role", "combobox");
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-expanded", "false");
box.setAttribute("aria-controls", list.id);
box.parentElement.append(list);
box.form.append(announcement);

const selected = () => list.querySelector("[aria-selected=true]");

function select(option) {
  selected()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function open() {
  if (!shown.length) return;
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
}

function close() {
  select(null);
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
}

function show(completions) {
  shown = completions;
  list.replaceChildren(...completions.map((completion, position) => {
    const option = document.createElement("li");
    option.id = `completion-${position}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const text = document.createElement("span");
    text.textContent = completion.text;
    option.append(text);
    if (kinds[completion.kind]) {
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = kinds[completion.kind];
      option.append(" ", kind);
    }
    return option;
  }));
  if (shown.length) open();
  else close();
  announcement.textContent = counts[Math.min(shown.length, counts.length - 1)];
}

async function complete() {
  const request = ++requests;
  const text = box.value.trim().slice(0, 200);
  if (text === typed && shown.length) { open(); return; }
  typed = text;
  if (text.length < 2) { show([]); announcement.textContent = ""; return; }
  try {
    const answer = await fetch(`${box.dataset.complete}?q=${encodeURIComponent(text)}`);
    const { completions } = await answer.json();
    if (request === requests && document.activeElement === box) show(completions ?? []);
  } catch { close(); }
}

// A title opens its release, a value of a filter is chosen; everything else becomes the query.
function take(option) {
  const completion = shown[Array.from(list.children).indexOf(option)];
  if (completion.release) {
    close();
    location.assign(box.dataset.release + encodeURIComponent(completion.release));
    return;
  }
  const name = filters.find((one) => completion[one]);
  if (name) {
    const value = completion[name];
    const boxes = Array.from(box.form.elements).filter((one) => one.name === name);
    const known = boxes.find((one) => one.value === value) ?? document.createElement("input");
    if (!known.name) {
      Object.assign(known, { type: "hidden", name, value });
      box.form.append(known);
    }
    known.checked = true;
    box.value = "";
  } else box.value = completion.text;
  close();
  box.form.requestSubmit();
}

const keys = {
  ArrowDown: (event) => {
    if (list.hidden) { if (shown.length) open(); else complete(); if (event.altKey) return; }
    if (!event.altKey) select(selected()?.nextElementSibling ?? list.firstElementChild);
  },
  ArrowUp: (event) => {
    if (event.altKey) close();
    else { open(); select(selected()?.previousElementSibling ?? list.lastElementChild); }
  },
  Escape: () => { if (list.hidden) box.value = ""; else close(); },
  Enter: () => { if (list.hidden || !selected()) return false; take(selected()); return true; },
  Home: () => { select(null); box.setSelectionRange(0, 0); },
  End: () => { select(null); box.setSelectionRange(box.value.length, box.value.length); },
};

box.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(complete, PAUSE_MS); });
box.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if ((event.key === "Home" || event.key === "End") && list.hidden) return;
  if (act(event) !== false) event.preventDefault();
});
box.addEventListener("blur", () => { clearTimeout(pause); close(); });
list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus in the box
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && event.button === 0) take(option);
});
