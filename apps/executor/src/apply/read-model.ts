import type { ApplyConfiguration, ApplyNote, Capability, Limits } from '@nalabo/contracts';
import { type ApplyModel, builtImageName, type ManifestScope } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { type ManifestContext, readCompose, readDockerfile, readManifests, serviceOfImage } from '@nalabo/policy';
import { serviceShare } from '@nalabo/session';
import { brokenRules } from './broken-rules.js';

type SentConfiguration = Pick<ApplyConfiguration, 'type' | 'configuration' | 'files'>;

/** What the session allows that a file is read for. */
export interface Reading {
  /** The one type that the session takes: Compose files, or manifests that are judged so. */
  readonly takes: 'compose' | ManifestScope;
  /** The names of images, each exactly as a file has to write it. */
  readonly images: readonly string[];
  /** Of the whole session. */
  readonly limits: Limits;
  /** Whether images are built where the session is. Left out where that can never be. */
  readonly builds?: Capability | undefined;
}

export interface ReadModel {
  readonly model: ApplyModel;
  readonly notes: readonly ApplyNote[];
}

/**
 * Reads a file that may be hostile: what comes out is made up of nothing but what the rules allow.
 * @throws AppError `unprocessable` with every rule that is broken, or saying what the session takes instead.
 */
export function readModel(sent: SentConfiguration, reading: Reading): ReadModel {
  if (sent.type === 'dockerfile') return readImage(sent, reading);
  const { takes, images } = reading;
  if (sent.type === 'compose' && takes === 'compose') return readServices(sent, reading);
  if (sent.type === 'yaml' && takes !== 'compose') {
    return readYaml(sent, manifestContext(takes, images));
  }
  throw unavailable(`The session takes ${typeTaken(takes)} and not ${sent.type}.`);
}

export function manifestContext(scope: ManifestScope, images: readonly string[]): ManifestContext {
  return scope.isolation === 'namespace' ? { ...scope, images } : scope;
}

function typeTaken(takes: Reading['takes']): ApplyModel['type'] {
  return takes === 'compose' ? takes : 'yaml';
}

function readYaml({ configuration, files }: SentConfiguration, context: ManifestContext): ReadModel {
  if (Object.keys(files).length > 0) {
    const message = 'Files beside the configuration go with compose only.';
    throw new AppError('unprocessable', message, { details: { field: 'files' } });
  }
  const { objects, violations } = readManifests(configuration, context);
  if (violations.length > 0) throw brokenRules(violations);
  return { model: { type: 'yaml', objects }, notes: [] };
}

function readServices({ configuration, files }: SentConfiguration, { images, limits }: Reading): ReadModel {
  const sent = new Map(Object.entries(files));
  const read = readCompose(configuration, { images, resources: serviceShare(limits), files: sent });
  if ('violations' in read) throw brokenRules(read.violations);
  return { model: { type: 'compose', compose: read.model, files: sent }, notes: read.notes };
}

/** The rules come first: who broke them learns of it wherever nothing is built. */
function readImage({ configuration, files }: SentConfiguration, { takes, images, limits, builds }: Reading): ReadModel {
  const read = readDockerfile(configuration, { images, files: new Map(Object.entries(files)) });
  if ('violations' in read) throw brokenRules(read.violations);
  if (!builds?.available) {
    const reason = builds?.reason ?? 'they come ready-made';
    throw unavailable(`Images are not built here: ${reason}. The session takes ${typeTaken(takes)}.`);
  }
  const build = { dockerfile: read.model, files };
  const compose = serviceOfImage(read.model, builtImageName(build), serviceShare(limits));
  return { model: { type: 'compose', compose, files: new Map(), build }, notes: read.notes };
}

function unavailable(message: string): AppError {
  return new AppError('unprocessable', message, { details: { code: 'feature_unavailable', field: 'type' } });
}
