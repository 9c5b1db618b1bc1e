// Autocomplete for the search box. The page works without it.
// Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-autocomplete-list/
"use strict";

const box = document.getElementById("q");
const list = document.createElement("ul");
const announcement = document.createElement("p");
let requests = 0;

list.id = "completions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", box.labels[0].textContent);
announcement.className = "sr";
announcement.setAttribute("role", "status");
box.setAttribute("role", "combobox");
box.setAttribute("aria-autocomplete", "list");
box.setAttribute("aria-expanded", "false");
box.setAttribute("aria-controls", list.id);
box.after(list, announcement);

const selected = () => list.querySelector("[aria-selected=true]");

function close() {
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function choose(option) {
  selected()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
}

function take(option) {
  box.value = option.textContent;
  close();
  box.form.requestSubmit();
}

function show(completions) {
  list.replaceChildren(...completions.map((completion, position) => {
    const option = document.createElement("li");
    option.id = `completion-${position}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = completion.text;
    option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
    return option;
  }));
  list.hidden = completions.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
  announcement.textContent = completions.length ? `${completions.length}` : "";
}

box.addEventListener("input", async () => {
  const request = ++requests;
  const typed = box.value.trim();
  if (typed.length < 2) { close(); return; }
  try {
    const answer = await fetch(`/api/v1/complete?q=${encodeURIComponent(typed.slice(0, 200))}`);
    const { completions } = await answer.json();
    if (request === requests && document.activeElement === box) show(completions);
  } catch { close(); }
});

box.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown") choose(selected() ? selected().nextElementSibling : list.firstElementChild);
  else if (event.key === "ArrowUp") choose(selected() ? selected().previousElementSibling : list.lastElementChild);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && selected()) take(selected());
  else return;
  event.preventDefault();
});

box.addEventListener("blur", close);
