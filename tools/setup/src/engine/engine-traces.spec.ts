import { describe, expect, it } from 'vitest';
import { firewallUndo, linksToRemove, mountsToRemove } from './engine-traces.js';

const before = `*filter
:INPUT ACCEPT [1:2]
:FORWARD ACCEPT [0:0]
-A FORWARD -s 10.0.0.0/8 -j ACCEPT
COMMIT
`;
const after = `*filter
:INPUT ACCEPT [7:9]
:FORWARD DROP [4:4]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j ACCEPT
-A FORWARD -s 10.0.0.0/8 -j ACCEPT
-A FORWARD -s 192.168.0.0/16 -j ACCEPT
COMMIT
*nat
:DOCKER - [0:0]
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
`;

describe('the firewall', () => {
  it('loses the rules and chains of the engine and gets its policy back; others keep theirs', () => {
    expect(firewallUndo(before, after).map((args) => args.join(' '))).toEqual([
      '-w -t filter -D FORWARD -j DOCKER-USER',
      '-w -t filter -D FORWARD -o docker0 -j ACCEPT',
      '-w -t filter -F DOCKER',
      '-w -t filter -F DOCKER-USER',
      '-w -t filter -X DOCKER',
      '-w -t filter -X DOCKER-USER',
      '-w -t filter -P FORWARD ACCEPT',
      '-w -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
      '-w -t nat -F DOCKER',
      '-w -t nat -X DOCKER',
    ]);
  });

  it('is left alone where nothing changed but counters', () => {
    expect(firewallUndo(after, after.replace('[4:4]', '[5:5]'))).toEqual([]);
  });

  it('accepts by default when it had no rules at all before', () => {
    expect(firewallUndo('', after)).toContainEqual(['-w', '-t', 'filter', '-P', 'FORWARD', 'ACCEPT']);
  });
});

it('removes only bridges an engine made since', () => {
  const links = ['lo', 'docker0', 'br-0123456789ab', 'br-lan', 'br-ffffffffffff'];
  expect(linksToRemove(['lo', 'br-ffffffffffff'], links)).toEqual(['docker0', 'br-0123456789ab']);
});

it('removes only new mounts below the directories of the engine, the innermost first', () => {
  const line = (path: string): string => `42 27 254:0 / ${path} rw - ext4 /dev/vda rw`;
  const earlier = line('/');
  const now = [earlier, ...['/data', '/data/overlay', '/database', '/mnt'].map(line)].join('\n');
  expect(mountsToRemove(earlier, now, ['/data'])).toEqual(['/data/overlay', '/data']);
});
