import { type Form, readAs, text } from '../rules/form.js';

const says = 'an absolute path without detours';

/** What the kernel shows there belongs to whoever looks, and may lead out of the container. */
export function isSystemPath(path: string): boolean {
  return /^\/(proc|sys|dev)(\/|$)/.test(path);
}

/** What stands behind the last slash is the same place. */
const pathLike = (pattern: RegExp): Form<string> =>
  readAs(text({ pattern, longest: 255, says }), (path, scope) => {
    const isDetour = path.split('/').some((part) => part === '.' || part === '..');
    return isDetour ? scope.refuse(`must be ${says}`) : path.replace(/(?<=.)\/$/, '');
  });

/** A place inside a container, below its root. */
export const containerPath = pathLike(/^(\/[^/\p{Cc}:]+)+\/?$/u);

/** Where a program begins. The engine goes there while files of the host are still open, which /proc and /dev show. */
export const workingPath = readAs(pathLike(/^(?=\/)(\/[^/\p{Cc}:]+)*\/?$/u), (path, scope) =>
  isSystemPath(path) ? scope.refuse('must not be in /proc, /sys or /dev, which lead out of the container') : path,
);

/**
 * The same place without the links that the usual images have: two places that look apart may be one inside of the other.
 */
export function withoutUsualLinks(path: string): string {
  return path
    .replace(/^\/var\/run(?=\/|$)/, '/run')
    .replace(/^\/var\/lock(?=\/|$)/, '/run/lock')
    .replace(/^\/(bin|sbin|lib\w*)(?=\/|$)/, '/usr/$1');
}
