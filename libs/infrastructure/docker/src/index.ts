export { dockerTargetKind } from './docker-target-kind.js';
export { createDockerTarget } from './docker-target.js';
export { dockerEnvironmentSchema, dockerTargetConfig } from './docker-target.config.js';
export type { DockerEnvironment, DockerTargetConfig } from './docker-target.config.js';
export type { RegistryAuth } from './engine/registry-auth.js';
export { catalogueOf, grantableCapabilities, parseImageCatalogue, shippedImages } from './services/image-catalogue.js';
export type { GrantableCapability, ImageCatalogue, ImageRights } from './services/image-catalogue.js';
export type { ImagePull, OnPull } from './engine/image-pulls.js';
export type { OnStep } from './session/step-record.js';
