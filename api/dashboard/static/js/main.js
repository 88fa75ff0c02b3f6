// Joins the parts: the address decides what is shown, the parts change the address.

import { Bench } from "./bench.js";
import { Chart } from "./chart.js";
import { Connection } from "./connection.js";
import { Detail } from "./detail.js";
import { Filters } from "./filters.js";
import { Fleet } from "./fleet.js";
import { Inbox } from "./inbox.js";
import { bindKeys } from "./keyboard.js";
import { CommandList } from "./list.js";
import { LiveStream } from "./live.js";
import { Overview } from "./overview.js";
import { isLive, liveParams, looksIntoOutput, matches, parseQuery, sameQuery } from "./query.js";
import { formatRoute, parseRoute } from "./route.js";
import { toggleTheme } from "./theme.js";
import { Totals } from "./totals.js";

const TICK_MS = 1000;
const LOOK_AGAIN_MS = 5000;
const $ = (id) => document.getElementById(id);

let route = null;
let lookingAgain = null;

const filters = new Filters({
  form: $("filters"), toggle: $("filters-toggle"), more: $("filters-more"), count: $("filters-count"), chips: $("chips"),
  onChange: ask, onRefine: refine,
});
const chart = new Chart({
  plot: $("chart-plot"), tip: $("chart-tip"), legend: $("chart-legend"),
  onRange: (from, to) => ask({ ...route.query, since: isoOf(from), until: isoOf(to) }),
});
const totals = new Totals($("totals"), toggleVerdict);
const overview = new Overview({ chart, totals, note: $("chart-note"), by: $("chart-by") });
const fleet = new Fleet({
  list: $("fleet-list"), note: $("fleet-note"), fold: $("fleet-fold"),
  onChoose: (device) => ask({ ...route.query, device }),
  onDevices: suggestDevices,
});
const list = new CommandList({
  list: $("list"), end: $("list-end"), scroller: $("scroller"),
  hrefOf: (eventId) => formatRoute({ eventId, query: route.query }),
  onCount: (number, more) => say($("commands-count"), number ? `${number}${more ? "+" : ""} shown, newest first` : ""),
  onWiden: (since) => ask({ ...route.query, since, until: "" }),
  onClear: () => ask({ ...parseQuery(""), since: route.query.since, until: route.query.until }),
});
const detail = new Detail({
  root: $("detail"), onClose: closeDetail, onMove: moveAndOpen,
  onFilter: (name, value) => ask({ ...route.query, [name]: value }),
  announce,
});
const bench = new Bench({ dialog: $("bench"), form: $("bench-form"), run: $("bench-run"), answer: $("bench-answer"), announce });
const connection = new Connection({
  root: $("connection"), text: $("connection-text"), rate: $("rate"), pause: $("pause"), pauseText: $("pause-text"), fresh: $("fresh"),
});
const inbox = new Inbox({
  mayShow: () => list.atTop && !document.hidden,
  onShow: (items) => list.add(items, { live: true }),
  onHeld: (number, more) => connection.held(number, more),
  onOverflow: () => list.load(route.query),
});
const live = new LiveStream({
  onItem: receive,
  onState: (state) => connection.become(state),
  onGap: () => inbox.paused || list.catchUp(),
});

function receive(item) {
  if (matches(route.query, item)) inbox.receive(item);
  else if (looksIntoOutput(route.query)) lookAgain();
}

// Only the history can search outputs: let it, now and then, while events come in.
function lookAgain() {
  lookingAgain ??= setTimeout(() => {
    lookingAgain = null;
    if (!inbox.paused) list.catchUp();
  }, LOOK_AGAIN_MS);
}

function ask(query) {
  location.hash = formatRoute({ eventId: route.eventId, query });
}

// Typing must not fill the browser's history.
function refine(query) {
  location.replace(formatRoute({ eventId: route.eventId, query }));
}

function follow() {
  const next = parseRoute(location.hash);
  const asksAnew = !route || !sameQuery(route.query, next.query);
  const opensAnew = !route || route.eventId !== next.eventId;
  route = next;
  if (asksAnew) showQuery(next.query);
  if (opensAnew) showCommand(next.eventId);
}

async function showQuery(query) {
  filters.show(query);
  totals.press(query.verdict);
  fleet.choose(query.device);
  inbox.clear();
  inbox.resetRate();
  overview.load(query);
  if (isLive(query)) live.open(liveParams(query));
  else live.close();
  $("pause").disabled = !isLive(query);
  await list.load(query);
  list.markOpen(route.eventId);
}

function showCommand(eventId) {
  const wasOpen = detail.eventId;
  document.body.classList.toggle("with-detail", Boolean(eventId));
  list.markOpen(eventId);
  if (eventId) {
    detail.open(eventId);
    return;
  }
  detail.close();
  document.title = "netcopilot";
  if (wasOpen) list.focus();
}

function closeDetail() {
  location.hash = formatRoute({ eventId: null, query: route.query });
}

function moveAndOpen(by) {
  const eventId = list.move(by);
  if (eventId) location.replace(formatRoute({ eventId, query: route.query }));
}

function move(by) {
  if (route.eventId) moveAndOpen(by);
  else if (document.activeElement?.closest("#list")) list.move(by) && list.focus();
  else list.focus();
}

function arrow(by) {
  if (!document.activeElement?.closest("#list")) return false;
  return move(by);
}

function escape(event) {
  if (event.target.matches("input, select")) event.target.blur();
  else if (route.eventId) closeDetail();
  else return false;
  return true;
}

function toggleVerdict(verdict) {
  const chosen = route.query.verdict;
  ask({ ...route.query, verdict: chosen.includes(verdict) ? chosen.filter((one) => one !== verdict) : [...chosen, verdict] });
}

function togglePause() {
  if ($("pause").disabled) return;
  const paused = !inbox.paused;
  connection.pause(paused);
  inbox.pause(paused);
  if (!paused) list.catchUp();
}

function showFresh() {
  list.scrollToTop();
  inbox.release();
  list.focus();
}

function suggestDevices(devices) {
  filters.suggest("known-devices", devices.map(({ device_id: id }) => id));
  filters.suggest("known-os-types", [...new Set(devices.map(({ os_type: osType }) => osType).filter(Boolean))].toSorted());
}

function announce(text) {
  say($("announcement"), text);
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function isoOf(seconds) {
  return new Date(Math.round(seconds) * 1000).toISOString();
}

$("pause").addEventListener("click", togglePause);
$("theme").addEventListener("click", toggleTheme);
$("bench-open").addEventListener("click", () => bench.open());
$("bench-close").addEventListener("click", () => bench.close());
$("help-open").addEventListener("click", () => $("help").showModal());
$("fresh").addEventListener("click", showFresh);
$("scroller").addEventListener("scroll", () => !inbox.paused && list.atTop && inbox.release(), { passive: true });
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  list.focus() || $("commands-title").focus();
});

bindKeys({
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => arrow(1),
  ArrowUp: () => arrow(-1),
  Escape: escape,
  "/": () => filters.focusSearch(),
  f: () => filters.toggle(),
  n: () => detail.step(1),
  N: () => detail.step(-1),
  c: () => detail.copyOutput(),
  a: () => bench.open(),
  p: togglePause,
  ".": showFresh,
  t: toggleTheme,
  "?": () => $("help").showModal(),
});

addEventListener("hashchange", follow);
setInterval(() => connection.rate(inbox.rate()), TICK_MS);
fleet.refresh();
follow();
