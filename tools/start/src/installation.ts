import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { workspaceRoot } from './stack.js';

/** What this checkout keeps between runs. */
export const keptDirectory = join(workspaceRoot, '.nalabo');
export const devEnvFile = join(keptDirectory, 'dev.env');

/** Two checkouts on one machine share its engine, and each must see its own objects only. */
export const localInstance = `local-${createHash('sha256').update(workspaceRoot).digest('hex').slice(0, 6)}`;

export const defaultPort = 3000;
