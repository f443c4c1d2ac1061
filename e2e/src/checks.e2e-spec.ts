import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import { fileOf, shippedIds, WorkshopAttempt } from './workshop-attempt.js';

const descriptions = shippedIds.map((id) => [id, fileOf(id, 'workshop.yaml')] as const);
/** Of those with services of their own a step counts only when a file has been applied as well. */
const shipped = descriptions.filter(([, text]) => /^checks:$/m.test(text) && !/^images:/m.test(text)).map(([id]) => id);

/** What makes git run programs of the learner's, wherever it is asked for anything in this repository. */
const plantedConfiguration = `
cd /workspace/project
printf '#!/bin/sh\\nid -u >>/tmp/ran-as\\nexit 0\\n' >/workspace/own && chmod +x /workspace/own
for hook in post-index-change post-checkout reference-transaction pre-auto-gc; do cp /workspace/own .git/hooks/$hook; done
git config core.fsmonitor /workspace/own
git config core.hooksPath /workspace/project/.git/hooks
git config core.pager /workspace/own && git config core.sshCommand /workspace/own
git config diff.external /workspace/own && git config credential.helper '!/workspace/own'
git config alias.cat-file '!/workspace/own' && git config alias.rev-list '!/workspace/own'
git config include.path /workspace/more && printf '[core]\\n\\talternateRefsCommand = /workspace/own\\n' >/workspace/more
git config remote.origin.url ext::/workspace/own && git config remote.origin.promisor true
git config extensions.partialClone origin && git config core.repositoryFormatVersion 1
git config safe.directory '*' && git config protocol.ext.allow always
cp .git/config /workspace/.gitconfig && cp .git/config /tmp/.gitconfig`;

/** Says that main merges the branch, as git believes it without a further thought. */
const forgedParents = `
cd /workspace/project
main=$(git rev-parse main) feature=$(git rev-parse feature)
git replace --graft "$main" "$(git rev-parse main^)" "$feature"
git -C /workspace/project rev-list --merges --parents main`;

/** Whatever reads these waits for ever, or gets more than it can hold. */
const hostileFiles = `
mkdir -p /workspace/expedition/logs /workspace/expedition/maps && cd /workspace/expedition
mkfifo crew.txt logs/crew.bak sleeper.pid count.sh
ln -s /dev/zero services.txt && ln -s /etc/shadow secret.txt && ln -s ../latest latest
truncate -s 400M result.txt && mkdir "$(printf 'odd\\n$(name)')" -- '-rf'`;

const hostileRepository = `
mkdir -p /workspace/project/.git/refs/heads /workspace/project/.git/refs/tags /workspace/project/.git/objects/info
cd /workspace/project/.git
mkfifo refs/heads/main packed-refs objects/info/alternates
ln -s /dev/zero HEAD && ln -s /proc/self/mem refs/heads/feature && mkdir refs/heads/formal
head -c 50M /dev/zero >refs/tags/v1.0`;

/** One service never says anything, the other never stops. */
const hostileServices = `cat >/tmp/service.py <<'PYTHON'
import socket, sys, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
def serve(client):
    try:
        client.sendall(b"HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nContent-Length: 999999999999\\r\\n\\r\\n")
        while True:
            client.sendall(b"[" * 65536)
    except OSError:
        pass
clients = []
while True:
    clients.append(server.accept()[0])
    if sys.argv[2] == "endless": threading.Thread(target=serve, args=[clients[-1]], daemon=True).start()
PYTHON
python3 /tmp/service.py 8001 silent >/dev/null 2>&1 &
python3 /tmp/service.py 8080 endless >/dev/null 2>&1 &
connection_refused=7
for port in 8001 8080; do
  until curl --silent --max-time 1 --output /dev/null http://127.0.0.1:$port/; [ $? -ne $connection_refused ]; do sleep 0.1; done
done`;

await describeJourney('the checks of a workshop', (current) => {
  it.each(shipped)('see each step of %s turn from failed to passed when it is solved', async (workshopId) => {
    const attempt = await WorkshopAttempt.begin(current(), workshopId);
    const before = await attempt.check();
    expect(before.passed).toBe(false);
    expect(before.results.length).toBeGreaterThanOrEqual(5);
    const ids = before.results.map(({ checkId }) => checkId);
    expect(before.results).toMatchObject(ids.map(() => ({ outcome: 'failed', hint: expect.any(String) })));

    for (const checkId of ids) {
      expect(await attempt.check(checkId)).toMatchObject({ results: [{ checkId, outcome: 'failed' }] });
      await attempt.solve(checkId);
      expect(await attempt.check(checkId)).toMatchObject({
        passed: true,
        results: [{ checkId, outcome: 'passed', hint: null }],
      });
    }
    expect(await attempt.check()).toMatchObject({ passed: true });
    expect(await attempt.standings()).toMatchObject(
      ids.map((checkId) => ({ checkId, trusted: true, attempts: 4, passedAt: expect.any(String) })),
    );
  });

  it.each(shipped)('pass when %s is solved as a whole', async (workshopId) => {
    const attempt = await WorkshopAttempt.begin(current(), workshopId);
    await attempt.solve();
    expect(await attempt.check()).toMatchObject({ passed: true });
  });

  it('run nothing that the configuration of a repository names, and believe nothing that it says', async () => {
    const attempt = await WorkshopAttempt.begin(current(), 'git-basics');
    await attempt.solve('repository', 'first-commit', 'ignore', 'branch');
    await attempt.do('cd /workspace/project && git switch -q main && git commit -q --allow-empty -m idle');
    // What it shows to the learner himself: a merge that has never been.
    expect(await attempt.do(forgedParents)).not.toBe('');
    await attempt.do(plantedConfiguration);
    await attempt.do('git -C /workspace/project status');
    expect(await attempt.do('cat /tmp/ran-as; rm /tmp/ran-as')).toContain('1000');

    expect(await attempt.outcomes()).toEqual({
      repository: 'passed',
      'first-commit': 'passed',
      ignore: 'passed',
      branch: 'passed',
      merge: 'failed',
      conflict: 'failed',
      tag: 'failed',
    });
    expect(await attempt.do('ls /tmp')).not.toContain('ran-as');
  });

  it('take a repository that git has packed', async () => {
    const attempt = await WorkshopAttempt.begin(current(), 'git-basics');
    await attempt.solve();
    await attempt.do('cd /workspace/project && git pack-refs --all && git gc --quiet && git commit-graph write');
    expect(await attempt.check()).toMatchObject({ passed: true });
  });

  it.each([
    ['linux-basics', hostileFiles, ['folders']],
    ['git-basics', hostileRepository, []],
    ['reverse-proxy', hostileServices, []],
  ])('of %s end as failed, and soon, when they are given what never ends', async (workshopId, hostile, passing) => {
    const attempt = await WorkshopAttempt.begin(current(), workshopId);
    await attempt.do(hostile);
    const { results } = await attempt.check();
    expect(results.filter(({ outcome }) => outcome === 'passed').map(({ checkId }) => checkId)).toEqual(passing);
    // None waits until its time is over.
    expect(results.filter(({ outcome }) => outcome === 'timed_out' || outcome === 'unknown')).toEqual([]);
  });
});
