/** What the operator's template of an address may name. */
export interface KubeconfigPlace {
  readonly session: string;
  readonly namespace: string;
  /** The address of the virtual API's Service, where it is known already. */
  readonly clusterIP?: string;
}

/** The address under which a learner reaches the virtual API from outside: `https://{session}.labs.example.org`. */
export function kubeconfigServer(template: string, place: KubeconfigPlace): string {
  return template.replaceAll(/\{(session|namespace|clusterIP)\}/g, (_, key: keyof KubeconfigPlace) => place[key] ?? '');
}

/** The host of that address, which the certificate has to name; the address of the Service it names anyway. */
export function kubeconfigHost(template: string | undefined, place: KubeconfigPlace): string | undefined {
  if (template === undefined || template.includes('{clusterIP}')) return undefined;
  return new URL(kubeconfigServer(template, place)).hostname;
}
