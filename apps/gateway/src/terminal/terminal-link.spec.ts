import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Link {
  readonly received: number | null;
  open(ticket: string): void;
  resume(): void;
}
type LinkClass = new (sessionId: string, page: Record<string, (...values: never[]) => unknown>) => Link;

const script = new URL('../../public/terminal/terminal-link.js', import.meta.url).href;
const kib = 1024;

/** The browser's WebSocket, whose server is the test. */
class PageSocket {
  static readonly OPEN = 1;
  static readonly all: PageSocket[] = [];
  readyState = PageSocket.OPEN;
  readonly sent: unknown[] = [];
  onmessage: (event: { data: unknown }) => void = () => undefined;

  constructor(readonly url: URL) {
    PageSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  tell(message: object): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  output(length: number): void {
    this.onmessage({ data: new ArrayBuffer(length) });
  }
}

const attachedAt = (offset: number) => ({ type: 'attached', mode: 'own', token: 'token', offset, end: offset });
const newest = (): PageSocket => {
  const socket = PageSocket.all.at(-1);
  if (!socket) throw new Error('nothing has connected');
  return socket;
};

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', PageSocket);
  vi.stubGlobal('location', { href: 'http://gateway/terminal/x' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  });
});

afterEach(() => {
  PageSocket.all.length = 0;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function aLink() {
  const { TerminalLink } = (await import(script)) as { TerminalLink: LinkClass };
  const unshown: (() => void)[] = [];
  const link = new TerminalLink('session', {
    size: () => ({ columns: 80, rows: 24 }),
    attached: () => undefined,
    output: (_: Uint8Array, done: () => void) => void unshown.push(done),
    gap: () => undefined,
    resized: () => undefined,
    state: () => undefined,
  });
  return { link, show: () => unshown.splice(0).forEach((done) => done()) };
}

describe('the connection of the page', () => {
  it('acknowledges what was shown', async () => {
    const { link, show } = await aLink();
    link.open('ticket');
    newest().tell(attachedAt(100));
    newest().output(40 * kib);
    expect([newest().sent, link.received]).toEqual([[], 100]);
    show();
    expect(newest().sent).toEqual([{ type: 'received', offset: 100 + 40 * kib }]);
  });

  it('does not ask again for what came and is not shown yet', async () => {
    const { link, show } = await aLink();
    link.open('ticket');
    newest().tell(attachedAt(0));
    newest().output(40 * kib);
    link.resume();
    expect(newest().url.searchParams.get('offset')).toBe(String(40 * kib));
    newest().tell(attachedAt(40 * kib));
    show();
    expect(link.received).toBe(40 * kib);
  });

  it('counts what was not shown yet of one terminal for no other', async () => {
    const { link, show } = await aLink();
    link.open('ticket');
    newest().tell(attachedAt(0));
    newest().output(40 * kib);
    link.open('another');
    show();
    newest().tell(attachedAt(1000 * kib));
    newest().output(40 * kib);
    show();
    expect(newest().sent).toEqual([{ type: 'received', offset: 1040 * kib }]);
  });

  it('goes on behind a gap, whatever is not shown yet', async () => {
    const { link, show } = await aLink();
    link.open('ticket');
    newest().tell(attachedAt(0));
    newest().output(10);
    link.resume();
    newest().tell(attachedAt(5000));
    newest().tell({ type: 'gap', offset: 5000 });
    show();
    expect(link.received).toBe(5000);
  });
});
