import { checkerShare, scratchBytes, type Share } from '../session/session-resources.js';

const mebibyte = 2 ** 20;

/** About 290 MiB at rest; what a busy learner adds is limited, not reserved. */
export const controlPlaneRequests = {
  cpuMillicores: 100,
  memoryBytes: 384 * mebibyte,
  ephemeralBytes: 256 * mebibyte,
} as const;
/** Its start is what a learner waits for, and it is all processor time. */
export const controlPlaneLimits = {
  cpuMillicores: 2000,
  memoryBytes: 1024 * mebibyte,
  ephemeralBytes: 2048 * mebibyte,
} as const;
export const virtualDnsLimits = {
  cpuMillicores: 200,
  memoryBytes: 128 * mebibyte,
  ephemeralBytes: 64 * mebibyte,
} as const;
/** The workbench only holds a shell and kubectl: the learner's share is for what runs in the virtual cluster. */
export const virtualWorkbenchShare = {
  cpuMillicores: 500,
  memoryBytes: 512 * mebibyte,
  ephemeralBytes: scratchBytes,
} as const;

const parts = [controlPlaneLimits, virtualDnsLimits, virtualWorkbenchShare, checkerShare];
const sumOf = (field: Exclude<keyof Share, 'pods'>): number => parts.reduce((sum, part) => sum + part[field], 0);

/**
 * What a session with a virtual cluster needs besides the learner's share: control plane, virtual DNS, workbench and
 * checker. Pods: these three, and one of each kind that may still be ending while its successor starts.
 */
export const virtualClusterOverhead: Share = {
  cpuMillicores: sumOf('cpuMillicores'),
  memoryBytes: sumOf('memoryBytes'),
  ephemeralBytes: sumOf('ephemeralBytes'),
  pods: 6,
};
