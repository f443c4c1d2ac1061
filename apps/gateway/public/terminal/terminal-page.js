import { FitAddon } from './addon-fit.js';
import { TerminalLink } from './terminal-link.js';
import { Terminal } from './xterm.js';

const element = (id) => document.getElementById(id);
const encoder = new TextEncoder();

const words = {
  connecting: () => 'Connecting…',
  open: () => 'Connected.',
  watching: () => 'Watching, read only.',
  waiting: ({ seconds }) => `The connection is lost. Trying again in ${seconds} s.`,
  exited: ({ exitCode }) => `The shell has ended${exitCode === null ? '' : ` with code ${exitCode}`}.`,
  idle: () => 'The terminal was closed, because nobody had typed for 30 minutes.',
  closed: () => 'The terminal was ended.',
  session_over: () => 'The session is over.',
  shutdown: () => 'The terminal has ended, because its service was stopped.',
  lost: () => 'The terminal is lost.',
  taken_over: () => 'The terminal was opened somewhere else.',
  revoked: () => 'The access to this terminal was withdrawn.',
  refused: ({ detail }) => `The terminal can't be opened: ${detail}`,
  protocol: ({ detail }) => `The connection was ended: ${detail}`,
  unknown: () => 'This link was used before, or is too old. Open the terminal again from where it came.',
};

const keys = { escape: '\x1b', tab: '\t', up: 'A', down: 'B', left: 'D', right: 'C' };

const terminal = new Terminal({
  cursorBlink: true,
  fontFamily: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSize: 14,
  scrollback: 5000,
  theme: { background: '#111111' },
});
const fit = new FitAddon();
terminal.loadAddon(fit);

// Output of a sandbox must not write the clipboard, name the window or draw links that lead elsewhere.
for (const sequence of [0, 1, 2, 8, 52]) terminal.parser.registerOscHandler(sequence, () => true);

let isOwner = true;
let isControlDown = false;
/** Output before this offset is older than the connection: what it asks of a terminal was answered long ago. */
let liveFrom = 0;

terminal.open(element('screen'));
fit.fit();

const link = new TerminalLink(location.pathname.split('/').at(-1), {
  size: () => ({ columns: terminal.cols, rows: terminal.rows }),
  attached: ({ mode, end, columns, rows }) => {
    isOwner = mode === 'own';
    liveFrom = end;
    terminal.options.disableStdin = !isOwner;
    element('screen').classList.toggle('own', isOwner);
    if (isOwner) fitAndTell();
    else terminal.resize(columns, rows);
  },
  output: (bytes, done) => terminal.write(bytes, done),
  gap: () => terminal.reset(),
  resized: ({ columns, rows }) => terminal.resize(columns, rows),
  state: (state) => {
    const { name } = state;
    document.body.dataset.state = name;
    element('status').textContent = words[name](state);
    element('again').hidden = name !== 'taken_over';
    if (name === 'open') terminal.focus();
  },
});

function fitAndTell() {
  if (!isOwner) return;
  fit.fit();
  link.resize({ columns: terminal.cols, rows: terminal.rows });
}

function press(control) {
  isControlDown = control;
  document.querySelector('[data-key=control]').setAttribute('aria-pressed', String(control));
}

function withControl(text) {
  if (!isControlDown || text.length !== 1) return text;
  press(false);
  return String.fromCharCode(text.toUpperCase().charCodeAt(0) & 0x1f);
}

function type(text) {
  link.type(encoder.encode(withControl(text)));
}

terminal.onData((text) => {
  if ((link.received ?? 0) >= liveFrom) type(text);
});
// Some reports of the mouse are bytes that are no text.
terminal.onBinary((text) => link.type(Uint8Array.from(text, (character) => character.charCodeAt(0))));

// The terminal takes every key, Tab too: without this one nobody could leave it by keyboard.
terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => {
  if (key !== 'Escape' || !shiftKey) return true;
  element('reader').focus();
  return false;
});

element('reader').addEventListener('click', () => {
  const isOn = !terminal.options.screenReaderMode;
  terminal.options.screenReaderMode = isOn;
  element('reader').setAttribute('aria-pressed', String(isOn));
  terminal.focus();
});
element('again').addEventListener('click', () => link.resume());
element('keys').addEventListener('click', ({ target }) => {
  const name = target instanceof HTMLElement ? target.dataset.key : undefined;
  if (!name) return;
  if (name === 'control') press(!isControlDown);
  else if (name === 'escape' || name === 'tab') type(keys[name]);
  else type(`\x1b${terminal.modes.applicationCursorKeysMode ? 'O' : '['}${keys[name]}`);
  terminal.focus();
});

let isFitWanted = false;
new ResizeObserver(() => {
  if (isFitWanted) return;
  isFitWanted = true;
  requestAnimationFrame(() => {
    isFitWanted = false;
    fitAndTell();
  });
}).observe(element('screen'));

/** The ticket leaves the address at once, so that it is in no history and no screenshot. */
function takeTicket() {
  const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket');
  if (location.hash) history.replaceState(null, '', location.pathname);
  return ticket;
}

function begin() {
  const ticket = takeTicket();
  if (ticket) {
    terminal.reset();
    link.open(ticket);
  } else if (link.hasToken) link.resume();
  else element('status').textContent = 'This page needs a ticket: open it from where your session is shown.';
}

addEventListener('hashchange', begin);
begin();
