import type { RuleTable } from '../rules/rule-table.js';
import type { RuleGroup } from '../rules/value-rule.js';
import { crossChecks } from './cross-checks.js';
import { dependencyTable } from './dependency-rules.js';
import { reservedLabel } from './entries.js';
import { fileTable } from './file-rules.js';
import { healthcheckTable } from './healthcheck-rules.js';
import { deployTable, limitTable, resourceTable, ulimitTable } from './limit-rules.js';
import { bindTable, mountTable, tmpfsTable } from './mount-rules.js';
import { mountSourceRules } from './mount-source.js';
import { mountTargetRules } from './mount-target.js';
import { networkTable, serviceNetworkTable, volumeTable } from './network-rules.js';
import { portTable } from './port-rules.js';
import { variableRules } from './replace-variables.js';
import { serviceTable } from './service-rules.js';
import { inService } from './wrap-examples.js';

/** Every rule of Compose files, for their test and for documentation. */
export const composePolicy: { readonly tables: readonly RuleTable[]; readonly groups: readonly RuleGroup[] } = {
  tables: [
    fileTable,
    serviceTable,
    mountTable,
    bindTable,
    tmpfsTable,
    portTable,
    dependencyTable,
    healthcheckTable,
    serviceNetworkTable,
    deployTable,
    resourceTable,
    limitTable,
    ulimitTable,
    networkTable,
    volumeTable,
  ],
  groups: [
    mountSourceRules,
    mountTargetRules,
    { title: 'labels', rules: [reservedLabel], wrap: inService },
    variableRules,
    crossChecks as RuleGroup,
  ],
};
