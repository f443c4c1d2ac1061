/** The page's connection to its terminal: lets itself in, counts the output, and comes back when it is cut off. */

const protocol = 'nalabo.terminal.v1';
const largestInput = 32 * 1024;
const acknowledgeBytes = 32 * 1024;
const firstDelay = 500;
const longestDelay = 8000;
/** From the first try to the terminal's first word. */
const longestConnecting = 15_000;
/** A gateway that works and lets nobody in does so because of the ticket or the token. */
const refusalsBelieved = 2;

/** After these the terminal is still there, and the connection is worth another try. */
const worthReturning = new Set(['lost', 'lagged', 'restarting']);

export class TerminalLink {
  /**
   * @param {string} sessionId
   * @param {{
   *   size: () => { columns: number, rows: number },
   *   attached: (message: { mode: string, end: number, columns: number, rows: number }) => void,
   *   output: (bytes: Uint8Array, done: () => void) => void,
   *   gap: () => void,
   *   resized: (size: { columns: number, rows: number }) => void,
   *   state: (state: { name: string, seconds?: number, exitCode?: number | null, detail?: string | null }) => void,
   * }} page what the page does with what comes
   */
  constructor(sessionId, page) {
    this.address = `/api/workshops/sessions/${encodeURIComponent(sessionId)}/terminal`;
    this.key = `nalabo.terminal.${sessionId}`;
    this.page = page;
    this.socket = undefined;
    this.timer = undefined;
    this.deadline = undefined;
    /** Bytes that the page has and has not shown yet, over all connections. */
    this.pending = 0;
    this.forget();
    addEventListener('online', () => this.timer !== undefined && this.resume());
  }

  get hasToken() {
    return sessionStorage.getItem(this.key) !== null;
  }

  /** The output that was shown, in bytes since the terminal began; null before there was any. */
  get received() {
    return this.taken === null ? null : this.taken - this.pending;
  }

  open(ticket) {
    this.forget();
    this.connect(`ticket.${ticket}`);
  }

  /** Goes on with the terminal that this tab had before. */
  resume() {
    this.connect(`resume.${sessionStorage.getItem(this.key)}`);
  }

  type(bytes) {
    if (!this.isAttached) return;
    for (let at = 0; at < bytes.length; at += largestInput) this.socket.send(bytes.subarray(at, at + largestInput));
  }

  resize({ columns, rows }) {
    if (this.isAttached) this.socket.send(JSON.stringify({ type: 'resize', columns, rows }));
  }

  forget() {
    /** The offset of the next byte to come; null before there was any. */
    this.taken = null;
    this.failures = 0;
    this.refusals = 0;
    this.isAttached = false;
  }

  connect(pass) {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.leave();
    this.page.state({ name: 'connecting' });
    const url = new URL(this.address, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const { columns, rows } = this.page.size();
    // What the page has and has not shown yet is still shown: it must not come again.
    const known = this.taken === null ? {} : { offset: this.taken };
    url.search = new URLSearchParams({ columns, rows, ...known }).toString();
    const socket = new WebSocket(url, [protocol, pass]);
    const isCurrent = () => this.socket === socket;
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.wasOpen = false;
    this.closed = undefined;
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => isCurrent() && !this.isAttached && socket.close(), longestConnecting);
    socket.onopen = () => isCurrent() && (this.wasOpen = true);
    socket.onmessage = ({ data }) => {
      if (!isCurrent()) return;
      if (typeof data === 'string') this.hear(JSON.parse(data));
      else this.show(new Uint8Array(data));
    };
    socket.onclose = () => isCurrent() && void this.lose(pass);
  }

  /** What the connection before still says is of no interest. */
  leave() {
    const { socket } = this;
    this.socket = undefined;
    this.isAttached = false;
    socket?.close();
  }

  hear(message) {
    if (message.type === 'attached') this.welcome(message);
    else if (message.type === 'gap') this.skip(message.offset);
    else if (message.type === 'resize') this.page.resized(message);
    else if (message.type === 'ended') this.closed = { name: 'exited', exitCode: message.exitCode };
    else if (message.type === 'closed') this.closed ??= { name: message.reason, detail: message.detail };
  }

  welcome(message) {
    sessionStorage.setItem(this.key, message.token);
    this.taken ??= message.offset;
    this.acknowledged = message.offset;
    this.failures = 0;
    this.refusals = 0;
    this.isAttached = true;
    this.page.attached(message);
    this.page.state({ name: message.mode === 'own' ? 'open' : 'watching' });
  }

  skip(offset) {
    this.taken = offset;
    this.page.gap();
  }

  show(bytes) {
    const { socket } = this;
    this.taken += bytes.length;
    this.pending += bytes.length;
    this.page.output(bytes, () => {
      this.pending -= bytes.length;
      if (this.socket !== socket || socket.readyState !== WebSocket.OPEN) return;
      const offset = this.received;
      if (offset - this.acknowledged < acknowledgeBytes) return;
      this.acknowledged = offset;
      socket.send(JSON.stringify({ type: 'received', offset }));
    });
  }

  async lose(pass) {
    const { closed, wasOpen } = this;
    this.isAttached = false;
    if (closed && !worthReturning.has(closed.name)) return this.finish(closed);
    if (!wasOpen && (await this.isRefused())) return this.finish({ name: 'unknown' });
    // A ticket that did not lead to a terminal is spent.
    if (!this.hasToken) return this.finish(pass.startsWith('ticket.') ? { name: 'unknown' } : { name: 'lost' });
    const milliseconds = Math.min(longestDelay, firstDelay * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.page.state({ name: 'waiting', seconds: Math.ceil(milliseconds / 1000) });
    this.timer = setTimeout(() => this.resume(), milliseconds);
  }

  /** A browser does not tell why it could not connect: whether the gateway is well tells. */
  async isRefused() {
    const isReady = await fetch('/health/ready').then(
      ({ ok }) => ok,
      () => false,
    );
    this.refusals = isReady ? this.refusals + 1 : 0;
    return this.refusals >= refusalsBelieved;
  }

  finish(state) {
    if (state.name !== 'taken_over') sessionStorage.removeItem(this.key);
    this.page.state(state);
  }
}
