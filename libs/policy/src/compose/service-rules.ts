import { byType, type Form, listOf, oneOf, readAs } from '../rules/form.js';
import type { Allowed, Ignored, RuleTable } from '../rules/rule-table.js';
import { command } from './command.js';
import { composeLimits } from './compose-limits.js';
import { type Mount, stopSignals } from './compose-model.js';
import { dependsOn } from './dependency-rules.js';
import { environment, labels } from './entries.js';
import { healthcheck } from './healthcheck-rules.js';
import { cpuMillis, deployTable, memoryBytes, processes, ulimitTable } from './limit-rules.js';
import { mount, tmpfsMount } from './mount-rules.js';
import { hostName, imageName } from './names.js';
import { serviceNetworks } from './network-rules.js';
import { workingPath } from './paths.js';
import { exposedPort, port } from './port-rules.js';
import { bytes, duration } from './quantities.js';
import { refusedServiceKeys } from './refused-keys.js';
import { user } from './user.js';
import { inService } from './wrap-examples.js';
import { keysOf } from '../rules/rule-table.js';

const { mountsPerService, ports, sharedMemoryBytes, stopGraceSeconds } = composeLimits;

/** A key that is read, with one text that keeps the rule and one that breaks it. */
const allowed = <T>(form: Form<T>, hint: string, accepted: string, refused: string): Allowed<T> => {
  return { verdict: 'allowed', form, hint, examples: { accepted, refused } };
};
const ignored = (note: string, accepted: string): Ignored => ({ verdict: 'ignored', note, accepted });

const tmpfs: Form<readonly Mount[]> = {
  ...byType<readonly Mount[]>({
    text: readAs(tmpfsMount, (one) => [one]),
    list: listOf(tmpfsMount, mountsPerService),
  }),
  says: 'a path or a list of paths, with a size as in /tmp:size=16m',
};

const what = {
  image: allowed(imageName, 'Name an image of the list.', 'image: nginx:alpine', 'image: [nginx]'),
  command: allowed(
    command,
    'For operators of a shell write [sh, -c, "…"].',
    'command: nginx -g "daemon off;"',
    'command: npm i && npm start',
  ),
  entrypoint: allowed(
    command,
    'For operators of a shell write [sh, -c, "…"].',
    'entrypoint: [sh, -c]',
    'entrypoint: 7',
  ),
  environment: allowed(
    environment,
    'Give each name a value here: none is taken from outside.',
    'environment: [MODE=test, EMPTY=]',
    'environment: [DATABASE_URL]',
  ),
  working_dir: allowed(
    workingPath,
    'Write an absolute path, such as /app.',
    'working_dir: /app',
    'working_dir: /proc/self/fd/8',
  ),
  user: allowed(user, 'Write a number, not 0.', 'user: "1000:1000"', 'user: root'),
  hostname: allowed(hostName, 'Write one short name.', 'hostname: web', 'hostname: web.example.com'),
  stop_signal: allowed(oneOf(stopSignals), 'Write SIGTERM or SIGQUIT.', 'stop_signal: SIGQUIT', 'stop_signal: SIGSTOP'),
  stop_grace_period: allowed(
    duration(0, stopGraceSeconds),
    `Write ${stopGraceSeconds}s or less.`,
    'stop_grace_period: 5s',
    'stop_grace_period: 1h',
  ),
  labels: allowed(labels, 'Give each label a value.', 'labels: [com.example.role=front]', 'labels: web'),
} as const;

const surroundings = {
  volumes: allowed(
    listOf(mount, mountsPerService),
    'Write ./folder:/path or volume:/path.',
    'volumes: ["./html:/srv/html:ro", "data:/srv/data"]',
    'volumes: [/srv/data]',
  ),
  tmpfs: allowed(tmpfs, 'Write /tmp or /tmp:size=16m.', 'tmpfs: "/tmp:size=16m"', 'tmpfs: "/tmp:mode=1777"'),
  networks: allowed(serviceNetworks, 'Name networks of this file.', 'networks: [front]', 'networks: front'),
  ports: allowed(
    listOf(port, ports),
    'Write each port on its own; nothing is published on the host.',
    'ports: ["80:80", "8053:53/udp", 443]',
    'ports: ["3000-3010"]',
  ),
  expose: allowed(listOf(exposedPort, ports), 'Write each port on its own.', 'expose: ["80"]', 'expose: ["80:80"]'),
  depends_on: allowed(
    dependsOn,
    'Name services of this file.',
    'depends_on: { other: { condition: service_started } }',
    'depends_on: other',
  ),
  healthcheck: allowed(healthcheck, 'Write a test.', 'healthcheck: { test: "true" }', 'healthcheck: { retries: 3 }'),
} as const;

const limits = {
  mem_limit: allowed(memoryBytes, "Write less than the session's share.", 'mem_limit: 64m', 'mem_limit: none'),
  cpus: allowed(cpuMillis, "Write less than the session's share.", 'cpus: 0.5', 'cpus: all'),
  pids_limit: allowed(processes, "Write less than the session's share.", 'pids_limit: 32', 'pids_limit: -1'),
  deploy: allowed(
    keysOf(deployTable),
    'Nothing but resources.limits is read.',
    'deploy: { resources: { limits: { cpus: 0.5 } } }',
    'deploy: [global]',
  ),
  ulimits: allowed(keysOf(ulimitTable), 'Limits may only be lowered.', 'ulimits: { nofile: 512 }', 'ulimits: 512'),
  shm_size: allowed(bytes(4096, sharedMemoryBytes), 'Write 32m or less.', 'shm_size: 16m', 'shm_size: 1g'),
} as const;

const leftOut = {
  read_only: ignored('The root of a service is always read only; mount a tmpfs to write.', 'read_only: false'),
  init: ignored('The platform always has a small process collect what others leave behind.', 'init: false'),
  restart: ignored('A service that ends stays as it is until the next apply.', 'restart: always'),
  tty: ignored('Nobody sits in front of a service.', 'tty: true'),
  stdin_open: ignored('Nobody sits in front of a service.', 'stdin_open: true'),
  profiles: ignored('Every service is started.', 'profiles: [debug]'),
} as const;

export const serviceTable = {
  id: 'compose.service',
  title: 'a service',
  rules: { ...what, ...surroundings, ...limits, ...leftOut, ...refusedServiceKeys },
  required: ['image'],
  wrap: inService,
} as const satisfies RuleTable;
