import { writeFileSync } from 'node:fs';
import { currentPolicyPage, policyPagePath } from './current-policy-page.js';

writeFileSync(policyPagePath, await currentPolicyPage());
