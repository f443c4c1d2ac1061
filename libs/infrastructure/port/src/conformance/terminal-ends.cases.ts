import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import type { ConformanceContext } from './conformance-context.js';
import { namesLiving } from './exec-ends.cases.js';
import type { SessionRef } from '../reference.js';
import { outputOf } from './run-command.js';
import { Typist } from './typist.js';

/** Leaves processes behind that ignore being asked, one of them in a session of its own; then shows their ids. */
const stubborn = `sh -c 'trap "" TERM HUP INT; echo a=$$; sleep 1000; :' & setsid sh -c 'trap "" TERM HUP; echo b=$$; sleep 1000; :' & echo c=$$\r`;

/** How terminals end. */
export const terminalEndCases: ConformanceGroup = {
  name: 'terminal: ends',
  cases: [
    {
      rule: 'T9',
      states: 'the shell’s own end is told with its exit code, although something of it lives on',
      verify: async (context) => {
        const spec = await context.readySession();
        const typist = new Typist(context, await context.terminal(spec));
        await typist.type(`exit 7\r`);
        expect(await typist.end).toBe(7);
        const other = new Typist(context, await context.terminal(spec));
        await other.type(stubborn);
        await seesProcesses(other);
        await other.type('exit 8\r');
        expect(await other.end).toBe(8);
      },
    },
    {
      rule: 'T10',
      states: 'closing it ends the shell and everything that it started',
      verify: async (context) => {
        const spec = await context.readySession();
        const typist = new Typist(context, await context.terminal(spec));
        await typist.type(stubborn);
        const processIds = await seesProcesses(typist);
        await typist.terminal.close();
        await areGone(context, spec, processIds);
        await typist.end;
      },
    },
    {
      rule: 'T11',
      states: 'closing it ends also a shell whose output nobody takes, or has ever read, and may be repeated',
      verify: async (context) => {
        const spec = await context.readySession();
        const untaken = await context.terminal(spec);
        const shown = Promise.withResolvers<void>();
        const reading = untaken.read(() => {
          shown.resolve();
          return new Promise(() => undefined);
        });
        const unread = await context.terminal(spec);
        for (const [index, terminal] of [untaken, unread].entries()) {
          await terminal.write(Buffer.from(`echo $$ > shell-${index}; yes\r`));
        }
        await shown.promise;
        const shell = await context.shell(spec);
        const processIds = await context.eventually(async () => {
          const found = (await outputOf(shell, 'cat shell-0 shell-1')).match(/\d+/g) ?? [];
          expect(found).toHaveLength(2);
          return found;
        });
        await Promise.all([untaken.close(), unread.close(), unread.close()]);
        await reading;
        await areGone(context, spec, processIds);
      },
    },
    {
      rule: 'T12',
      states: 'a terminal whose workbench goes away is lost, and closing it is success',
      verify: async (context) => {
        const spec = await context.readySession();
        const typist = await readyTypist(context, spec);
        await context.harness.killWorkbench(spec);
        expect(await typist.end).toBeNull();
        await typist.terminal.close();
      },
    },
    {
      rule: 'T13',
      states: 'so is one whose session is destroyed',
      verify: async (context) => {
        const spec = await context.readySession();
        const typist = await readyTypist(context, spec);
        await context.target.lifecycle.destroy(spec, context.deadline());
        expect(await typist.end).toBeNull();
        await typist.terminal.close();
      },
    },
    {
      rule: 'T14',
      states: 'a session that is absent or whose workbench has ended has no terminal: not_found',
      verify: async (context) => {
        const refused = (ref: SessionRef): Promise<void> =>
          expect(context.terminal(ref)).rejects.toMatchObject({ kind: 'not_found' });
        await refused(context.newSpec());
        const spec = await context.readySession();
        await context.harness.killWorkbench(spec);
        await context.stopsBeingReady(spec);
        await refused(spec);
      },
    },
  ],
};

async function readyTypist(context: ConformanceContext, ref: SessionRef): Promise<Typist> {
  const typist = new Typist(context, await context.terminal(ref));
  await typist.type(`echo rea''dy\r`);
  await typist.sees(/[\r\n]ready/);
  return typist;
}

async function seesProcesses(typist: Typist): Promise<readonly string[]> {
  return [await typist.sees(/a=(\d+)/), await typist.sees(/b=(\d+)/), await typist.sees(/c=(\d+)/)];
}

async function areGone(context: ConformanceContext, ref: SessionRef, processIds: readonly string[]): Promise<void> {
  const shell = await context.shell(ref);
  await context.eventually(async () => expect(await outputOf(shell, namesLiving, ...processIds)).toBe(''));
}
