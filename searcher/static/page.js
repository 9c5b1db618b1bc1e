// Small comforts: find an institution in the folded list, search all words of a new query, copy a citation. The page works without them.
"use strict";

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

for (const more of document.querySelectorAll("details[data-within]")) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "within";
  field.placeholder = more.dataset.within;
  field.setAttribute("aria-label", more.dataset.within);
  more.firstElementChild.after(field);
  field.addEventListener("input", () => {
    const wanted = folded(field.value.trim());
    for (const label of more.querySelectorAll("label")) {
      label.hidden = !folded(label.textContent).includes(wanted) && !label.querySelector(":checked");
    }
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

// Words that were taken away belong to the query they were taken from: filters keep them, another query does not.
const query = document.getElementById("q");
query?.form.addEventListener("submit", () => {
  for (const word of query.form.querySelectorAll("[type=hidden][name=without]")) {
    word.disabled = query.value.trim() !== query.defaultValue.trim();
  }
});

for (const citation of document.querySelectorAll("[data-copied]")) {
  if (!navigator.clipboard) continue; // only over TLS and on loopback
  const [text, button] = citation.children;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = citation.dataset.copied;
  });
  citation.classList.add("copies");
}
