import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { type CreatedTicket, type Role, terminalProtocol } from '@nalabo/contracts';
import { newId } from '@nalabo/kernel';
import { NatsLink } from '@nalabo/messaging';
import type { RunningService } from '@nalabo/service-host';
import { eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { heldMemory } from '../held-memory.cases.js';
import { TerminalClient } from './terminal-client.cases.js';
import { next, startTerminalExecutor, terminals, TestTerminal } from './terminal-executor.cases.js';

let rig: GatewayRig;
let other: RunningService;
let executor: INestApplication;
let terminal: TestTerminal;
let alice: { key: string; path: string; session: { id: string } };
const clients: TerminalClient[] = [];

beforeAll(async () => {
  rig = await GatewayRig.start();
  executor = await startTerminalExecutor(rig.serviceNatsUrl);
  other = await rig.startReplica();
});

afterAll(async () => {
  await other?.stop();
  await executor?.close();
  await rig?.stop();
});

beforeEach(async () => {
  alice = await rig.aSession();
  next.terminal = terminal = new TestTerminal();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.leave()));
  terminals.clear();
});

async function aTicket(body: object = {}, key = alice.key): Promise<string> {
  const answer = await rig.ask(`${alice.path}/terminal/tickets`, { method: 'POST', key, json: body });
  if (answer.status !== 201) throw new Error(await answer.text());
  return ((await answer.json()) as CreatedTicket).ticket;
}

const address = (gateway = rig.gateway, query = '') => `${gateway.url}${alice.path}/terminal${query}`;

function kept(client: TerminalClient): TerminalClient {
  clients.push(client);
  return client;
}

async function attached(gateway = rig.gateway, query = ''): Promise<TerminalClient> {
  return kept(await TerminalClient.attach(address(gateway, query), `ticket.${await aTicket()}`));
}

async function aKeyOf(role: Role): Promise<string> {
  return (await rig.aKey(role)).key;
}

const refusal = (protocols: string[], headers: Record<string, string> = {}, query = '') =>
  TerminalClient.refused(address(rig.gateway, query), protocols, headers);

