import { z } from 'zod';
import type { OnPull } from './engine/image-pulls.js';
import type { RegistryAuth } from './engine/registry-auth.js';
import type { ImageCatalogue } from './services/image-catalogue.js';
import type { OnStep } from './session/step-record.js';

export interface DockerTargetConfig {
  readonly name: string;
  /** `unix:///path`, `tcp://host:port` or `https://host:port`. */
  readonly dockerHost: string;
  /** A directory with ca.pem, cert.pem and key.pem, for an engine behind TLS. */
  readonly certificatePath?: string | undefined;
  /** The installation: nothing without this label is ever touched. */
  readonly instance: string;
  /** The network of the platform's own parts, which sessions never join; written on session networks as a label. */
  readonly networkPrefix: string;
  readonly workbenchImage: string;
  /** The login for the registry of the workbench image, and for no other. */
  readonly registryAuth?: RegistryAuth | undefined;
  /** A file with a login for each registry, in the form of Docker's own config.json. It takes the place of the one login. */
  readonly registryAuthFile?: string | undefined;
  /** The images that services may run, and what they need. Default: those that are shipped with the platform. */
  readonly images?: ImageCatalogue | undefined;
  /**
   * Images are built for sessions, within a control group of the engine's machine that limits their processes. Default: none
   * are.
   */
  readonly buildCgroupParent?: string | undefined;
  /** For a service that only observes: calls that could change something fail before they are sent. */
  readonly readOnly?: boolean | undefined;
  /** Awaited after each step of `ensure`. */
  readonly onStep?: OnStep | undefined;
  /** Told when an image begins to be pulled, and when that has ended. */
  readonly onPull?: OnPull | undefined;
}

/** The variables that describe the Docker target of an installation. */
export const dockerEnvironmentSchema = z
  .object({
    DOCKER_HOST: z.string().min(1).default('unix:///var/run/docker.sock'),
    DOCKER_CERT_PATH: z.string().min(1).optional(),
    DOCKER_NETWORK: z.string().min(1).default('nalabo-network'),
    DOCKER_USERNAME: z.string().min(1).optional(),
    DOCKER_PASSWORD: z.string().min(1).optional(),
    /** A file with logins, in the form of Docker's own config.json. It takes the place of user name and password. */
    NALABO_REGISTRY_AUTH: z.string().min(1).optional(),
    NALABO_WORKBENCH_IMAGE: z.string().min(1).default('nalabo/workbench:dev'),
    /** The control group of builds, as the engine is told it: images are built for sessions when there is one. */
    NALABO_BUILD_CGROUP: z.string().min(1).optional(),
    /** A file that says what images services may run, in the place of those that are shipped. */
    NALABO_IMAGES: z.string().min(1).optional(),
  })
  .refine((variables) => (variables.DOCKER_USERNAME === undefined) === (variables.DOCKER_PASSWORD === undefined), {
    error: 'DOCKER_USERNAME and DOCKER_PASSWORD belong together',
    path: ['DOCKER_PASSWORD'],
  });

export type DockerEnvironment = z.infer<typeof dockerEnvironmentSchema>;

export function dockerTargetConfig(
  variables: DockerEnvironment,
  identity: { readonly name: string; readonly instance: string },
): DockerTargetConfig {
  const { DOCKER_USERNAME: username, DOCKER_PASSWORD: password } = variables;
  return {
    ...identity,
    dockerHost: variables.DOCKER_HOST,
    certificatePath: variables.DOCKER_CERT_PATH,
    networkPrefix: variables.DOCKER_NETWORK,
    workbenchImage: variables.NALABO_WORKBENCH_IMAGE,
    registryAuthFile: variables.NALABO_REGISTRY_AUTH,
    buildCgroupParent: variables.NALABO_BUILD_CGROUP,
    registryAuth: username === undefined || password === undefined ? undefined : { username, password },
  };
}
