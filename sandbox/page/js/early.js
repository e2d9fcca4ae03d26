// Runs before the first paint: a theme that was chosen by hand is put in place, so that the page never flashes in the other one.
"use strict";
try {
  const chosen = localStorage.getItem("veritap-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be refused; the theme of the system is a fine answer then.
}
