import { join } from 'node:path';
import { describeRules } from '@nalabo/policy';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../repository-root.js';
import { policyPage } from './policy-page.js';

export const policyPagePath = join(repositoryRoot, 'docs/apply-policy.md');

/** The page as it has to be for the rules that hold now, formatted as the whole repository is. */
export async function currentPolicyPage(): Promise<string> {
  const style = await resolveConfig(policyPagePath);
  return format(policyPage(describeRules()), { ...style, filepath: policyPagePath });
}
