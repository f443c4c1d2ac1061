import { flag, listOf, oneOf, text } from '../../rules/form.js';
import { keysOf } from '../../rules/rule-table.js';
import { inContainer, inPodSpec } from '../example-files.js';
import { groupId, onlyFalse, onlyTrue, userId } from '../manifest-forms.js';
import { allow, completed, manifestTable, refuse } from '../manifest-table.js';

const inContainerSecurity = (fields: string): string => inContainer(`securityContext: { ${fields} }`);
const inPodSecurity = (fields: string): string => inPodSpec(`securityContext: { ${fields} }`);

const capability = text({ pattern: /^[A-Z_]+$/, longest: 32, says: 'a capability such as ALL or NET_RAW' });

export const capabilitiesTable = manifestTable({
  id: 'capabilities',
  title: 'capabilities of a container',
  wrap: (fields) => inContainerSecurity(`capabilities: { ${fields} }`),
  rules: {
    add: allow(
      listOf(oneOf(['NET_BIND_SERVICE']), 1),
      'Let the program run without the capability, or listen on a port above 1024.',
      '[NET_BIND_SERVICE]',
      '[SYS_ADMIN]',
    ),
    drop: allow(listOf(capability, 64), 'Write drop: [ALL].', '[ALL]', 'ALL'),
  },
});

const profile = (id: string, key: string, wrap: (fields: string) => string) =>
  manifestTable({
    id,
    title: 'a profile that confines processes',
    required: ['type'],
    wrap: (fields) => wrap(`${key}: { ${completed(fields, { type: 'RuntimeDefault' })} }`),
    rules: {
      type: allow(oneOf(['RuntimeDefault']), 'Leave it out, or write RuntimeDefault.', 'RuntimeDefault', 'Unconfined'),
      localhostProfile: refuse('profiles of a node are not for sessions', 'Leave it out.', 'profiles/own.json'),
    },
  });

export const seccompTable = profile('seccomp-profile', 'seccompProfile', inPodSecurity);
export const appArmorTable = profile('apparmor-profile', 'appArmorProfile', inPodSecurity);

/** Types that confine a container. */
export const seLinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'] as const;

export const seLinuxTable = manifestTable({
  id: 'selinux-options',
  title: 'a label of SELinux',
  wrap: (fields) => inPodSecurity(`seLinuxOptions: { ${fields} }`),
  rules: {
    type: allow(oneOf(seLinuxTypes), 'Leave it out, or write container_t.', 'container_t', 'spc_t'),
    level: allow(
      text({ pattern: /^s\d[-:.,cs\d]*$/, longest: 64, says: 'a level such as s0:c123,c456' }),
      'Leave it out.',
      '"s0:c123,c456"',
      'high',
    ),
    user: refuse('users of SELinux are those of the node', 'Leave it out.', 'system_u'),
    role: refuse('roles of SELinux are those of the node', 'Leave it out.', 'system_r'),
  },
});

/** What both a pod and its containers may say of themselves. */
const shared = {
  runAsUser: allow(userId, 'Use the id of a user that is not root, such as 1000.', '1000', '0'),
  runAsGroup: allow(groupId, 'Use the id of a group, such as 1000.', '1000', '-1'),
  runAsNonRoot: allow(onlyTrue, 'Leave it out: nothing runs as root here.', 'true', 'false'),
  seccompProfile: allow(
    keysOf(seccompTable),
    'Leave it out, or write { type: RuntimeDefault }.',
    '{ type: RuntimeDefault }',
    'RuntimeDefault',
  ),
  appArmorProfile: allow(
    keysOf(appArmorTable),
    'Leave it out, or write { type: RuntimeDefault }.',
    '{ type: RuntimeDefault }',
    'RuntimeDefault',
  ),
  seLinuxOptions: allow(keysOf(seLinuxTable), 'Leave it out.', '{ type: container_t }', 'container_t'),
  windowsOptions: refuse('sessions run on Linux', 'Leave it out.', '{ hostProcess: true }'),
};

export const containerSecurityTable = manifestTable({
  id: 'container-security',
  title: 'the security context of a container',
  wrap: inContainerSecurity,
  rules: {
    ...shared,
    privileged: allow(onlyFalse, 'Let the program run without privileges.', 'false', 'true'),
    allowPrivilegeEscalation: allow(onlyFalse, 'Leave it out, or write false.', 'false', 'true'),
    readOnlyRootFilesystem: allow(flag, 'Write true or false.', 'true', '"yes"'),
    procMount: allow(oneOf(['Default']), 'Leave it out.', 'Default', 'Unmasked'),
    capabilities: allow(keysOf(capabilitiesTable), 'Write { drop: [ALL] }.', '{ drop: [ALL] }', '[ALL]'),
  },
});

/** Sysctls that Kubernetes calls safe: they reach no further than their pod. */
export const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
] as const;

export const sysctlTable = manifestTable({
  id: 'sysctl',
  title: 'a setting of the kernel',
  required: ['name', 'value'],
  wrap: (fields) =>
    inPodSecurity(`sysctls: [{ ${completed(fields, { name: 'net.ipv4.tcp_syncookies', value: '"1"' })} }]`),
  rules: {
    name: allow(
      oneOf(safeSysctls),
      'Use one that reaches no further than the pod.',
      'net.ipv4.tcp_syncookies',
      'kernel.msgmax',
    ),
    value: allow(text({ longest: 64, says: 'a text' }), 'Write the value in quotes.', '"1"', '1'),
  },
});

export const podSecurityTable = manifestTable({
  id: 'pod-security',
  title: 'the security context of a pod',
  wrap: inPodSecurity,
  rules: {
    ...shared,
    fsGroup: allow(groupId, 'Use the id of a group, such as 1000.', '1000', '-1'),
    fsGroupChangePolicy: allow(oneOf(['OnRootMismatch', 'Always']), 'Write OnRootMismatch.', 'Always', 'Never'),
    supplementalGroups: allow(listOf(userId, 16), 'Use ids of groups other than 0.', '[1000]', '[0]'),
    supplementalGroupsPolicy: allow(oneOf(['Merge', 'Strict']), 'Write Strict.', 'Strict', 'Never'),
    sysctls: allow(
      listOf(keysOf(sysctlTable), 10),
      'Write a list of settings that reach no further than the pod.',
      '[{ name: net.ipv4.tcp_syncookies, value: "1" }]',
      '{}',
    ),
  },
});

export const containerSecurity = keysOf(containerSecurityTable);
export const podSecurity = keysOf(podSecurityTable);
