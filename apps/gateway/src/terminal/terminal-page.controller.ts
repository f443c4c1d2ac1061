import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppError } from '@nalabo/kernel';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TerminalSettings } from './terminal-settings.js';

const page = join(import.meta.dirname, '../../public/terminal');
const modules = createRequire(import.meta.url);

interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

/** Everything that the page loads comes from here: no other server sees who opens a terminal. */
const assets: ReadonlyMap<string, Asset> = new Map([
  ['terminal-page.js', { type: script, content: readFileSync(join(page, 'terminal-page.js')) }],
  ['terminal-link.js', { type: script, content: readFileSync(join(page, 'terminal-link.js')) }],
  ['terminal-page.css', { type: style, content: readFileSync(join(page, 'terminal-page.css')) }],
  ['xterm.js', { type: script, content: readFileSync(modules.resolve('@xterm/xterm/lib/xterm.mjs')) }],
  ['addon-fit.js', { type: script, content: readFileSync(modules.resolve('@xterm/addon-fit/lib/addon-fit.mjs')) }],
  ['xterm.css', { type: style, content: readFileSync(modules.resolve('@xterm/xterm/css/xterm.css')) }],
]);
const html = readFileSync(join(page, 'terminal-page.html'));

/** The terminal in a browser. The page holds nothing of a session: what may be seen is decided by its ticket. */
@ApiExcludeController()
@Controller('terminal')
export class TerminalPageController {
  private readonly pageHeaders: Readonly<Record<string, string>>;

  constructor(settings: TerminalSettings) {
    this.pageHeaders = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(settings.frameAncestors),
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    };
  }

  @Get(':sessionId')
  page(@Res({ passthrough: true }) reply: FastifyReply): Buffer {
    void reply.headers(this.pageHeaders);
    return html;
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    const asset = assets.get(name);
    if (!asset) throw new AppError('not_found', 'There is nothing at this path.');
    void reply.headers({
      'content-type': asset.type,
      'cache-control': 'no-cache',
      'cross-origin-resource-policy': 'same-origin',
    });
    return asset.content;
  }
}

/** xterm.js writes the colours and sizes of its characters into style elements and attributes; scripts are files only. */
function contentSecurityPolicy(frameAncestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    // The page's empty icon, without which a browser asks for one.
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');
}
