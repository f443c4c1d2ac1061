import type { ComposeModel } from '@nalabo/policy';
import { aComposeModel, aService } from '@nalabo/infrastructure-port/conformance';

/** A class of escapes: the strongest files that we can write, each of which is refused. */
export interface EscapeRow {
  readonly escape: string;
  /** Keys of a service, or what stands beside services, with `OTHER` for the name of another session. */
  readonly inService: readonly string[];
  readonly besideServices: readonly string[];
}

export const escapeRows: readonly EscapeRow[] = [
  {
    escape: 'a path of the host',
    inService: [
      'volumes: ["/:/host"]',
      'volumes: ["/etc:/srv:ro"]',
      'volumes: ["~root/.ssh:/srv"]',
      'volumes: [{ type: bind, source: /, target: /host, bind: { create_host_path: true, propagation: rshared } }]',
      'volumes: ["./a/../../../../etc:/srv"]',
      'volumes: [{ type: volume, source: data, target: /srv, volume: { subpath: ../.. } }]',
      'configs: [{ source: a, target: /srv }]',
    ],
    besideServices: [
      'volumes: { data: { driver: local, driver_opts: { type: none, o: bind, device: / } } }',
      'volumes: { data: { driver_opts: { type: overlay, o: "lowerdir=/,upperdir=/tmp/a,workdir=/tmp/b", device: overlay } } }',
      'volumes: { data: { driver_opts: { type: ext4, device: /dev/sda1 } } }',
      'configs: { a: { file: /etc/shadow } }',
      'secrets: { a: { file: /etc/shadow } }',
    ],
  },
  {
    escape: 'a symbolic link under a bind',
    inService: [
      'volumes: ["./.folders/1:/srv"]',
      'volumes: ["./html/../.folders:/srv"]',
      'volumes: [".:/srv", "./html:/srv/html"]',
      'volumes: ["./html/index.html:/srv/index.html"]',
    ],
    besideServices: [],
  },
  {
    escape: 'the socket of the engine',
    inService: [
      'volumes: ["/var/run/docker.sock:/s"]',
      'volumes: ["/run:/srv"]',
      'use_api_socket: true',
      'volumes: [{ type: npipe, source: "\\\\\\\\.\\\\pipe\\\\docker_engine", target: /s }]',
      'provider: { type: docker }',
    ],
    besideServices: [],
  },
  {
    escape: 'the network of the host',
    inService: [
      'network_mode: host',
      'networks: [host]',
      'networks: { default: { driver_opts: { com.docker.network.host_ipv4: 0.0.0.0 } } }',
      'extra_hosts: ["host:host-gateway"]',
      'dns: [8.8.8.8]',
    ],
    besideServices: [
      'networks: { default: { driver: host } }',
      'networks: { default: { driver: macvlan, driver_opts: { parent: eth0 } } }',
      'networks: { default: { internal: false } }',
      'networks: { default: { ipam: { config: [{ subnet: 172.17.0.0/16 }] } } }',
      'networks: { default: { attachable: true } }',
    ],
  },
  {
    escape: 'another session',
    inService: [
      'network_mode: "container:OTHER"',
      'volumes_from: ["container:OTHER"]',
      'pid: "container:OTHER"',
      'ipc: "container:OTHER"',
      'external_links: [OTHER]',
      'container_name: OTHER',
      'volumes: ["OTHER-workspace:/srv"]',
      'networks: [OTHER]',
      'networks: { default: { ipv4_address: 10.213.0.2 } }',
      'mac_address: 02:42:0a:d5:00:02',
      'dns_search: [OTHER]',
      'domainname: OTHER',
      'links: ["web:OTHER"]',
    ],
    besideServices: [
      'volumes: { data: { name: OTHER-workspace } }',
      'volumes: { OTHER-workspace: { external: true } }',
      'networks: { default: { name: OTHER } }',
      'networks: { default: { external: { name: OTHER } } }',
      'name: OTHER\ninclude: [OTHER]',
    ],
  },
  {
    escape: 'privileges',
    inService: [
      'privileged: true',
      'cap_add: [ALL]',
      'security_opt: [seccomp:unconfined, apparmor:unconfined, no-new-privileges:false]',
      'user: root',
      'group_add: [docker]',
      'sysctls: { kernel.core_pattern: "|/attack" }',
      'post_start: [{ command: id, privileged: true, user: root }]',
      'runtime: runc',
      'credential_spec: { file: a.json }',
    ],
    besideServices: ['x-a: &a { privileged: true }\n<<: *a'],
  },
  {
    escape: 'devices',
    inService: [
      'devices: ["/dev/sda:/dev/sda:rwm"]',
      'device_cgroup_rules: ["a *:* rwm"]',
      'gpus: all',
      'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }',
      'volumes: ["/dev:/srv"]',
      'blkio_config: { device_write_bps: [{ path: /dev/sda, rate: 1gb }] }',
    ],
    besideServices: [],
  },
  {
    escape: 'namespaces and control groups of the host',
    inService: [
      'pid: host',
      'ipc: host',
      'uts: host',
      'userns_mode: host',
      'cgroup: host',
      'cgroup_parent: /',
      'oom_kill_disable: true',
      'pids_limit: -1',
      'mem_limit: -1',
      'ulimits: { nofile: -1 }',
      'tmpfs: ["/srv:exec,suid"]',
    ],
    besideServices: [],
  },
  {
    escape: 'labels of the platform',
    inService: [
      'labels: { io.nalabo.session: OTHER }',
      'labels: ["io.nalabo.instance=x"]',
      'labels: ["IO.NALABO.MANAGED-BY=x"]',
      'labels: { com.docker.compose.project: OTHER }',
      'annotations: { io.nalabo.session: OTHER }',
      'deploy: { labels: { io.nalabo.session: OTHER } }',
    ],
    besideServices: [
      'volumes: { data: { labels: { io.nalabo.session: OTHER } } }',
      'networks: { default: { labels: { io.nalabo.session: OTHER } } }',
    ],
  },
  {
    escape: 'tricks of building',
    inService: [
      'build: .',
      'build: { context: "https://example.org/a.git", network: host, privileged: true }',
      'build: { dockerfile_inline: "FROM scratch", additional_contexts: { a: / }, ssh: [default] }',
      'image: nalabo/attack:other',
      'image: scratch',
      'pull_policy: build',
      'develop: { watch: [{ path: /, action: sync, target: /srv }] }',
    ],
    besideServices: [],
  },
];