describe('a ticket', () => {
  it('of one replica is taken by another, once', async () => {
    const ticket = await aTicket();
    const client = kept(await TerminalClient.attach(address(other), `ticket.${ticket}`));
    expect(client.socket.protocol).toBe(terminalProtocol);
    expect(await client.told('attached')).toMatchObject({ terminalId: terminal.terminalId, mode: 'own', offset: 0 });
    for (const gateway of [rig.gateway, other]) {
      const again = await TerminalClient.refused(address(gateway), [terminalProtocol, `ticket.${ticket}`]);
      expect(again.status).toBe(401);
      expect(JSON.parse(again.body)).toMatchObject({ kind: 'unauthenticated', status: 401 });
    }
  });

  it('is refused when it is expired, of another session, of a revoked key, or made up, and no service is asked', async () => {
    const expired = await aTicket();
    await rig.database.query(`UPDATE terminal_passes SET expires_at = now() - interval '1 second'`);
    const foreign = await aTicket();
    const bob = await rig.aSession();
    const revocable = await rig.aKey('admin');
    const revoked = await aTicket({}, revocable.key);
    await rig.ask(`/api/keys/${revocable.id}`, { method: 'DELETE', key: rig.bootstrapKey });
    const answers = await Promise.all([
      refusal([terminalProtocol, `ticket.${expired}`]),
      TerminalClient.refused(`${rig.gateway.url}${bob.path}/terminal`, [terminalProtocol, `ticket.${foreign}`]),
      refusal([terminalProtocol, `ticket.${revoked}`]),
      refusal([terminalProtocol, `ticket.${'A'.repeat(43)}`]),
      refusal([terminalProtocol, `resume.${foreign}`]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(terminals.size).toBe(0);
  });

  it('is the only way in: not a key, in whatever place, and not from pages of other hosts', async () => {
    const ticket = `ticket.${await aTicket()}`;
    const bearer = { authorization: `Bearer ${alice.key}` };
    expect((await refusal([terminalProtocol], bearer)).status).toBe(401);
    expect((await refusal([terminalProtocol], {}, `?key=${alice.key}`)).status).toBe(400);
    expect((await refusal([terminalProtocol, ticket], {}, `?access_token=${alice.key}`)).status).toBe(400);
    expect((await refusal([terminalProtocol, ticket], { origin: 'https://evil.example' })).status).toBe(403);
    expect((await TerminalClient.refused(`${rig.gateway.url}/elsewhere`, [terminalProtocol, ticket])).status).toBe(404);
    expect(terminals.size).toBe(0);
    kept(await TerminalClient.attach(address(), ticket));
  });

  it('is only for those who may: owners their own session, and watching for instructors', async () => {
    const path = `${alice.path}/terminal/tickets`;
    const ask = async (key: string, json: object) => (await rig.ask(path, { method: 'POST', key, json })).status;
    await attached();
    const { terminalId } = terminal;
    expect(await ask(await aKeyOf('learner'), {})).toBe(404);
    expect(await ask(alice.key, { mode: 'watch', terminalId })).toBe(403);
    expect(await ask(await aKeyOf('instructor'), { mode: 'watch' })).toBe(400);
    expect(await ask(await aKeyOf('instructor'), { mode: 'watch', terminalId: newId() })).toBe(404);
    expect(await ask(await aKeyOf('instructor'), { mode: 'watch', terminalId })).toBe(201);
    expect(await ask('nlb_nothing', {})).toBe(401);
  });

  it('is stored as a hash, and neither it nor a token gets into logs, the audit or messages', async () => {
    const messages: string[] = [];
    const bus = executor.get(NatsLink).current();
    const wiretap = bus.subscribe('nalabo.>', { callback: (_, message) => void messages.push(message.string()) });
    await bus.flush();
    const ticket = await aTicket();
    const client = kept(await TerminalClient.attach(address(), `ticket.${ticket}`));
    const { token } = await client.told('attached');
    kept(await TerminalClient.attach(address(other), `resume.${token}`));
    wiretap.unsubscribe();
    await refusal([terminalProtocol, `ticket.${ticket}`]);
    const audit = await eventually(async () => {
      const { rows } = await rig.database.query('SELECT * FROM request_audit');
      const statuses = rows
        .filter(({ route }) => String(route).endsWith('/terminal'))
        .map(({ status }) => Number(status));
      expect(statuses).toEqual(expect.arrayContaining([101, 401]));
      return JSON.stringify(rows);
    });
    const { rows: passes } = await rig.database.query(`SELECT *, encode(hash, 'escape') AS text FROM terminal_passes`);
    expect(messages.join()).toContain(terminal.terminalId);
    const everything = [audit, JSON.stringify(passes), ...rig.logged, ...messages].join('\n');
    for (const secret of [ticket, token, alice.key]) expect(everything).not.toContain(secret);
  });
});

describe('a connection', () => {
  it('carries every byte both ways', async () => {
    const client = await attached();
    terminal.echoes = true;
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    for (let index = 0; index < 100; index += 1) client.type(bytes);
    const all = Buffer.concat(Array.from({ length: 100 }, () => bytes));
    await eventually(() => expect(client.bytes.equals(all)).toBe(true));
    expect(terminal.typed.equals(all)).toBe(true);
  });

  it('has the size that the address names, and then what the client says', async () => {
    const client = await attached(rig.gateway, '?columns=120&rows=40');
    client.say({ type: 'resize', columns: 100, rows: 30 });
    await eventually(() =>
      expect(terminal.sizes).toEqual([
        { columns: 120, rows: 40 },
        { columns: 100, rows: 30 },
      ]),
    );
  });

  it('takes a large paste as fast as the terminal does, and loses nothing', async () => {
    const client = await attached();
    const paste = Buffer.alloc(3 * 1024 * 1024, 'paste ');
    for (let at = 0; at < paste.length; at += 32_768) client.type(paste.subarray(at, at + 32_768));
    await eventually(() => expect(terminal.typed.equals(paste)).toBe(true), { timeoutMs: 20_000 });
  });

  it('takes a large paste that is echoed, whose acknowledgements come behind it', async () => {
    const client = await attached();
    terminal.echoes = true;
    terminal.waitsForOwner = true;
    const paste = Buffer.alloc(1024 * 1024, 'paste ');
    for (let at = 0; at < paste.length; at += 32_768) client.type(paste.subarray(at, at + 32_768));
    await eventually(() => expect(client.bytes.equals(paste)).toBe(true), { timeoutMs: 20_000 });
  });

  it('is taken up again through the other replica, with what was missed and nothing twice', async () => {
    const first = await attached();
    terminal.print('before ');
    await eventually(() => expect(first.text).toBe('before '));
    const { token } = await first.told('attached');
    const { offset } = first;
    await first.leave();
    await eventually(() => expect(terminal.connected.size).toBe(0));
    terminal.print('meanwhile ');
    const second = kept(await TerminalClient.attach(address(other, `?offset=${offset}`), `resume.${token}`));
    terminal.print('after');
    await eventually(() => expect(second.text).toBe('meanwhile after'));
    expect(await second.told('attached')).toMatchObject({ token, offset, end: offset + 10 });
    expect(terminal.asked.at(-1)).toMatchObject({ actor: { role: 'learner' }, sessionId: alice.session.id });
  });

  it('is told when what it missed is not kept any more', async () => {
    const first = await attached();
    const { token } = await first.told('attached');
    await first.leave();
    terminal.print('forgotten, kept');
    terminal.start = 11;
    const second = kept(await TerminalClient.attach(address(other, '?offset=0'), `resume.${token}`));
    expect(await second.told('gap')).toEqual({ type: 'gap', offset: 11 });
    await eventually(() => expect(second.text).toBe('kept'));
  });

  it('gets frames again that were lost on the way, the last ones too', async () => {
    const client = await attached();
    terminal.print('one ');
    terminal.losses = 1;
    terminal.print('two ');
    terminal.print('three ');
    await eventually(() => expect(client.text).toBe('one two three '));
    terminal.losses = 1;
    terminal.print('four');
    client.type('x');
    await eventually(() => expect(client.text).toBe('one two three four'));
  });

  it('of a watcher writes nothing and changes nothing', async () => {
    const owner = await attached();
    const { terminalId } = terminal;
    const ticket = await aTicket({ mode: 'watch', terminalId }, await aKeyOf('instructor'));
    const watcher = kept(await TerminalClient.attach(address(other), `ticket.${ticket}`));
    watcher.type('rm -rf /workspace\r');
    watcher.say({ type: 'resize', columns: 10, rows: 10 });
    terminal.echoes = true;
    owner.type('ls');
    await eventually(() => expect([owner.text, watcher.text]).toEqual(['ls', 'ls']));
    expect(terminal.typed.toString()).toBe('ls');
    expect(terminal.sizes).toHaveLength(1);
  });

  it.each([
    [{ kind: 'ended', exitCode: 3 } as const, { type: 'ended', exitCode: 3 }, 1000],
    [
      { kind: 'closed', reason: 'session_over' } as const,
      { type: 'closed', reason: 'session_over', detail: null },
      1000,
    ],
    [{ kind: 'closed', reason: 'taken_over' } as const, { type: 'closed', reason: 'taken_over', detail: null }, 1000],
    [{ kind: 'closed', reason: 'lagged' } as const, { type: 'closed', reason: 'lagged', detail: null }, 1013],
  ])('is told why it ends: %j', async (frame, message, code) => {
    const client = await attached();
    terminal.tellAll(frame);
    await eventually(() => expect(client.messages).toContainEqual(message));
    await eventually(() => expect(client.code).toBe(code));
  });

  it('is told in words when its terminal is gone', async () => {
    const first = await attached();
    const { token } = await first.told('attached');
    await first.leave();
    terminals.clear();
    const client = kept(TerminalClient.connect(address(), `resume.${token}`));
    expect(await client.told('closed')).toMatchObject({ reason: 'refused', detail: 'The terminal has ended.' });
  });

  it('ends with the terminal that somebody ends', async () => {
    const client = await attached();
    const path = `${alice.path}/terminals`;
    const list = (await (await rig.ask(path, { key: alice.key })).json()) as { items: unknown[] };
    expect(list.items).toMatchObject([{ terminalId: terminal.terminalId, end: null }]);
    const answer = await rig.ask(`${path}/${terminal.terminalId}`, { method: 'DELETE', key: alice.key });
    expect(await answer.json()).toMatchObject({ end: 'closed' });
    expect(await client.told('closed')).toMatchObject({ reason: 'closed' });
  });

  it('is closed for a frame that is too large, and for a message that is none', async () => {
    const large = await attached();
    large.type(Buffer.alloc(64 * 1024 + 1));
    await eventually(() => expect(large.code).toBe(1009));
    for (const text of ['hello', '{"type":"write"}', '{"type":"resize","columns":0,"rows":1}']) {
      next.terminal = new TestTerminal();
      const client = await attached();
      client.socket.send(text);
      expect(await client.told('closed')).toMatchObject({ reason: 'protocol' });
      await eventually(() => expect(client.code).toBe(1008));
    }
  });

  it('is closed soon after its key was revoked', async () => {
    const key = await rig.aKey('instructor');
    const client = kept(await TerminalClient.attach(address(), `ticket.${await aTicket({}, key.key)}`));
    await rig.ask(`/api/keys/${key.id}`, { method: 'DELETE', key: rig.bootstrapKey });
    expect(await client.told('closed', 5000)).toMatchObject({ reason: 'revoked' });
  });

  it('is not listened to any more once it is closed, though its client types on', async () => {
    const key = await rig.aKey('instructor');
    const client = kept(await TerminalClient.attach(address(), `ticket.${await aTicket({}, key.key)}`));
    client.socket.on('message', (data: Buffer) => {
      if (data.includes('"revoked"')) client.type('rm -rf /workspace\r');
    });
    await rig.ask(`/api/keys/${key.id}`, { method: 'DELETE', key: rig.bootstrapKey });
    await eventually(() => expect(client.code).toBe(1008));
    await eventually(() => expect(terminal.connected.size).toBe(0));
    expect(terminal.typed.toString()).toBe('');
  });

  it('ends with a stop of its gateway, which does not wait for it, and its client may come back', async () => {
    const third = await rig.startReplica();
    const client = await attached(third);
    const { token } = await client.told('attached');
    const started = performance.now();
    await third.stop();
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await client.told('closed')).toMatchObject({ reason: 'restarting' });
    kept(await TerminalClient.attach(address(other, '?offset=0'), `resume.${token}`));
  });
});

describe('a client that does not read', () => {
  it('is sent 256 KiB and no more until it acknowledges', async () => {
    const client = await attached();
    client.acknowledges = false;
    terminal.print(Buffer.alloc(900 * 1024));
    await eventually(() => expect(client.bytes).toHaveLength(256 * 1024));
    client.say({ type: 'received', offset: 256 * 1024 });
    await eventually(() => expect(client.bytes).toHaveLength(512 * 1024));
  });

  it('and acknowledges all the same is closed as lagged', async () => {
    const client = await attached();
    client.acknowledges = false;
    client.socket.pause();
    const { connected } = terminal;
    let offset = 0;
    await eventually(
      () => {
        if (connected.size > 0) terminal.print(Buffer.alloc(256 * 1024));
        client.say({ type: 'received', offset: (offset += 256 * 1024) });
        expect(connected.size).toBe(0);
      },
      { timeoutMs: 30_000 },
    );
    client.socket.resume();
    await eventually(() => expect(client.code).toBeDefined());
  });

  it('costs the gateway a bounded memory, also a hundred times', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const client = await attached();
        client.acknowledges = false;
        (client.socket as unknown as { _socket: Socket })._socket.pause();
      }),
    );
    const output = Buffer.alloc(64 * 1024 * 1024, 'flood ');
    const before = heldMemory();
    for (const one of terminals.values()) one.flood(output);
    const sent = () => [...terminals.values()].flatMap(({ connected }) => [...connected.values()].map((it) => it.sent));
    await eventually(() => expect(sent()).toEqual(Array(100).fill(256 * 1024)));
    // What may be under way, once in each place that it passes: this process is gateway, executor and client in one.
    expect(heldMemory() - before).toBeLessThan(100 * 256 * 1024 * 6);
  });
});

