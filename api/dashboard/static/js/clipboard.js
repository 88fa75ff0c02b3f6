// Copying text, also where the page is not served over a secure address and the browser withholds its clipboard.

import { element } from "./element.js";

/** What to say where the browser keeps its clipboard to itself. */
export const REFUSED = "The browser refused to copy; select the text and copy it by hand";

/** @returns {Promise<boolean>} whether the text is on the clipboard */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return copied;
}

/**
 * A button that copies and says so on itself.
 * @param {string} label @param {function(): string} textOf @param {function(string)} announce tells it to screen readers
 */
export function copyButton(label, textOf, announce, { name = null, shortcut = null } = {}) {
  const button = element("button", { type: "button", class: "button small", "aria-label": name, "aria-keyshortcuts": shortcut }, label);
  button.addEventListener("click", async () => {
    const copied = await copyText(textOf());
    button.textContent = copied ? "Copied" : "Not allowed";
    announce(copied ? `${name ?? label}: done` : REFUSED);
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}
