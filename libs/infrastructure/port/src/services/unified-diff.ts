import { createTwoFilesPatch } from 'diff';

/** Of one object; a file of the largest size still answers within one message. */
const largestDiffBytes = 8 * 1024;
/** Two long texts that have nothing in common would take minutes to compare. */
const effort = { maxEditLength: 4000, timeout: 200 } as const;
/** Of both texts. To find the lines of longer ones takes longer than to compare them may. */
const largestTexts = 512 * 1024;

/** How one text becomes the other, as a unified diff; undefined when it would be too long. */
export function unifiedDiff(
  before: string,
  after: string,
  [nameBefore, nameAfter]: readonly [before: string, after: string] = ['live', 'applied'],
): string | undefined {
  if (before.length + after.length > largestTexts) return undefined;
  const patch = createTwoFilesPatch(nameBefore, nameAfter, before, after, undefined, undefined, {
    ...effort,
    context: 3,
  });
  if (patch === undefined || Buffer.byteLength(patch) > largestDiffBytes) return undefined;
  // The first line is a mere ruler.
  return patch.slice(patch.indexOf('--- '));
}
