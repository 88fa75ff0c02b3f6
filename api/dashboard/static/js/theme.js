// Dark or light: the system's choice until a person makes one, which is remembered.

const KEY = "netcopilot.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

apply(stored());
dark.addEventListener("change", announce);

function currentTheme() {
  return stored() ?? (dark.matches ? "dark" : "light");
}

export function toggleTheme() {
  const next = currentTheme() === "dark" ? "light" : "dark";
  remember(next);
  apply(next);
  announce();
}

/** Calls `listener` whenever colours have changed. */
export function onThemeChange(listener) {
  document.addEventListener("themechange", listener);
}

function apply(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function announce() {
  document.dispatchEvent(new CustomEvent("themechange"));
}

function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "dark" || theme === "light" ? theme : null;
  } catch {
    return null;
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
