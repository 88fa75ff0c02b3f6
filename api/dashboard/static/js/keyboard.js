// Single keys, for as long as nobody is typing and no dialog is open.

const TYPING = "input:not([type=checkbox]), select, textarea, [contenteditable]";

/**
 * @param {Object<string, function(KeyboardEvent): (boolean|void)>} keys by `KeyboardEvent.key`; a handler that returns
 *        false leaves the key to the browser
 */
export function bindKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.matches(TYPING);
    if (typing && event.key !== "Escape") return;
    const handler = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (handler && handler(event) !== false) event.preventDefault();
  });
}