describe('an outage', () => {
  it('of NATS costs a connection nothing when it is short', async () => {
    const client = await attached();
    terminal.echoes = true;
    client.type('before ');
    await eventually(() => expect(client.text).toBe('before '));
    rig.natsWire.cut();
    client.type('meanwhile ');
    terminal.print('unheard ');
    await eventually(async () => expect((await fetch(`${rig.gateway.url}/health/ready`)).status).toBe(503));
    rig.natsWire.mend();
    client.type('after');
    await eventually(() => expect(terminal.typed.toString()).toBe('before meanwhile after'), { timeoutMs: 15_000 });
    await eventually(() => expect(client.text).toBe(terminal.output.toString()));
    expect(client.code).toBeUndefined();
  });

  it('of the executor is told within seconds, and is no reason to hang', async () => {
    const client = await attached();
    const { token } = await client.told('attached');
    await executor.close();
    client.type('x');
    expect(await client.told('closed', 20_000)).toMatchObject({ reason: 'lost' });
    await eventually(() => expect(client.code).toBe(1013));
    const again = kept(TerminalClient.connect(address(), `resume.${token}`));
    expect(await again.told('closed')).toMatchObject({ reason: 'lost' });
    executor = await startTerminalExecutor(rig.serviceNatsUrl);
  });
});

