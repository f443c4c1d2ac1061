import { readAs, text } from '../rules/form.js';

const says = 'an absolute path without detours';

/** A place inside a container. What stands behind the last slash is the same place. */
export const containerPath = readAs(text({ pattern: /^(\/[^/\0:]+)+\/?$/, longest: 255, says }), (path, scope) => {
  const isDetour = path.split('/').some((part) => part === '.' || part === '..');
  return isDetour ? scope.refuse(`must be ${says}`) : path.replace(/\/$/, '');
});
