// The address after `#`: which command is open and what the list shows. Every view is a link.

import { formatQuery, parseQuery } from "./query.js";

const COMMAND = /^\/commands\/([^/?]+)$/;

/** @returns {{eventId: string|null, query: import("./query.js").Query}} */
export function parseRoute(hash) {
  const [path, search = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const match = COMMAND.exec(path);
  return Object.freeze({ eventId: match ? decode(match[1]) : null, query: parseQuery(search) });
}

export function formatRoute({ eventId, query }) {
  const path = eventId ? `#/commands/${encodeURIComponent(eventId)}` : "#/";
  const search = formatQuery(query);
  return search ? `${path}?${search}` : path;
}

/** The address to hand to others: the command without the list around it. */
export function permalink(eventId) {
  return `${location.origin}${location.pathname}#/commands/${encodeURIComponent(eventId)}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