it('leaves alone what asks for another upgrade than a WebSocket', async () => {
  const { hostname, port } = new URL(rig.gateway.url);
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
  const request = httpRequest({ hostname, port, path: '/health/live', headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
});

describe('the page', () => {
  it('comes without credentials, under a strict policy, and loads only from the gateway', async () => {
    const page = await fetch(`${rig.gateway.url}/terminal/${alice.session.id}`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(html).not.toMatch(/<script(?![^>]*src=)|\son\w+=|https?:\/\//);
    const files = [...html.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(3);
    for (const file of [...files, 'assets/xterm.js', 'assets/addon-fit.js', 'assets/terminal-link.js']) {
      const asset = await fetch(`${rig.gateway.url}/terminal/${file}`);
      expect([file, asset.status, asset.headers.get('x-content-type-options')]).toEqual([file, 200, 'nosniff']);
    }
    expect((await fetch(`${rig.gateway.url}/terminal/assets/..%2f..%2fpackage.json`)).status).toBe(404);
  });

  it('may be framed by whom the operator names', async () => {
    const framed = await rig.startReplica({ NALABO_TERMINAL_FRAME_ANCESTORS: 'https://portal.example' });
    const page = await fetch(`${framed.url}/terminal/${alice.session.id}`);
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors https://portal.example');
    await framed.stop();
  });
});
