import { type Form, oneOf } from '../../rules/form.js';
import { inContainer, inPodSpec } from '../example-files.js';
import { onlyFalse } from '../manifest-forms.js';
import { safeSysctls, seLinuxTypes } from '../namespace/security-rules.js';
import type { PlaceRule } from './place-rule.js';

/** A rule of a security context; some keys are only of pods, some only of containers. */
export interface ConfinementRule extends PlaceRule {
  readonly of: 'pod' | 'container' | 'both';
}

interface Row {
  readonly of: ConfinementRule['of'];
  readonly at: readonly string[];
  readonly form?: Form<unknown>;
  readonly hint: string;
  /** Values of the first key. */
  readonly accepted: string;
  readonly refused: string;
}

/** Those that container engines give by default, and no more. */
const usualCapabilities = oneOf([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const profiles = oneOf(['RuntimeDefault', 'Localhost']);
const leaveOut = 'Leave it out.';
const seLinux = { of: 'both', hint: leaveOut, accepted: '{ level: "s0:c1,c2" }' } as const;

/** What the host refuses of every pod, told before one is made. */
const rows: readonly Row[] = [
  {
    of: 'container',
    at: ['privileged'],
    form: onlyFalse,
    hint: 'Let the program run without privileges.',
    accepted: 'false',
    refused: 'true',
  },
  {
    of: 'container',
    at: ['procMount'],
    form: oneOf(['Default']),
    hint: leaveOut,
    accepted: 'Default',
    refused: 'Unmasked',
  },
  {
    of: 'container',
    at: ['capabilities', 'add', '*'],
    form: usualCapabilities,
    hint: 'Let the program run without the capability.',
    accepted: '{ add: [CHOWN] }',
    refused: '{ add: [SYS_ADMIN] }',
  },
  ...['seccompProfile', 'appArmorProfile'].map((key): Row => {
    const examples = { accepted: '{ type: RuntimeDefault }', refused: '{ type: Unconfined }' };
    return { of: 'both', at: [key, 'type'], form: profiles, hint: 'Write RuntimeDefault.', ...examples };
  }),
  { ...seLinux, at: ['seLinuxOptions', 'type'], form: oneOf(seLinuxTypes), refused: '{ type: spc_t }' },
  { ...seLinux, at: ['seLinuxOptions', 'user'], refused: '{ user: system_u }' },
  { ...seLinux, at: ['seLinuxOptions', 'role'], refused: '{ role: system_r }' },
  {
    of: 'both',
    at: ['windowsOptions', 'hostProcess'],
    form: onlyFalse,
    hint: leaveOut,
    accepted: '{ hostProcess: false }',
    refused: '{ hostProcess: true }',
  },
  {
    of: 'pod',
    at: ['sysctls', '*', 'name'],
    form: oneOf(safeSysctls),
    hint: 'Use one that reaches no further than the pod.',
    accepted: '[{ name: net.ipv4.tcp_syncookies, value: "1" }]',
    refused: '[{ name: kernel.msgmax, value: "1" }]',
  },
];

export const confinementRules: readonly ConfinementRule[] = rows.map(({ accepted, refused, ...row }) => {
  const [key = ''] = row.at;
  const wrap = row.of === 'pod' ? inPodSpec : inContainer;
  const inContext = (value: string): string => wrap(`securityContext: { ${key}: ${value} }`);
  return {
    ...row,
    id: `manifests.virtual.${row.at.filter((part) => part !== '*').join('.')}`,
    message: row.form ? `must be ${row.form.says}` : 'is refused: it is the node that decides',
    examples: { accepted: inContext(accepted), refused: inContext(refused) },
  };
});
