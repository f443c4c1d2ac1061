/** The newest version of the engine's API that our tests have run against. */
export const newestTestedApiVersion = '1.41';

/** The version to speak: the newest we know, unless the engine is older, or has dropped it. */
export function chooseApiVersion(engine: { readonly newest: string; readonly oldest: string | undefined }): string {
  if (isOlder(engine.newest, newestTestedApiVersion)) return engine.newest;
  if (engine.oldest !== undefined && isOlder(newestTestedApiVersion, engine.oldest)) return engine.oldest;
  return newestTestedApiVersion;
}

function isOlder(left: string, right: string): boolean {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor === rightMajor ? leftMinor < rightMinor : leftMajor < rightMajor;
}
