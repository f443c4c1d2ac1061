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
