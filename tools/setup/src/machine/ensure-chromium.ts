import { findProgram } from './find-program.js';
import { type InstallationChoices, packageInstaller } from './install-packages.js';
import { SetupError } from './setup-error.js';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable'];

/** The path of a browser of the Chromium family on this machine, or undefined. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of names) {
    const path = await findProgram(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** The same, installed as a Debian package where it is missing. @throws SetupError when it can't be had. */
export async function ensureChromium(choices: InstallationChoices): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  await packageInstaller(choices)({ names: ['chromium'], why: 'test the terminal page in a browser' });
  const installed = await findChromium();
  if (installed === undefined) throw new SetupError('missing: chromium, although its package is installed');
  return installed;
}
