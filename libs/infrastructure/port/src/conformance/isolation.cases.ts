import { expect } from 'vitest';
import type { Shell } from '../exec.js';
import { declaring, type ConformanceGroup } from './conformance-case.js';
import { outputOf, runScript } from './run-command.js';

export const isolationCases: ConformanceGroup = {
  name: 'isolation',
  cases: [
    {
      rule: 'I1',
      states: 'the learner is user 1000 and the checker user 2000, without any capability or a way to gain one',
      verify: async (context) => {
        declaring(context.harness, 'isolation');
        const spec = await context.readySession();
        for (const [role, user] of [
          ['learner', '1000'],
          ['checker', '2000'],
        ] as const) {
          const shell = await context.shell(spec, role);
          expect(await outputOf(shell, 'id -u')).toBe(`${user}\n`);
          const status = await outputOf(shell, 'cat /proc/self/status');
          expect(status).toMatch(/^CapEff:\s*0+$/m);
          expect(status).toMatch(/^CapBnd:\s*0+$/m);
          expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
        }
      },
    },
    {
      rule: 'I2',
      states: 'only the workspace, the home directory and temporary files can be written',
      verify: async (context) => {
        declaring(context.harness, 'isolation');
        const shell = await context.shell(await context.readySession());
        await outputOf(shell, 'touch /workspace/probe /home/lab/probe /tmp/probe');
        for (const folder of ['/', '/etc', '/usr/bin', '/var', '/proc/sys/kernel', '/sys/fs/cgroup']) {
          const { end } = await runScript(shell, 'touch "$1/probe" 2>/dev/null', { args: [folder] });
          expect(end, folder).not.toMatchObject({ exitCode: 0 });
        }
      },
    },
    {
      rule: 'I3',
      states: 'the paths that belong to the machine do not exist inside',
      verify: async (context) => {
        const { forbiddenPaths } = declaring(context.harness, 'isolation').isolation;
        const shell = await context.shell(await context.readySession());
        const found = 'for path; do if [ -e "$path" ]; then echo "$path"; fi; done';
        expect(await outputOf(shell, found, ...forbiddenPaths)).toBe('');
      },
    },
    {
      rule: 'I4',
      states: 'no place of the machine, the platform or the internet can be reached',
      verify: async (context) => {
        const { isolation } = declaring(context.harness, 'isolation');
        const shell = await context.shell(await context.readySession());
        await reachesItself(shell);
        const endpoints = [...(await isolation.forbiddenEndpoints()), { host: '1.1.1.1', port: 443 }];
        for (const { host, port } of endpoints) {
          expect(await connect(shell, host, port), `${host}:${port}`).toBe('refused\n');
        }
      },
    },
    {
      rule: 'I5',
      states: 'one session cannot reach another, nor see its files or processes',
      verify: async (context) => {
        declaring(context.harness, 'isolation');
        const mine = await context.shell(await context.readySession());
        const theirs = await context.shell(await context.readySession());
        await reachesItself(mine);
        await outputOf(theirs, 'echo theirs > /workspace/theirs; nohup sleep 4321 >/dev/null 2>&1 &');
        await outputOf(theirs, `nohup ${server} >/dev/null 2>&1 &`);
        await context.eventually(async () => {
          expect(await connect(theirs, '127.0.0.1', serverPort)).toBe('reached\n');
        });
        const addresses = (await outputOf(theirs, 'hostname -I')).split(/\s+/).filter(Boolean);
        expect(addresses).not.toEqual([]);
        for (const address of addresses) expect(await connect(mine, address, serverPort), address).toBe('refused\n');
        expect(await outputOf(mine, 'ls /workspace; cat /proc/[0-9]*/cmdline 2>/dev/null || :')).not.toMatch(
          /theirs|4321/,
        );
      },
    },
  ],
};

const serverPort = 8099;
const server = `python3 -c 'import socket; s = socket.create_server(("0.0.0.0", ${serverPort})); [s.accept() for _ in iter(int, 1)]'`;

const connectScript = `
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)
    print("reached")
except OSError:
    print("refused")
`;

function connect(shell: Shell, host: string, port: number): Promise<string> {
  return outputOf(shell, 'python3 -c "$1" "$2" "$3"', connectScript, host, String(port));
}

/** Without this a session with a broken network, or without the program that probes, would pass as isolated. */
async function reachesItself(shell: Shell): Promise<void> {
  const script =
    'import socket; s = socket.create_server(("127.0.0.1", 0)); socket.create_connection(s.getsockname(), 3)';
  await outputOf(shell, 'python3 -c "$1"', script);
}
