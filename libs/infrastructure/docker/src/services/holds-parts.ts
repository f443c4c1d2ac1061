import { flatten, type EngineObjects } from '../session/session-objects.js';
import { networkLabel, serviceLabel, volumeLabel } from './service-labels.js';

/** Whether anything of a session was made by an apply. */
export function holdsParts(objects: EngineObjects): boolean {
  return flatten(objects).some(({ labels }) =>
    [serviceLabel, networkLabel, volumeLabel].some((label) => labels[label] !== undefined),
  );
}
