import { describe, expect, it } from 'vitest';
import { dockerEnvironmentSchema, dockerTargetConfig } from './docker-target.config.js';

const identity = { name: 'local-docker', instance: 'main' };

describe('the Docker target of an environment', () => {
  it('is the local engine when nothing is said', () => {
    expect(dockerTargetConfig(dockerEnvironmentSchema.parse({}), identity)).toMatchObject({
      name: 'local-docker',
      instance: 'main',
      dockerHost: 'unix:///var/run/docker.sock',
      networkPrefix: 'nalabo-network',
      workbenchImage: 'nalabo/workbench:dev',
      registryAuth: undefined,
    });
  });

  it('has the registry login when both halves are given', () => {
    const variables = dockerEnvironmentSchema.parse({ DOCKER_USERNAME: 'u', DOCKER_PASSWORD: 'p' });
    expect(dockerTargetConfig(variables, identity).registryAuth).toEqual({ username: 'u', password: 'p' });
  });

  it('refuses half a registry login without repeating it', () => {
    const { error } = dockerEnvironmentSchema.safeParse({ DOCKER_PASSWORD: 'a-secret' });
    expect(error?.message).toContain('belong together');
    expect(error?.message).not.toContain('a-secret');
  });
});
