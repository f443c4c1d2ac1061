import { readAs } from '../rules/form.js';
import type { RuleGroup, ValueRule } from '../rules/value-rule.js';
import { containerPath, isSystemPath } from './paths.js';
import { inService } from './wrap-examples.js';

/**
 * The folders of /etc that belong to one program, which reads nothing but its configuration there. Everything else in /etc is
 * how the system of a container looks up users, names and libraries, and what the engine itself puts there.
 */
export const programFolders: readonly string[] = [
  'apache2',
  'caddy',
  'grafana',
  'haproxy',
  'httpd',
  'mysql',
  'nginx',
  'php',
  'postgresql',
  'prometheus',
  'rabbitmq',
  'redis',
  'traefik',
];

const etc: ValueRule = {
  id: 'compose.mount.etc',
  message: 'is a place in /etc that stays as the image has it',
  hint: `Mount at or below /etc/NAME, where NAME is one of ${programFolders.join(', ')}; or mount elsewhere, such as at /srv/app.`,
  examples: {
    accepted: 'volumes: ["./nginx:/etc/nginx/conf.d:ro"]',
    refused: 'volumes: ["./passwd.d:/etc/passwd.d"]',
  },
};

export const mountTargetRules: RuleGroup = { title: 'where it is mounted', rules: [etc], wrap: inService };

/** A place inside a container where something else may be put. */
export const mountTarget = readAs(containerPath, (path, scope) => {
  if (isSystemPath(path)) return scope.refuse('is a place of the system: /proc, /sys and /dev stay as they are');
  const [, top, program = ''] = path.split('/');
  return top === 'etc' && !programFolders.includes(program) ? scope.under(etc).refuse() : path;
});
