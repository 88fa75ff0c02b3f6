// The live stream: one EventSource for the current filters, kept open for as long as anyone can see the page.

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * States: `connecting`, `open`, `reconnecting`, `offline`, `closed`. The browser retries a connection that breaks;
 * one that is refused is retried here with back-off, from the last event seen on. `onGap` says that events may be
 * missing: the stream was lost and is open again, or the server tells of a gap.
 */
export class LiveStream {
  #source = null;
  #params = null;
  #seen = "";
  #state = "connecting";
  #retry = null;
  #attempts = 0;
  #missed = false;

  /** @param {{onItem: function(Object), onState: function(string), onGap: function()}} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    addEventListener("online", () => this.#reopen());
    addEventListener("offline", () => this.#lose("offline"));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.#reopen()));
  }

  /** @param {URLSearchParams} params the filters; a stream that has the same ones goes on */
  open(params) {
    if (String(params) === String(this.#params)) return;
    this.#drop();
    this.#params = params;
    this.#attempts = 0;
    this.#missed = false;
    this.#seen = "";
    this.#connect("connecting");
  }

  close() {
    this.#drop();
    this.#params = null;
    this.#become("closed");
  }

  #connect(state) {
    this.#drop();
    this.#become(state);
    const source = new EventSource(this.#address());
    source.addEventListener("open", () => this.#opened());
    source.addEventListener("command", (event) => this.#received(event));
    source.addEventListener("gap", () => this.handlers.onGap());
    source.addEventListener("error", () => this.#failed(source));
    this.#source = source;
  }

  #address() {
    const params = new URLSearchParams(this.#params);
    if (this.#seen) params.set("after", this.#seen);
    return `/v1/live?${params}`;
  }

  #received({ data, lastEventId }) {
    this.#seen = lastEventId;
    this.handlers.onItem(JSON.parse(data));
  }

  #opened() {
    this.#attempts = 0;
    this.#become("open");
    if (this.#missed) this.handlers.onGap();
    this.#missed = false;
  }

  #failed(source) {
    this.#missed = true;
    this.#become(navigator.onLine ? "reconnecting" : "offline");
    if (source.readyState === EventSource.CLOSED) this.#retryLater();
  }

  #retryLater() {
    this.#drop();
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#attempts, LONGEST_RETRY_MS);
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.#connect("reconnecting"), wait);
  }

  #lose(state) {
    if (!this.#params) return;
    this.#missed = true;
    this.#drop();
    this.#become(state);
  }

  // A hidden tab would hold one of the browser's few connections to this host for nothing.
  #rest() {
    this.#lose("connecting");
  }

  #reopen() {
    if (this.#params && this.#source === null) this.#connect("connecting");
  }

  #drop() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.handlers.onState(state);
  }
}
