import { findChromium } from '@nalabo/setup';
import { eventually } from '@nalabo/testing';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const patience = { timeoutMs: 30_000 };

/** Neither the sandbox nor graphics are there in a container, and nothing may be fetched behind our back. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('there is no browser on this machine');
  return chromium.launch({ executablePath, args });
}

/** The terminal page, as a person uses it. */
export class TerminalPage {
  /** What the browser complained of: violations of the policy, errors of scripts. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      // A connection that is cut, or to a server that is away, is reported by the browser itself.
      if (message.type() === 'error' && !/WebSocket|ERR_/.test(text)) this.complaints.push(text);
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<TerminalPage> {
    const context = await browser.newContext({ viewport: { width: 900, height: 600 }, ...options });
    const terminal = new TerminalPage(await context.newPage());
    await terminal.page.goto(url);
    return terminal;
  }

  status(): Promise<string> {
    return this.page.locator('#status').innerText();
  }

  /** The lines of the screen. */
  async lines(): Promise<string[]> {
    const rows = await this.page.locator('.xterm-rows > div').allInnerTexts();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  }

  async type(text: string): Promise<void> {
    await this.page.locator('#screen textarea').focus();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
  }

  shows(line: string | RegExp): Promise<string> {
    return eventually(async () => {
      const lines = await this.lines();
      const found = lines.find((one) => (typeof line === 'string' ? one === line : line.test(one)));
      if (found === undefined) throw new Error(`no line ${String(line)} in ${JSON.stringify(lines)}`);
      return found;
    }, patience);
  }

  says(status: string | RegExp, timeoutMs = patience.timeoutMs): Promise<void> {
    const probe = async (): Promise<void> =>
      expect(await this.status(), `complaints: ${this.complaints.join()}`).toMatch(status);
    return eventually(probe, { timeoutMs });
  }
}