const mount = (source: ComposeModel['services'][number]['mounts'][number]['source'], target = '/srv') =>
  aComposeModel(aService('web', { mounts: [{ source, target, readOnly: false }] }));

/** What the rules never let through, and whether anything can be made of it that is the session's own. */
export interface SmuggledRow {
  readonly what: string;
  readonly model: ComposeModel;
  readonly isMade: boolean;
}

/** @param other The name of another session. */
export function smuggled(other: string): readonly SmuggledRow[] {
  const inNetwork = (name: string): ComposeModel =>
    aComposeModel(aService('web', { networks: [{ name, aliases: ['workbench', other] }] }));
  const spoofing = { labels: { 'io.nalabo.session': other, 'io.nalabo.managed-by': 'me' }, hostname: other };
  const refused: readonly (readonly [string, ComposeModel])[] = [
    ['a volume that is a path', mount({ kind: 'volume', name: '/etc' })],
    ['a volume that climbs', mount({ kind: 'volume', name: '../../etc' })],
    ['a folder that is a path', mount({ kind: 'folder', folder: '/etc' })],
    ['a folder that climbs', mount({ kind: 'folder', folder: '../../../etc' })],
    ['a folder that is the place of another', mount({ kind: 'folder', folder: '.folders/1' })],
    ['a mount over everything', mount({ kind: 'workspace' }, '/')],
    ['a mount over /proc', mount({ kind: 'workspace' }, '/proc')],
    ['a mount over a detour', mount({ kind: 'workspace' }, '/srv/../proc/self')],
  ];
  const made: readonly (readonly [string, ComposeModel])[] = [
    ['a volume of another session', mount({ kind: 'volume', name: `${other}-workspace` })],
    ['the network of the host', inNetwork('host')],
    ['the network of a container', inNetwork(`container:${other}`)],
    ['the network of another session', inNetwork(other)],
    ['labels and the name of another session', aComposeModel(aService('web', spoofing))],
  ];
  return [
    ...refused.map(([what, model]) => ({ what, model, isMade: false })),
    ...made.map(([what, model]) => ({ what, model, isMade: true })),
  ];
}
