// The HTTP API, as far as the page uses it.

const TIMEOUT_MS = 20_000;

/** A request that failed; `message` says what to do about it, `requestId` finds it in the logs. */
class ApiError extends Error {
  constructor(message, { code = "", status = 0, requestId = "" } = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.requestId = requestId;
  }
}

/** @param {URLSearchParams} params */
export function listCommands(params, signal) {
  return get(`/v1/commands?${params}`, signal);
}

export function getCommand(eventId, signal) {
  return get(`/v1/commands/${encodeURIComponent(eventId)}`, signal);
}

export function getExplanation(eventId, signal) {
  return get(`/v1/commands/${encodeURIComponent(eventId)}/explanation`, signal);
}

/** What people typed next after an execution like this one. */
export function listSuggestions(eventId, limit, signal) {
  return get(`/v1/suggestions?${new URLSearchParams({ event_id: eventId, limit: String(limit) })}`, signal);
}

/** @param {{os_type: string, command: string, output: string, exit_code: number|null}} output */
export function analyze(output, signal) {
  return ask("/v1/analyze", { method: "POST", body: JSON.stringify(output), headers: { "Content-Type": "application/json" } }, signal);
}

export function getTimeseries(params, signal) {
  return get(`/v1/stats/timeseries?${params}`, signal);
}

export function listDevices(signal) {
  return get("/v1/devices?limit=500", signal);
}

export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

function get(path, signal) {
  return ask(path, {}, signal);
}

async function ask(path, request, signal) {
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  const response = await reach(path, { ...request, signal: AbortSignal.any(signals) });
  if (!response.ok) throw await refusal(response);
  try {
    return await response.json();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("The answer is not JSON. Is something else listening on this address?", { status: response.status });
  }
}

async function reach(path, request) {
  try {
    return await fetch(path, { ...request, headers: { Accept: "application/json", ...request.headers } });
  } catch (error) {
    if (isAbort(error)) throw error;
    if (error.name === "TimeoutError") throw new ApiError("No answer within 20 s. Try a shorter time range.");
    throw new ApiError("The API cannot be reached. Is netcopilot running?");
  }
}

async function refusal(response) {
  const fallback = `The API answered ${response.status}.`;
  try {
    const { error } = await response.json();
    return new ApiError(error.message || fallback, { code: error.code, status: response.status, requestId: error.request_id });
  } catch {
    return new ApiError(fallback, { status: response.status });
  }
}
