import { expect, it } from 'vitest';
import { parseDebianRepository } from './apt-repository.js';

const debian = 'ID=debian\nVERSION_CODENAME=bookworm\n';
const targets = `https://example.org/tools/ nodistro main
http://mirror.example/debian-security/ bookworm-security main
https://example.org/linux/ bookworm stable
http://mirror.example/debian/ bookworm main
`;

it.each([
  ['the mirror of the installed release', debian, targets, 'http://mirror.example/debian/'],
  ['nothing without a list of that release', debian, 'http://mirror.example/debian/ trixie main\n', undefined],
  ['nothing on another distribution', debian.replace('debian', 'ubuntu'), targets, undefined],
])('the source of Debian packages is %s', (_, osRelease, lines, repository) => {
  expect(parseDebianRepository(osRelease, lines)).toBe(repository);
});
