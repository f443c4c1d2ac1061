import type { Capability, PreflightFinding } from '@nalabo/contracts';
import type { EngineFacilities, EngineVersion } from '../engine/engine-objects.js';

export interface EngineFacts {
  readonly version: EngineVersion;
  readonly facilities: EngineFacilities;
  readonly storageQuota: Capability;
  /** The registries that there are logins for, or why they cannot be read; null when no file names them. */
  readonly registries: readonly string[] | { readonly fault: string } | null;
  /** Whether builds are held to their limits; null where nothing is built. */
  readonly builds: Capability | null;
}

/** What the facts about an engine mean for sessions on it. */
export function engineFindings(facts: EngineFacts): readonly PreflightFinding[] {
  const { version, facilities, storageQuota, registries, builds } = facts;
  return [
    {
      name: 'engine version',
      status: 'ok',
      detail: `${version.version}, spoken to as API ${version.apiVersion}`,
    },
    limitsFinding(facilities),
    storageQuota.available
      ? { name: 'storage quota', status: 'ok', detail: 'the engine holds volumes to a size' }
      : { name: 'storage quota', status: 'warning', detail: storageQuota.reason ?? 'not available' },
    ...(registries === null ? [] : [loginsFinding(registries)]),
    ...(builds === null ? [] : [buildsFinding(builds)]),
  ];
}

function buildsFinding({ available, reason }: Capability): PreflightFinding {
  const name = 'image builds';
  if (available) return { name, status: 'ok', detail: 'their control group limits processes' };
  return { name, status: 'failed', detail: reason ?? 'not available' };
}

function loginsFinding(registries: NonNullable<EngineFacts['registries']>): PreflightFinding {
  const name = 'registry logins';
  if ('fault' in registries) return { name, status: 'failed', detail: registries.fault };
  return { name, status: 'ok', detail: registries.length === 0 ? 'none' : registries.join(', ') };
}

function limitsFinding(facilities: EngineFacilities): PreflightFinding {
  const { cgroupVersion, limitsCpu, limitsMemory, limitsProcesses } = facilities;
  const missing = [
    ...(limitsCpu ? [] : ['CPU']),
    ...(limitsMemory ? [] : ['memory']),
    ...(limitsProcesses ? [] : ['processes']),
  ];
  const name = 'control groups';
  if (missing.length === 0) return { name, status: 'ok', detail: `version ${cgroupVersion}, all limits are held` };
  const detail = `version ${cgroupVersion}, sessions are not held to their limits of ${missing.join(', ')}`;
  return { name, status: 'failed', detail };
}
