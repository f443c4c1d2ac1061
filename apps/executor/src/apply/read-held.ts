import { type ApplyModel, builtImageName, type ManifestsModel, type ServicesModel } from '@nalabo/infrastructure-port';
import { judgeBases, judgeModel, judgeObjects, type PolicyViolation, serviceOfImage } from '@nalabo/policy';
import { serviceShare } from '@nalabo/session';
import { brokenRules } from './broken-rules.js';
import { type HeldBefore, modelBefore } from './held-before.js';
import { manifestContext, type Reading, type ReadModel } from './read-model.js';

/**
 * Reads what a session has held. It has been through the rules before, and is judged again: the session may have less by now,
 * and the workshop fewer images.
 * @throws AppError `unprocessable` with every rule that is broken.
 */
export function readHeld(held: HeldBefore, reading: Reading): ReadModel {
  const model = modelBefore(held);
  return { model: model.type === 'yaml' ? judgedObjects(model, reading) : judgedServices(model, reading), notes: [] };
}

function judgedObjects(model: ManifestsModel, { takes, images }: Reading): ApplyModel {
  // The session refuses what it does not take.
  if (takes === 'compose') return model;
  const { objects, violations } = judgeObjects(model.objects, manifestContext(takes, images));
  requireNone(violations);
  return { ...model, objects };
}

function judgedServices(model: ServicesModel, { images, limits }: Reading): ApplyModel {
  const { build, compose } = model;
  const resources = serviceShare(limits);
  if (!build) {
    requireNone(judgeModel(compose, { images, resources }));
    return model;
  }
  requireNone(judgeBases(build.dockerfile, images));
  return { ...model, compose: serviceOfImage(build.dockerfile, builtImageName(build), resources) };
}

function requireNone(violations: readonly PolicyViolation[]): void {
  if (violations.length > 0) throw brokenRules(violations, 'What the session held before');
}
