// What Datasette's own pages do in scripts within the page, from a file, so that no page of the site needs such scripts.
"use strict";

const allowFacet = document.querySelector('meta[name="datasette-allow-facet"]');
window.DATASETTE_ALLOW_FACET = allowFacet !== null && allowFacet.content === "true";

// A click elsewhere closes open menus.
document.addEventListener("click", (event) => {
  const within = event.target.closest("details");
  for (const menu of document.querySelectorAll("details.nav-menu[open], details.actions-menu-links[open]")) {
    if (menu !== within) menu.open = false;
  }
});

window.addEventListener("load", () => {
  const format = document.querySelector("button#sql-format");
  const shown = document.querySelector("pre#sql-query");
  const typed = document.querySelector("textarea#sql-editor");
  if (typed && window.CodeMirror) {
    const editor = window.CodeMirror.fromTextArea(typed, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
    editor.setOption("extraKeys", { "Shift-Enter": () => typed.form.submit(), Tab: false });
    editor.getInputField().setAttribute("aria-label", "SQL");
    if (window.cmResize) window.cmResize(editor, { resizableWidth: false });
    if (format && window.sqlFormatter) {
      format.hidden = false;
      format.addEventListener("click", () => editor.setValue(window.sqlFormatter.format(editor.getValue())));
    }
  } else if (shown && format && window.sqlFormatter) {
    const formatted = window.sqlFormatter.format(shown.textContent);
    if (formatted !== shown.textContent) {
      format.hidden = false;
      format.addEventListener("click", () => { shown.textContent = formatted; });
    }
  }
});
