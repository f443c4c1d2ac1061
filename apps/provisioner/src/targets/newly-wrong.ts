import type { PreflightFinding } from '@nalabo/contracts';

/** What has to be told of the findings of now: everything that is not well and that was not told before in the same words. */
export function newlyWrong(
  before: readonly PreflightFinding[],
  now: readonly PreflightFinding[],
): readonly PreflightFinding[] {
  return now.filter(
    ({ name, status, detail }) =>
      status !== 'ok' && !before.some((told) => told.name === name && told.status === status && told.detail === detail),
  );
}
