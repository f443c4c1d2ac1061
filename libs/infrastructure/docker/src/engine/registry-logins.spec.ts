import { expect, it } from 'vitest';
import { RegistryLogins } from './registry-logins.js';

const registryAuth = { username: 'somebody', password: 'a-secret' };

it.each([
  ['registry.example:5000/nalabo/workbench:1', 'registry.example:5000/team/nginx:1', registryAuth],
  ['registry.example:5000/nalabo/workbench:1', 'registry.example/team/nginx:1', undefined],
  ['registry.example:5000/nalabo/workbench:1', 'nginx:alpine', undefined],
  ['nalabo/workbench:dev', 'index.docker.io/library/nginx:alpine', registryAuth],
  ['nalabo/workbench:dev', 'registry.hostile/nginx:alpine', undefined],
])('the one login of a target whose workbench is %s is used for %s as %o', async (workbenchImage, image, login) => {
  expect(await new RegistryLogins({ registryAuth, workbenchImage }).forImage(image)).toEqual(login);
});
