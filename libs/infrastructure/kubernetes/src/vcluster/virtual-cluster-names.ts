/** The release, its Deployment and its Service: the same in every session, as each has a namespace of its own. */
export const releaseName = 'vcluster';
/** Names the control plane of a virtual cluster in the part label. */
export const controlPlanePart = 'control-plane';
/** Where the control plane looks for its certificates before it makes any. */
export const certificatesSecret = `${releaseName}-certs`;
/** What the chart configures the control plane with. */
export const configurationSecret = `vc-config-${releaseName}`;
/** Where the port 443 of the Service leads to. */
export const controlPlanePort = 8443;

/** The host name in a session's kubeconfig. */
export const virtualApiHost = (namespace: string): string => `${releaseName}.${namespace}.svc`;

export const virtualApiServer = (namespace: string): string => `https://${virtualApiHost(namespace)}:443`;
