import type { Refused } from '../rules/rule-table.js';

const refused = (reason: string, hint: string, example: string): Refused => {
  return { verdict: 'refused', reason, hint, examples: { accepted: 'init: true', refused: example } };
};
const sandbox = (example: string): Refused => refused('it takes the sandbox away', 'Leave it out.', example);
const namespace = (example: string): Refused =>
  refused('a service shares nothing with the host or another container', 'Use networks and names.', example);
const others = (example: string): Refused =>
  refused('it reaches other containers', 'Use networks and volumes.', example);
const reads = (example: string): Refused =>
  refused('it would read files or variables of the platform', 'Write the values into environment.', example);
const tuning = (example: string): Refused => refused('the platform sets it', 'Leave it out.', example);
const names = (example: string): Refused =>
  refused('names and addresses are given by the platform', 'Use the name of the service, or an alias.', example);
const program = (example: string): Refused =>
  refused('it starts something else than the service', 'Put it into the command.', example);
const fetched = (example: string): Refused =>
  refused('it reads other files', 'Write everything into this file.', example);

/** What a service must not say. A key that is in no table is refused as well; these tell why. */
export const refusedServiceKeys = {
  privileged: sandbox('privileged: true'),
  cap_add: sandbox('cap_add: [SYS_ADMIN]'),
  cap_drop: tuning('cap_drop: [ALL]'),
  security_opt: sandbox('security_opt: ["seccomp:unconfined"]'),
  devices: sandbox('devices: [/dev/kvm]'),
  device_cgroup_rules: sandbox('device_cgroup_rules: ["c 1:3 mr"]'),
  gpus: sandbox('gpus: all'),
  runtime: sandbox('runtime: runc'),
  cgroup: sandbox('cgroup: host'),
  cgroup_parent: sandbox('cgroup_parent: /'),
  userns_mode: sandbox('userns_mode: host'),
  isolation: sandbox('isolation: default'),
  credential_spec: sandbox('credential_spec: { file: a.json }'),
  use_api_socket: sandbox('use_api_socket: true'),
  network_mode: namespace('network_mode: host'),
  pid: namespace('pid: host'),
  ipc: namespace('ipc: "container:other"'),
  uts: namespace('uts: host'),
  volumes_from: others('volumes_from: [other]'),
  links: others('links: [other]'),
  external_links: others('external_links: [other]'),
  extends: fetched('extends: { file: other.yaml, service: web }'),
  env_file: reads('env_file: .env'),
  label_file: reads('label_file: labels'),
  secrets: reads('secrets: [key]'),
  configs: reads('configs: [key]'),
  build: refused('images are built by an apply of their own', 'Apply a dockerfile, or name an image.', 'build: .'),
  provider: program('provider: { type: model }'),
  post_start: program('post_start: [{ command: id, privileged: true }]'),
  pre_stop: program('pre_stop: [{ command: id }]'),
  develop: program('develop: { watch: [] }'),
  models: program('models: [llm]'),
  attach: tuning('attach: false'),
  annotations: tuning('annotations: { a: b }'),
  blkio_config: tuning('blkio_config: { weight: 300 }'),
  cpu_count: tuning('cpu_count: 2'),
  cpu_percent: tuning('cpu_percent: 50'),
  cpu_period: tuning('cpu_period: 100000'),
  cpu_quota: tuning('cpu_quota: 50000'),
  cpu_rt_period: tuning('cpu_rt_period: 400ms'),
  cpu_rt_runtime: tuning('cpu_rt_runtime: 400ms'),
  cpu_shares: tuning('cpu_shares: 73'),
  cpuset: tuning('cpuset: "0"'),
  mem_reservation: tuning('mem_reservation: 16m'),
  mem_swappiness: tuning('mem_swappiness: 100'),
  memswap_limit: tuning('memswap_limit: -1'),
  oom_kill_disable: tuning('oom_kill_disable: true'),
  oom_score_adj: tuning('oom_score_adj: -1000'),
  storage_opt: tuning('storage_opt: { size: 1G }'),
  sysctls: tuning('sysctls: { net.ipv4.ip_forward: 1 }'),
  group_add: tuning('group_add: ["0"]'),
  volume_driver: tuning('volume_driver: local'),
  pull_policy: tuning('pull_policy: always'),
  platform: tuning('platform: linux/arm64'),
  logging: refused(
    'logs stay where the platform reads them',
    'Write to standard output.',
    'logging: { driver: syslog }',
  ),
  scale: refused('a service runs once', 'Write a second service.', 'scale: 3'),
  extra_hosts: names('extra_hosts: ["a:host-gateway"]'),
  dns: names('dns: 8.8.8.8'),
  dns_search: names('dns_search: example.com'),
  dns_opt: names('dns_opt: [use-vc]'),
  mac_address: names('mac_address: "02:42:ac:11:00:02"'),
  container_name: names('container_name: web'),
  domainname: names('domainname: example.com'),
} as const satisfies Readonly<Record<string, Refused>>;
