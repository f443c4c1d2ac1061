import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type SessionSpec, sessionObjectName } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { AttackBench } from './attack-bench.cases.js';

const attacks = join(import.meta.dirname, '../testing/attacks');
const probeMs = 300_000;

/** CHOWN, DAC_OVERRIDE, SETGID, SETUID and NET_BIND_SERVICE. */
const grantedMask = '00000000000004c3';

/** Of engines, databases, message buses, clusters and everything else that platforms run. */
const ports = [22, 53, 80, 443, 2375, 2376, 4222, 5432, 6222, 6443, 8080, 8222, 10250];

/** Addresses of the host, of its bridges, of clouds and of the world. */
function outside(): readonly string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const hosts = own.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  return [...hosts, '172.17.0.1', '169.254.169.254', '8.8.8.8', '1.1.1.1', 'fd00:ec2::254', 'fe80::1'];
}

async function aListener() {
  let calls = 0;
  const streams = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => void streams.listen(0, '0.0.0.0', resolve));
  const { port } = streams.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => (calls += 1));
  await new Promise<void>((resolve) => void datagrams.bind(port, '0.0.0.0', resolve));
  onTestFinished(() => {
    streams.close();
    datagrams.close();
  });
  return { port, calls: () => calls };
}

await describeOnEngine('a service that attacks', (current) => {
  const aBench = async (): Promise<AttackBench> => {
    const bench = await AttackBench.start(current().socketPath);
    onTestFinished(() => bench.stop());
    return bench;
  };

  async function addressesOf(bench: AttackBench, spec: SessionSpec, part?: string): Promise<readonly string[]> {
    const { NetworkSettings } = await bench.inspect(spec, part);
    return Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
  }
  /** The first address of the subnet, where other bridges have the host. */
  const gatewayOf = (address: string): string => address.replace(/\d+$/, (last) => String((Number(last) & ~15) + 1));

  it('can do nothing in its container, and reaches nothing but its own session', { timeout: probeMs }, async () => {
    const bench = await aBench();
    const { attacker, bystander } = bench;
    const listener = await aListener();
    const others = [...(await addressesOf(bench, bystander)), ...(await addressesOf(bench, bystander, 's-standing'))];
    const [own = ''] = await addressesOf(bench, attacker);
    const other = sessionObjectName(bystander.sessionId);
    const targets = {
      addresses: [...outside(), ...others, ...[own, ...others].map(gatewayOf)],
      ports: [...ports, listener.port],
      datagrams: [listener.port],
      names: [
        other,
        `${other}-s-standing`,
        'standing',
        'host.docker.internal',
        'metadata.google.internal',
        'example.com',
      ],
      neighbours: [
        ['peer', 8000],
        ['workbench', 1],
      ],
    };
    const files = new Map([
      ['probe/run.sh', await readFile(join(attacks, 'service-probes.sh'), 'utf8')],
      ['probe/reach.py', await readFile(join(attacks, 'service-reach.py'), 'utf8')],
      ['probe/targets.json', JSON.stringify(targets)],
    ]);
    const volumes = 'volumes: ["./probe:/probe:ro", "data:/srv/data"]\ndepends_on: [peer]';
    const file = `services:\n  probe:\n${bench.service('sh /probe/run.sh', volumes)}  peer:\n${bench.service('python3 -m http.server 8000')}volumes: { data: }\n`;
    expect((await bench.applyFile(attacker, file, files)).map(({ action }) => action)).not.toContain('failed');
    const lines = (await bench.logOf(attacker, 'probe', /^END$/m)).split('\n').filter((line) => line !== '');
    const found = lines.filter((line) => /^(worked|reached|resolved|answered):/.test(line));
    // The first two and the last show that the probes can find something at all.
    expect(found).toEqual(['worked: run a program', 'worked: become another user', 'reached: peer 8000']);
    expect(lines.filter((line) => line.startsWith('status:'))).toEqual([
      `status: CapEff ${grantedMask}`,
      `status: CapBnd ${grantedMask}`,
      'status: NoNewPrivs 1',
      'status: Seccomp 2',
    ]);
    const volumesSeen = lines.filter((line) => /^mount: .*volumes\//.test(line));
    expect(volumesSeen).toHaveLength(2);
    for (const line of volumesSeen) expect(line).toContain(sessionObjectName(attacker.sessionId));
    expect(listener.calls()).toBe(0);
    await bench.expectConfined(attacker);
  });

  it('has no more of its image than the program', async () => {
    const bench = await aBench();
    const script = 'sh -c "id -u; touch /var/lib/attack/x && echo memory; sleep infinity"';
    await bench.applyFile(bench.attacker, `services:\n  web:\n${bench.service(script)}`);
    expect(await bench.logOf(bench.attacker, 'web', /memory/)).toBe('0\nmemory\n');
    const { Config, Mounts } = await bench.inspect(bench.attacker, 's-web');
    expect(Config.Healthcheck).toEqual({ Test: ['NONE'] });
    expect(Mounts).toEqual([]);
    await bench.expectConfined(bench.attacker);
  });

  it('gives names to nobody but its own session', async () => {
    const bench = await aBench();
    const { attacker, bystander } = bench;
    const other = sessionObjectName(bystander.sessionId);
    const ask = `getent ahostsv4 workbench standing ${other} | cut -d" " -f1 | sort -u; for name in workbench standing ${other} ${other}-s-standing; do echo $name $(getent ahostsv4 $name | cut -d" " -f1 | sort -u); done`;
    const before = await bench.says(bystander, ask);
    const names = `hostname: workbench\nnetworks:\n  default: { aliases: [workbench, standing] }\n  front: { aliases: [workbench, standing] }`;
    const file = `services:\n  standing:\n${bench.service('python3 -m http.server 80', names)}networks: { front: }\n`;
    expect((await bench.applyFile(attacker, file)).map(({ action }) => action)).not.toContain('failed');
    expect(await bench.says(bystander, ask)).toBe(before);
    await bench.expectConfined(attacker);
  });

  it('plants no program that makes a learner somebody else', async () => {
    const bench = await aBench();
    const plant =
      'sh -c "cp /usr/local/bin/setuid-id /project/planted && chmod 4755 /project/planted; ls -ln /project/planted; echo END; sleep infinity"';
    await bench.applyFile(bench.attacker, `services:\n  web:\n${bench.service(plant, 'volumes: [".:/project"]')}`);
    expect(await bench.logOf(bench.attacker, 'web', /END/)).toMatch(/^-rws.* 0 /);
    expect(await bench.says(bench.attacker, './planted -u')).toBe('1000\n');
  });

  it('is held to its processes, its memory and its temporary files', { timeout: probeMs }, async () => {
    const bench = await aBench();
    const { attacker, test } = bench;
    const forks =
      'python3 -c "import os, time\nfor _ in range(500):\n  try:\n    os.fork() or time.sleep(600)\n  except OSError:\n    print(\'no more\', flush=True); time.sleep(600)"';
    const lower = (command: string, memory: string): string =>
      bench
        .service(JSON.stringify(['sh', '-c', command]))
        .replace('96m', memory)
        .replace('pids_limit: 64', 'pids_limit: 16')
        .replace('cpus: 0.2', 'cpus: 0.15');
    const file = `services:
  forks:
${lower(forks, '64m')}  hungry:
${lower('python3 -c "bytearray(2 ** 30)"; exec python3 -c "x = bytearray(2 ** 30)"', '32m')}  writer:
${lower('dd if=/dev/zero of=/tmp/fill bs=1M count=100 2>&1; du -m /tmp/fill; echo END; sleep infinity', '96m')}`;
    await bench.applyFile(attacker, file);
    await bench.logOf(attacker, 'forks', /no more/);
    const top = await test.engine.docker.getContainer(sessionObjectName(attacker.sessionId, 's-forks')).top();
    expect((top.Processes as unknown[]).length).toBeLessThanOrEqual(16);
    expect(await bench.logOf(attacker, 'writer', /END/)).toMatch(/No space left on device[^]*\n6[0-4]\t\/tmp\/fill/);
    await eventually(
      async () => {
        const { services } = (await test.target.observe.observe(attacker, AbortSignal.timeout(10_000))) as {
          services?: readonly unknown[];
        };
        expect(services).toContainEqual({ name: 'hungry', state: 'ended', health: null, exitCode: 137 });
      },
      { timeoutMs: 60_000 },
    );
    expect(await bench.says(attacker, 'echo here')).toBe('here\n');
    await bench.expectConfined(attacker);
  });
});
