/** Where the accounts of the platform's services are on a cluster, and how they are called. */
export interface AccountNames {
  /** Holds the service accounts. */
  readonly platformNamespace: string;
  /** Begins the name of every account and role, so that installations that share a cluster have roles of their own. */
  readonly rolePrefix: string;
}

/** The name of a service's account, in the namespace of the platform. */
export function accountName({ rolePrefix }: AccountNames, service: string): string {
  return `${rolePrefix}-${service}`;
}

/** The name of the cluster role that a service's account is given in every session. */
export function sessionRoleName({ rolePrefix }: AccountNames, service: string): string {
  return `${rolePrefix}-session-${service}`;
}
