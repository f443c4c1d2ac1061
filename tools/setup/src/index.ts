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
