import { findChromium } from '@nalabo/setup';
import type { ApiClient } from '@nalabo/start';
import { eventually, SwitchableProxy } from '@nalabo/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import { launchBrowser, TerminalPage } from './terminal-browser.js';

const patience = { timeoutMs: 30_000, intervalMs: 100 };
const browserPath = await findChromium();

async function aTicket(api: ApiClient, id: string, body: object = {}): Promise<string> {
  const answer = await api.send({ method: 'POST', path: `/api/workshops/sessions/${id}/terminal/tickets`, body });
  expect(answer.status).toBe(201);
  return (answer.body as { ticket: string }).ticket;
}

async function openTerminals(api: ApiClient, id: string): Promise<{ terminalId: string }[]> {
  const { body } = await api.send({ method: 'GET', path: `/api/workshops/sessions/${id}/terminals` });
  return (body as { items: { terminalId: string }[] }).items;
}

/** Which processes of a shell there are in the workbench. */
async function shellsIn(api: ApiClient, id: string): Promise<number> {
  const { stdout } = await api.execute(id, { command: 'pgrep -xc bash || true' });
  return Number(stdout.trim());
}

if (browserPath === undefined) {
  describe('a terminal in a browser', () => {
    it.skip('is not tested: there is no chromium');
  });
} else {
  await describeJourney('a terminal in a browser', (current) => {
    let browser: Browser;
    let proxy: SwitchableProxy;
    let alice: ApiClient;

    beforeAll(async () => {
      const { hostname: host, port } = new URL(current().url);
      proxy = new SwitchableProxy({ host, port: Number(port) });
      browser = await launchBrowser();
      alice = await current().clientOf('alice');
    });

    beforeEach(() => proxy.open());

    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await proxy.shut();
    });

    afterAll(async () => {
      await browser?.close();
    });

    const aSession = () => alice.createSession({ workshopId: 'linux-basics', duration: 10 }, 60);
    const address = (id: string, ticket: string) => `http://127.0.0.1:${proxy.port}/terminal/${id}#ticket=${ticket}`;

    it('shows what is typed, follows its window, survives a cut and a reload, and ends with the session', async () => {
      const { id } = await aSession();
      const terminal = await TerminalPage.open(browser, address(id, await aTicket(alice, id)));
      await terminal.says('Connected.');
      expect(await terminal.page.evaluate('location.href + history.length')).not.toContain('ticket');

      await terminal.type('echo hello-$((40 + 2)) "$TERM" "$PWD"; id -un');
      await terminal.shows('hello-42 xterm-256color /workspace');
      await terminal.shows('learner');

      await terminal.type('stty size');
      const before = await terminal.shows(/^\d+ \d+$/);
      await terminal.page.setViewportSize({ width: 1200, height: 420 });
      const after = await eventually(async () => {
        await terminal.type('clear; stty size');
        const size = await terminal.shows(/^\d+ \d+$/);
        expect(size).not.toBe(before);
        return size;
      }, patience);
      const [rows = 0, columns = 0] = after.split(' ').map(Number);
      expect(await terminal.page.locator('.xterm-rows > div').count()).toBe(rows);
      expect(columns).toBeGreaterThan(Number(before.split(' ')[1]));

      await terminal.type('clear; (sleep 5; echo missed-$((1 + 1)); touch done) &');
      await terminal.shows(/^\[1\] \d+$/);
      await proxy.shut();
      await terminal.says(/^The connection is lost\. Trying again in \d+ s\.$/);
      await eventually(async () => {
        expect(await alice.execute(id, { command: 'test -e done' })).toMatchObject({ exitCode: 0 });
      }, patience);
      await proxy.open();
      await terminal.says('Connected.', 40_000);
      await terminal.shows(/missed-2$/);
      expect((await terminal.lines()).join('\n').match(/missed-2/g)).toHaveLength(1);
      await terminal.type('echo still-$((2 + 1))');
      await terminal.shows('still-3');

      await terminal.page.reload();
      await terminal.says('Connected.');
      await terminal.shows('still-3');
      expect(await openTerminals(alice, id)).toHaveLength(1);

      await alice.endSession(id);
      await terminal.says('The session is over.');
      expect(terminal.complaints).toEqual([]);
    });

    it('is for one: whoever opens it again takes it over, and an instructor watches without typing', async () => {
      const { id } = await aSession();
      const first = await TerminalPage.open(browser, address(id, await aTicket(alice, id)));
      await first.says('Connected.');
      const [open] = await openTerminals(alice, id);
      const terminalId = open?.terminalId ?? '';

      const instructor = await current().clientOf('ines', 'instructor');
      const ticket = await aTicket(instructor, id, { mode: 'watch', terminalId });
      const watcher = await TerminalPage.open(browser, address(id, ticket));
      await watcher.says('Watching, read only.');
      await watcher.type('echo never');
      await first.type('echo shown-$((3 + 4))');
      await watcher.shows('shown-7');
      expect((await first.lines()).join('\n')).not.toContain('never');

      const second = await TerminalPage.open(browser, address(id, await aTicket(alice, id, { terminalId })));
      await second.says('Connected.');
      await second.shows('shown-7');
      await first.says('The terminal was opened somewhere else.');
      await first.page.getByRole('button', { name: 'Take it back' }).click();
      await first.says('Connected.');
      await second.says('The terminal was opened somewhere else.');

      await first.type('exit 3');
      await first.says('The shell has ended with code 3.');
      await watcher.says('The shell has ended with code 3.');
      await eventually(async () => expect(await openTerminals(alice, id)).toEqual([]), patience);
      for (const one of [first, second, watcher]) expect(one.complaints).toEqual([]);
    });

    it('lets output neither name the window, nor write the clipboard, nor draw links', async () => {
      const { id } = await aSession();
      const terminal = await TerminalPage.open(browser, address(id, await aTicket(alice, id)));
      await terminal.says('Connected.');
      const file = String.raw`\033]0;evil\007\033]2;evil\007\033]52;c;ZXZpbA==\007\033]8;;http://evil.example\033\\link\033]8;;\033\\\n`;
      await alice.execute(id, { command: `printf '${file}' > tricks` });
      await terminal.type('clear; cat tricks');
      await terminal.shows('link');
      expect(await terminal.page.title()).toBe('Terminal');
      const row = terminal.page.locator('.xterm-rows > div', { hasText: 'link' }).first();
      const { x = 0, y = 0 } = (await row.boundingBox()) ?? {};
      await terminal.page.mouse.move(x + 10, y + 5);
      expect(await terminal.page.locator('.xterm-cursor-pointer, #screen a').count()).toBe(0);
      expect(terminal.complaints).toEqual([]);
    });

    it('can be used on a phone, and left by keyboard', async () => {
      const { id } = await aSession();
      const phone = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true };
      const terminal = await TerminalPage.open(browser, address(id, await aTicket(alice, id)), phone);
      await terminal.says('Connected.');
      const { page } = terminal;
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await terminal.type('sleep 100; echo "ended with $?"');
      await page.getByRole('button', { name: 'Ctrl' }).click();
      await page.keyboard.type('c');
      // What is typed before the prompt is back is lost with the line that was broken off.
      await terminal.shows(/\^C$/);
      await eventually(
        async () => expect((await terminal.lines()).filter((line) => line.endsWith('$'))).toHaveLength(1),
        patience,
      );
      await terminal.type('echo again-$((1 + 2))');
      await terminal.shows('again-3');
      await page.getByRole('button', { name: 'Up', exact: true }).click();
      await page.keyboard.press('Enter');
      await eventually(
        async () => expect((await terminal.lines()).filter((line) => line === 'again-3')).toHaveLength(2),
        patience,
      );
      await page.keyboard.press('Shift+Escape');
      expect(await page.evaluate('document.activeElement.id')).toBe('reader');
    });

    it('outlives its gateway, and says so when its executor was killed, which leaves no shell behind', async () => {
      const stack = current();
      const { id } = await aSession();
      const terminal = await TerminalPage.open(browser, address(id, await aTicket(alice, id)));
      await terminal.says('Connected.');
      await terminal.type('kept=$((40 + 2)); echo set-$kept');
      await terminal.shows('set-42');
      const gateway = stack.service('gateway');
      await gateway.stop('SIGKILL');
      await terminal.says(/^The connection is lost/);
      await gateway.start();
      await terminal.says('Connected.', 40_000);
      await terminal.type('echo kept-$kept');
      await terminal.shows('kept-42');

      const executor = stack.service('executor');
      await executor.stop('SIGKILL');
      await terminal.says(/^The connection is lost/, 40_000);
      await executor.start();
      await terminal.says("The terminal can't be opened: The terminal has ended.", 60_000);
      await eventually(async () => expect(await shellsIn(alice, id)).toBe(0), patience);
      expect(await openTerminals(alice, id)).toEqual([]);
    });

    it('without a good ticket says so, and opens nothing', async () => {
      const { id } = await aSession();
      const ticket = await aTicket(alice, id);
      const first = await TerminalPage.open(browser, address(id, ticket));
      await first.says('Connected.');
      const used = await TerminalPage.open(browser, address(id, ticket));
      await used.says(/^This link was used before/);
      const none = await TerminalPage.open(browser, `http://127.0.0.1:${proxy.port}/terminal/${id}`);
      await none.says(/^This page needs a ticket/);
      expect(await openTerminals(alice, id)).toHaveLength(1);
      expect(await shellsIn(alice, id)).toBe(1);
    });
  });
}
