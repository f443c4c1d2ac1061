export { type BackgroundOptions, type BackgroundProgram, startBackground } from './machine/background-program.js';
export { ensureChromium, findChromium } from './machine/ensure-chromium.js';
export { freePort } from './machine/free-port.js';
export {
  type InstallationChoices,
  type InstallPackages,
  installPolicy,
  type InstallPolicy,
  type MissingPackages,
  packageInstaller,
} from './machine/install-packages.js';
export type { Report } from './machine/report.js';
export { SetupError } from './machine/setup-error.js';
export { type NatsOptions, type RunningNats, startNats } from './nats/start-nats.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres/start-postgres.js';
export { DEFAULT_ENGINE_PATHS, type EnginePaths } from './engine/dockerd-process.js';
export { findEngine } from './engine/find-engine.js';
export { type Engine, type EngineOptions, startEngine } from './engine/start-engine.js';
export { ensureServiceImages } from './stand-ins/ensure-service-images.js';
export {
  ensureWorkbenchImage,
  type WorkbenchImage,
  type WorkbenchOptions,
} from './workbench/ensure-workbench-image.js';
export { type KubernetesSettings } from './kubernetes/kubernetes-settings.js';
export { prepareKubernetes } from './kubernetes/prepare-kubernetes.js';
export { findRig, type Rig } from './kubernetes/rig.js';
