// DOM elements from data. Text only ever becomes text nodes, so no value can turn into markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Object<string, *>} attributes `on*` functions become listeners; null, undefined and false leave one out
 * @param {...(Node|string|number|null|undefined)} children
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined).map(asNode));
  return node;
}

/** A 16 by 16 drawing in the text's colour; `paths` are the `d` of its strokes or fills. */
export function icon({ fill = [], stroke = [] }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const d of fill) svg.append(path({ d, "fill-rule": "evenodd" }));
  for (const d of stroke) svg.append(path({ d, ...STROKE }));
  return svg;
}

const STROKE = { fill: "none", stroke: "currentColor", "stroke-width": "1.7", "stroke-linecap": "round", "stroke-linejoin": "round" };

function path(attributes) {
  const node = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}
