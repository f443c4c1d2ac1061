import { describe, expect, it } from 'vitest';
import { computingTime } from '../computing-time.cases.js';
import { exampleContext } from './example-context.cases.js';
import { readCompose } from './read-compose.js';
import { inFile, inService } from './wrap-examples.js';

const rulesBrokenBy = (file: string): readonly string[] => {
  const read = readCompose(file, exampleContext);
  return 'model' in read ? [] : [...new Set(read.violations.map(({ rule }) => rule))];
};
const service = (key: string): string => `compose.service.${key}`;
const manyServices = (count: number): string =>
  Array.from({ length: count }, (_, i) => `  s${i}: { image: nginx:alpine, pids_limit: 8 }\n`).join('');
const manyEntries = Array.from({ length: 70 }, (_, i) => `K${i}: x`).join(', ');

describe('in a service', () => {
  it.each<[string, string]>([
    ['privileged: true', service('privileged')],
    ['privileged: false', service('privileged')],
    ['cap_add: [SYS_ADMIN]', service('cap_add')],
    ['security_opt: ["seccomp:unconfined"]', service('security_opt')],
    ['network_mode: host', service('network_mode')],
    ['network_mode: "container:0a1b2c3d"', service('network_mode')],
    ['network_mode: "service:other"', service('network_mode')],
    ['network_mode: none', service('network_mode')],
    ['pid: host', service('pid')],
    ['ipc: host', service('ipc')],
    ['uts: host', service('uts')],
    ['userns_mode: host', service('userns_mode')],
    ['devices: ["/dev/sda:/dev/sda"]', service('devices')],
    ['gpus: all', service('gpus')],
    ['device_cgroup_rules: ["a *:* rwm"]', service('device_cgroup_rules')],
    ['runtime: runc', service('runtime')],
    ['extends: { file: /etc/passwd, service: a }', service('extends')],
    ['env_file: /proc/self/environ', service('env_file')],
    ['secrets: [{ source: a }]', service('secrets')],
    ['build: .', service('build')],
    ['build: https://example.com/a.git', service('build')],
    ['build: { dockerfile_inline: "FROM scratch" }', service('build')],
    ['provider: { type: sh }', service('provider')],
    ['use_api_socket: true', service('use_api_socket')],
    ['post_start: [{ command: id, privileged: true }]', service('post_start')],
    ['logging: { driver: syslog }', service('logging')],
    ['sysctls: [net.ipv4.ip_forward=1]', service('sysctls')],
    ['cgroup_parent: /', service('cgroup_parent')],
    ['oom_kill_disable: true', service('oom_kill_disable')],
    ['deploy: { replicas: 1000 }', 'compose.deploy.replicas'],
    ['deploy: { mode: global }', 'compose.deploy.unknown-key'],
    [
      'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }',
      'compose.resources.reservations',
    ],
    ['deploy: { resources: { limits: { memory: 64g } } }', 'compose.sum-of-limits'],
    ['mem_limit: 64g', 'compose.sum-of-limits'],
    ['cpus: 500', 'compose.sum-of-limits'],
    ['pids_limit: 100000', 'compose.sum-of-limits'],
    ['mem_limit: 0', service('mem_limit')],
    ['pids_limit: -1', service('pids_limit')],
    ['cpus: 0', service('cpus')],
    ['cpus: .nan', 'yaml.number'],
    ['cpus: 1e3000', 'yaml.number'],
    ['shm_size: 2g', service('shm_size')],
    ['ulimits: { nofile: -1 }', 'compose.ulimits.nofile'],
    ['ulimits: { memlock: -1 }', 'compose.ulimits.unknown-key'],
    ['container_name: nalabo-session-other', service('container_name')],
    ['extra_hosts: ["metadata:host-gateway"]', service('extra_hosts')],
    ['volumes_from: ["container:other"]', service('volumes_from')],
    ['networks: { front: { ipv4_address: 10.0.0.1 } }', 'compose.service-network.ipv4_address'],
    ['networks: [nalabo-network]', 'compose.network-declared'],
    ['user: "0"', service('user')],
    ['user: 0:0', service('user')],
    ['user: 1000:0', service('user')],
    ['user: root', service('user')],
    ['user: "00"', service('user')],
    [`environment: { ${manyEntries} }`, service('environment')],
    ['environment: { "A=B": c }', service('environment')],
    ['environment: { A: }', service('environment')],
    ['environment: [PATH]', service('environment')],
    ['environment: { A: "x\\0y" }', 'yaml.character'],
    ['command: ["sh", "-c", "echo ${NATS_URL}"]', 'compose.variable'],
    ['command: echo $NATS_URL', 'compose.variable'],
    ['command: echo ${DATABASE_URL:-x}', 'compose.variable'],
    ['command: echo $$$A', 'compose.variable'],
    ['image: ${DATABASE_URL}', 'compose.variable'],
    ['image: nginx', 'compose.image-allowed'],
    ['image: example.com/nginx:alpine', 'compose.image-allowed'],
    ['image: NGINX:alpine', 'compose.image-allowed'],
    ['image: "nginx:alpine "', service('image')],
    [`image: "nginx:alpine@sha256:${'0'.repeat(64)}"`, 'compose.image-allowed'],
    ['stop_grace_period: 99999h', service('stop_grace_period')],
    ['healthcheck: { test: "true", interval: 1ms }', 'compose.healthcheck.interval'],
    ['ports: [{ published: 80 }]', 'compose.port.missing-key'],
    ['volumes: [{ source: data }]', 'compose.mount.missing-key'],
    ['<<: { privileged: true }', 'compose.service.unknown-key'],
  ])('%s is refused', (key, rule) => {
    expect(rulesBrokenBy(inService(key))).toEqual([rule]);
  });

  it.each([
    'labels: { nalabo.role: x }',
    'labels: { io.nalabo.session: x }',
    'labels: [io.nalabo.managed-by=nalabo]',
    'labels: [IO.NALABO.session=x]',
    'labels: [nalabo.io/session=x]',
    'labels: { com.docker.compose.project: x }',
  ])('%s spoofs nothing', (key) => {
    expect(rulesBrokenBy(inService(key))).toEqual(['compose.reserved-label']);
  });

  it('a label of ours as a key is refused before anything else is looked at', () => {
    expect(rulesBrokenBy(inService('labels: { nalabo.io/session: x }'))).toEqual(['yaml.reserved-name']);
  });

  it.each([
    ['/:/host', 'compose.mount.host-path'],
    ['/var/run/docker.sock:/s', 'compose.mount.host-path'],
    ['/proc:/srv/proc:ro', 'compose.mount.host-path'],
    ['~/.ssh:/x', 'compose.mount.host-path'],
    ['~root:/x', 'compose.mount.host-path'],
    ['.\\\\a:/x', 'compose.mount.host-path'],
    ['..:/x', 'compose.mount.parent-path'],
    ['../other:/x', 'compose.mount.parent-path'],
    ['./../other:/x', 'compose.mount.parent-path'],
    ['./a/../../../etc:/x', 'compose.mount.parent-path'],
    ['./a/..:/x', 'compose.mount.parent-path'],
    ['././a:/x', 'compose.mount.folder-name'],
    ['.//etc:/x', 'compose.mount.folder-name'],
    ['./.folders/1:/x', 'compose.mount.folder-name'],
    ['.ssh:/x', 'compose.mount.folder-name'],
    ['./a b:/x', 'compose.mount.folder-name'],
    ['./a/b/c/d/e:/x', 'compose.mount.folder-name'],
    ['./index.js:/srv/main', 'compose.single-file'],
    ['./nginx.conf:/srv/nginx.conf', 'compose.single-file'],
    ['C:\\\\:/x', service('volumes')],
    ['a/b:/x', service('volumes')],
    ['/srv', service('volumes')],
    ['data:/srv:rshared', service('volumes')],
    ['data:/srv:ro:z', service('volumes')],
    ['data:/srv:toString', service('volumes')],
    ['data:srv', service('volumes')],
    ['data:/', service('volumes')],
    ['data:/etc', 'compose.mount.etc'],
    ['data:/etc/', 'compose.mount.etc'],
    ['data:/etc/ssl', 'compose.mount.etc'],
    ['data:/etc/nginx.d', 'compose.mount.etc'],
    ['data:/etc/nginx/../ssl', service('volumes')],
    ['data:/proc/sys', service('volumes')],
    ['data:/srv/../proc', service('volumes')],
    ['data://proc', service('volumes')],
    ['data:/dev/', service('volumes')],
    ['nalabo-session-1-workspace:/x', 'compose.volume-declared'],
  ])('the mount %s is refused', (mount, rule) => {
    expect(rulesBrokenBy(inService(`volumes: ["${mount}"]`))).toEqual([rule]);
  });

  it.each([
    ['{ type: bind, source: /, target: /host }', 'compose.mount.host-path'],
    ['{ type: bind, source: data, target: /x }', 'compose.mount.folder-name'],
    ['{ type: bind, source: ./a, target: /x, bind: { propagation: rshared } }', 'compose.bind.propagation'],
    ['{ type: volume, source: /, target: /host }', service('volumes')],
    ['{ type: volume, target: /x }', service('volumes')],
    ['{ type: volume, source: data, target: /x, volume: { subpath: .. } }', 'compose.mount.unknown-key'],
    ['{ type: tmpfs, source: /, target: /x }', service('volumes')],
    ['{ type: npipe, source: a, target: /x }', 'compose.mount.type'],
    ['{ type: cluster, source: a, target: /x }', 'compose.mount.type'],
    ['{ type: image, source: nginx:alpine, target: /x }', 'compose.mount.type'],
    ['{ type: tmpfs, target: /x, tmpfs: { mode: 511 } }', 'compose.tmpfs.unknown-key'],
    ['[data, /x]', service('volumes')],
  ])('the mount %s is refused', (mount, rule) => {
    expect(rulesBrokenBy(inService(`volumes:\n  - ${mount}`))).toEqual([rule]);
  });

  it.each(['/proc/self/fd/8', '/proc', '/dev/fd/8/', '/sys/fs', '/srv/../proc/self/cwd', '//proc/self/fd/8'])(
    'the working directory %s leads nowhere',
    (path) => {
      expect(rulesBrokenBy(inService(`working_dir: ${path}`))).toEqual([service('working_dir')]);
    },
  );

  it.each([
    'volumes: ["./a:/run", "data:/var/run/x"]',
    'volumes: ["./a:/var/lock", "data:/run/lock/x"]',
    'volumes: ["./a:/usr/lib", "data:/lib/x"]',
  ])('%s mounts nothing into another mount by a link of the image', (key) => {
    expect(rulesBrokenBy(inService(key))).toEqual(['compose.nested-targets']);
  });

  it('mounts nothing at a name that a terminal or a log would not show', () => {
    expect(rulesBrokenBy(inService('volumes: ["./a:/srv/a\\nb"]'))).toEqual([service('volumes')]);
  });

  it.each(['22:22', '0.0.0.0:22:22', '[::]:22:22', '127.0.0.1::22'])(
    'the port %s is kept and published nowhere',
    (port) => {
      const read = readCompose(inService(`ports: ["${port}"]`), exampleContext);
      const publishedPort = port.includes('::22') ? null : 22;
      expect('model' in read && read.model.services[0]?.endpoints).toEqual([
        { port: 22, protocol: 'tcp', publishedPort },
      ]);
    },
  );
});

