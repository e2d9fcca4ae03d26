// Light and dark: the system's choice until the button says otherwise, and the system's again once both agree.

import { icon, setAttribute } from "./dom.js";

const KEY = "veritap-theme";
const BAR_COLOURS = { light: "#ffffff", dark: "#1b1d24" };

const root = document.documentElement;
const button = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");

const systemTheme = () => (system.matches ? "dark" : "light");
const shownTheme = () => root.dataset.theme ?? systemTheme();

export function startTheme() {
  button.addEventListener("click", turn);
  system.addEventListener("change", show);
  show();
}

function turn() {
  const wanted = shownTheme() === "dark" ? "light" : "dark";
  const chosen = wanted === systemTheme() ? null : wanted;
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  try {
    if (chosen) localStorage.setItem(KEY, chosen);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
  show();
}

function show() {
  const theme = shownTheme();
  button.replaceChildren(icon(theme === "dark" ? "sun" : "moon"));
  setAttribute(button, "aria-label", theme === "dark" ? "Switch to the light theme" : "Switch to the dark theme");
  document.querySelector("meta[name=theme-color]").content = BAR_COLOURS[theme];
}
