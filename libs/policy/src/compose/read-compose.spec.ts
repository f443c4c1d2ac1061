import { describe, expect, it } from 'vitest';
import type { ComposeModel } from './compose-model.js';
import { exampleContext } from './example-context.cases.js';
import { type ComposeNote, readCompose } from './read-compose.js';

const mebibyte = 2 ** 20;

function accepted(file: string): { readonly model: ComposeModel; readonly notes: readonly ComposeNote[] } {
  const read = readCompose(file, exampleContext);
  if ('model' in read) return read;
  throw new Error(JSON.stringify(read.violations));
}

const template = `version: '3.8'
services:
  web:
    image: nginx:alpine
    ports:
      - "80:80"
    volumes:
      - ./html:/usr/share/nginx/html
  
  app:
    image: node:18-alpine
    working_dir: /app
    volumes:
      - ./app:/app
    command: npm start
    depends_on:
      - web
`;

describe('a Compose file', () => {
  it.each(['/', '/srv/app/'])('may begin a service in %s', (path) => {
    const { model } = accepted(`services: { web: { image: "nginx:alpine", working_dir: ${path} } }`);
    expect(model.services[0]?.workingDirectory).toBe(path.replace(/(?<=.)\/$/, ''));
  });

  it('is read into a model that leaves nothing open', () => {
    const { model, notes } = accepted(template);
    const none = { environment: {}, labels: {}, ulimits: {}, user: null, hostname: null };
    const defaults = {
      ...none,
      entrypoint: null,
      networks: [{ name: 'default', aliases: [] }],
      healthcheck: null,
      limits: { cpuMillis: 500, memoryBytes: 512 * mebibyte, processes: 128 },
      sharedMemoryBytes: 32 * mebibyte,
      stopGraceSeconds: 10,
      stopSignal: null,
    };
    const folder = (name: string, target: string) => [
      { source: { kind: 'folder', folder: name }, target, readOnly: false },
    ];
    expect(model).toEqual({
      services: [
        {
          ...defaults,
          name: 'web',
          image: 'nginx:alpine',
          command: null,
          workingDirectory: null,
          mounts: folder('html', '/usr/share/nginx/html'),
          endpoints: [{ port: 80, protocol: 'tcp', publishedPort: 80 }],
          dependsOn: [],
        },
        {
          ...defaults,
          name: 'app',
          image: 'node:18-alpine',
          command: ['npm', 'start'],
          workingDirectory: '/app',
          mounts: folder('app', '/app'),
          endpoints: [],
          dependsOn: [{ service: 'web', condition: 'started' }],
        },
      ],
      networks: ['default'],
      volumes: [],
      folders: ['html', 'app'],
    });
    expect(notes).toEqual([{ path: 'version', line: 1, message: 'Compose has no versions any more.' }]);
  });

  it('may say the same in a short and in a long form', () => {
    const short = accepted(`
services:
  web:
    image: nginx:alpine
    command: nginx -g "daemon off;"
    environment: [MODE=a=b, DEBUG=true, N=1]
    labels: [com.example.role=front]
    volumes: ["data:/srv/data:ro", "./html/:/srv/html", ".:/workspace"]
    tmpfs: "/tmp:size=16m"
    ports: ["127.0.0.1:8080:80", "53/udp"]
    depends_on: [db]
    networks: [front]
    healthcheck: { test: "curl localhost" }
    cpus: 0.25
    mem_limit: 64m
    pids_limit: 32
    ulimits: { nofile: 512 }
  db: { image: nginx:alpine }
networks: { front: }
volumes: { data: }
`);
    const long = accepted(`
services:
  web:
    image: nginx:alpine
    command: [nginx, -g, daemon off;]
    environment: { MODE: a=b, DEBUG: true, N: 1 }
    labels: { com.example.role: front }
    volumes:
      - { type: volume, source: data, target: /srv/data, read_only: true }
      - { type: bind, source: ./html, target: /srv/html/, bind: { create_host_path: true } }
      - { type: bind, source: ., target: /workspace }
      - { type: tmpfs, target: /tmp, tmpfs: { size: 16777216 } }
    ports: [{ target: 80, published: "8080", host_ip: 127.0.0.1 }, { target: "53", protocol: udp }]
    depends_on: { db: { condition: service_started } }
    networks: { front: { aliases: [] } }
    healthcheck: { test: [CMD-SHELL, curl localhost], interval: 30s, timeout: 10s, retries: 3, start_period: 0s }
    deploy: { resources: { limits: { cpus: "0.25", memory: 64M, pids: 32 } } }
    ulimits: { nofile: { soft: 512, hard: 512 } }
  db: { image: nginx:alpine }
networks: { front: { internal: true } }
volumes: { data: {} }
`);
    expect(long.model).toEqual(short.model);
    expect(short.model.services[0]).toMatchObject({
      environment: { MODE: 'a=b', DEBUG: 'true', N: '1' },
      limits: { cpuMillis: 250, memoryBytes: 64 * mebibyte, processes: 32 },
      mounts: [
        { source: { kind: 'volume', name: 'data' }, readOnly: true },
        { source: { kind: 'folder', folder: 'html' }, target: '/srv/html' },
        { source: { kind: 'workspace' }, target: '/workspace' },
        { source: { kind: 'tmpfs', sizeBytes: 16 * mebibyte } },
      ],
      endpoints: [
        { port: 80, protocol: 'tcp', publishedPort: 8080 },
        { port: 53, protocol: 'udp', publishedPort: null },
      ],
    });
  });

  it('has the sign $ where it is written twice, and aliases where they are used', () => {
    const { model } = accepted(`
x-image: &image nginx:alpine
services:
  web: { image: *image, command: [echo, "$$HOME $$$$"], environment: { PRICE: 5$$ } }
`);
    expect(model.services[0]).toMatchObject({
      command: ['echo', '$HOME $$'],
      environment: { PRICE: '5$' },
    });
  });

  it('gives the lower limit of two, and shares the rest among the others', () => {
    const { model } = accepted(`
services:
  a: { image: nginx:alpine, mem_limit: 700m, deploy: { resources: { limits: { memory: 512m } } } }
  b: { image: nginx:alpine }
  c: { image: nginx:alpine, cpus: 0.1 }
`);
    expect(model.services.map(({ limits }) => limits)).toEqual([
      { cpuMillis: 450, memoryBytes: 512 * mebibyte, processes: 85 },
      { cpuMillis: 450, memoryBytes: 256 * mebibyte, processes: 85 },
      { cpuMillis: 100, memoryBytes: 256 * mebibyte, processes: 85 },
    ]);
  });

  it('is refused with everything that is wrong, in the order of the file, and each at its line', () => {
    const file = `services:
  web:
    image: nginx:alpine
    privileged: true
    ports:
      - "80:80"
      - "\${PORT}:80"
    environment:
      GOOD: fine
      BAD NAME: x
    volumes:
      - /:/host
  app:
    command: npm start
    build: .
  db:
    image: evil:latest
  cache:
    image: "\${IMAGE}"
volumes:
  data:
    driver: local
`;
    const read = readCompose(file, exampleContext);
    expect('violations' in read && read.violations.map(({ path, line, rule }) => [path, line, rule])).toEqual([
      ['services.web.privileged', 4, 'compose.service.privileged'],
      ['services.web.ports[1]', 7, 'compose.variable'],
      ['services.web.environment.BAD NAME', 10, 'compose.service.environment'],
      ['services.web.volumes[0]', 12, 'compose.mount.host-path'],
      ['services.app', 13, 'compose.service.missing-key'],
      ['services.app.build', 15, 'compose.service.build'],
      ['services.db.image', 17, 'compose.image-allowed'],
      ['services.cache.image', 19, 'compose.variable'],
      ['volumes.data.driver', 22, 'compose.volume.driver'],
    ]);
  });

  it('asks the engine for no time that is too short for it', () => {
    const file = 'services: { web: { image: nginx:alpine, healthcheck: { test: "true", start_period: 999us } } }';
    const read = readCompose(file, exampleContext);
    expect('model' in read && read.model.services[0]?.healthcheck).toMatchObject({ startPeriodSeconds: 0 });
  });

  it('is refused with at most fifty faults', () => {
    const keys = Array.from({ length: 80 }, (_, i) => `k${i}: 1\n`).join('');
    const read = readCompose(`${keys}${template}`, exampleContext);
    expect('violations' in read && read.violations).toHaveLength(50);
  });
});
