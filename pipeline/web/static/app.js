// Small comforts; every page works without them.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.replace(/\s+/g, " ").trim();
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  });
}

// "/" goes to the search box, as in many sites, unless something is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.getElementById("q") || document.getElementById("masthead-q");
  if (!box) return;
  event.preventDefault();
  box.focus();
});

// On a narrow screen the filters start folded, so that results come first.
if (window.matchMedia("(max-width: 52rem)").matches) {
  for (const fold of document.querySelectorAll("details.filters-fold")) fold.open = false;
}