describe('a file', () => {
  it.each<[string, string]>([
    ['volumes: { a: { driver_opts: { type: none, o: bind, device: / } } }', 'compose.volume.driver_opts'],
    ['volumes: { a: { driver: local } }', 'compose.volume.driver'],
    ['volumes: { a: { external: true } }', 'compose.volume.external'],
    ['volumes: { a: { name: nalabo-session-other-workspace } }', 'compose.volume.name'],
    ['volumes: { a: { external: false } }', 'compose.volume.external'],
    ['volumes: { ../a: }', 'compose.file.volumes'],
    ['networks: { a: { external: true } }', 'compose.network.external'],
    ['networks: { a: { name: host } }', 'compose.network.name'],
    ['networks: { a: { driver: host } }', 'compose.network.driver'],
    ['networks: { default: { ipam: { config: [{ subnet: 10.0.0.0/8 }] } } }', 'compose.network.ipam'],
    ['networks: { a: , b: , c: , d: }', 'compose.file.networks'],
    ['include: [/etc/passwd]', 'compose.file.include'],
    ['include: [{ path: "git@example.com:a/b.git" }]', 'compose.file.include'],
    ['secrets: { a: { environment: DATABASE_URL } }', 'compose.file.secrets'],
    ['configs: { a: { file: /etc/shadow } }', 'compose.file.configs'],
    [`services:\n${manyServices(11)}`, 'compose.file.services'],
    ['services: { ..: { image: nginx:alpine } }', 'compose.file.services'],
    ['services: { 👍: { image: nginx:alpine } }', 'compose.file.services'],
    [`services: { ${'a'.repeat(300)}: { image: nginx:alpine } }`, 'compose.file.services'],
    [
      'services: { a: { image: nginx:alpine, depends_on: [b] }, b: { image: nginx:alpine, depends_on: [a] } }',
      'compose.dependency-circle',
    ],
    ['services: []', 'compose.file.services'],
    ['services: { a: }', 'compose.file.services'],
    ['x: &x { a: !!js/function "x" }', 'yaml.syntax'],
    ['x: !!binary aGVsbG8=', 'yaml.syntax'],
    ['name: a\nname: b', 'yaml.repeated-key'],
    ['__proto__: { privileged: true }', 'yaml.reserved-name'],
    ['name: a\n---\nname: b', 'compose.file'],
    ['name:\n\t- a', 'yaml.syntax'],
    ['toString: 1', 'compose.file.unknown-key'],
  ])('with %s is refused', (content, rule) => {
    expect(rulesBrokenBy(inFile(content))).toEqual([rule]);
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['null', '~'],
    ['a text', 'hello'],
    ['a list', '- a'],
  ])('that is %s is refused as a whole', (_name, file) => {
    expect(rulesBrokenBy(file)).toEqual(['compose.file']);
  });

  it.each([
    ['healthcheck: { disable: no }', ['compose.healthcheck.disable']],
    ['pids_limit: 0o20', []],
    ['ports: [1:30]', []],
    ['hostname: on', []],
  ])('reads %s as YAML 1.2 does', (key, rules) => {
    expect(rulesBrokenBy(inService(key))).toEqual(rules);
  });

  it('without services is refused', () => {
    expect(rulesBrokenBy('name: a')).toEqual(['compose.file.missing-key']);
  });

  it('may begin with a byte order mark', () => {
    expect(rulesBrokenBy(`\uFEFF${inFile('name: a')}`)).toEqual([]);
  });

  const bomb = Array.from({ length: 10 }, (_, i) => `x-a${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i}]`);
  const words = 'a '.repeat(15_000);
  it.each([
    ['a bomb of aliases', inFile(['x-a0: &a0 [x]', ...bomb].join('\n')), 'yaml.nodes'],
    ['a bomb of texts', inFile([`x-a0: &a0 ${'x'.repeat(99_999)}`, ...bomb].join('\n')), 'yaml.size'],
    ['a cycle', inFile('x-a: &a [*a]'), 'yaml.depth'],
    ['a deep nesting', '['.repeat(10_000), 'yaml.depth'],
    ['300 KiB', inFile(`x-a: ${'x'.repeat(300 * 1024)}`), 'yaml.size'],
    [
      'many unknown keys',
      inFile(Array.from({ length: 3_000 }, (_, i) => `k${i}: 1`).join('\n')),
      'compose.file.unknown-key',
    ],
    ['a long path', inService(`working_dir: "${'/a'.repeat(100_000)}:"`), service('working_dir')],
    ['a long command', inService(`command: ${words}`), service('command')],
    ['a long quotation', inService(`command: "'${words}"`), service('command')],
    ['a long duration', inService(`stop_grace_period: "${'1s'.repeat(100_000)}"`), service('stop_grace_period')],
    ['a long port', inService(`ports: ["${'1.'.repeat(100_000)}"]`), service('ports')],
  ])('with %s is refused at once', (_name, file, rule) => {
    const took = computingTime(() => expect(rulesBrokenBy(file)).toEqual([rule]));
    expect(took).toBeLessThan(1_000);
  });

  it('tells nothing of our environment', () => {
    const read = readCompose(inService('command: echo ${PATH}'), exampleContext);
    expect(JSON.stringify(read)).not.toContain('/bin');
  });
});
