// The REST API, and what it has told.

const base = new URL('../api/v1/', document.baseURI);
const keptDecisions = 1000;
const readTimeout = 10_000;
const runTimeout = 300_000;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status; // 0: no answer
  }
}

export class Daemon {
  status = null;
  decisions = []; // oldest first
  clockOffset = 0; // what to add to our clock to have that of the daemon, in milliseconds
  #token = ''; // nowhere else

  useToken(token) {
    this.#token = token;
  }

  /** Why whoever looks may not do what needs this rule of `apiConfig.allow`. */
  whyNot(rule) {
    return this.status.may.whyNot ?? `apiConfig.allow.${rule}`;
  }

  now() {
    return (Date.now() + this.clockOffset) / 1000;
  }

  /** Asks what is new. Throws ApiError. */
  async refresh() {
    const status = await this.#call('GET', 'status');
    const restarted = this.status && this.status.startedAt !== status.startedAt;
    if (restarted) this.decisions = [];
    const newest = this.decisions.at(-1)?.id ?? 0;
    if (status.lastDecision > newest) {
      const fresh = await this.#call('GET', `decisions?since=${newest}&limit=${keptDecisions}`);
      this.decisions = [...this.decisions, ...fresh].slice(-keptDecisions);
    }
    this.clockOffset = Date.parse(status.now) - Date.now();
    this.status = status;
  }

  /** The decision record of a dry run, or of a real cycle; also of one that failed. Throws ApiError. */
  async evaluate(dryRun) {
    const query = dryRun ? '?dry_run=true&explain=true' : '?explain=true';
    const answer = await this.#call('POST', `evaluation${query}`, undefined, runTimeout);
    return answer.decision;
  }

  async setMode(mode) {
    await this.#call('PUT', 'mode', { mode });
  }

  async setOverride(override) {
    await this.#call('PUT', 'override', override);
  }

  async endOverride() {
    await this.#call('DELETE', 'override');
  }

  async #call(method, path, body, timeout = readTimeout) {
    const response = await this.#fetch(method, path, body, timeout);
    const answer = await response.json().catch(() => ({}));
    if (response.ok || answer.decision) return answer;
    throw new ApiError(response.status, answer.message ?? `HTTP status ${response.status}`);
  }

  async #fetch(method, path, body, timeout) {
    const headers = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    try {
      return await fetch(new URL(path, base), {
        method, headers, body: body && JSON.stringify(body), cache: 'no-store',
        signal: AbortSignal.timeout(timeout),
      });
    } catch (error) {
      throw new ApiError(0, error.name === 'TimeoutError' ? 'it does not answer in time' : 'it cannot be reached');
    }
  }
}
