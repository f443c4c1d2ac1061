import {
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
  subnetOf,
  type SessionSpec,
} from '@nalabo/infrastructure-port';
import type { CreateBody } from '../engine/engine-objects.js';
import { labelPrefix, platformNetworkLabel } from './docker-labels.js';

/** What every network of a session is: no way out, and no address of the host on it. */
export function isolatedBridge(subnet: string): CreateBody {
  return {
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: true,
    Attachable: false,
    EnableIPv6: false,
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
    // An internal network alone still lets containers reach what the host listens on at the bridge's address.
    Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
  };
}

/** The create request of a session's network. */
export function networkOptions(
  spec: SessionSpec,
  { instance, networkPrefix }: { readonly instance: string; readonly networkPrefix: string },
): CreateBody & { readonly Name: string } {
  return {
    Name: sessionObjectName(spec.sessionId),
    ...isolatedBridge(subnetOf(spec.subnetIndex)),
    Labels: {
      ...prefixedLabels(ownershipOf(instance, spec), labelPrefix),
      [platformNetworkLabel]: networkPrefix,
    },
  };
}
