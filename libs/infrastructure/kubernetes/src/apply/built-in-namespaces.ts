const names = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Whether an API has the object by itself: a file may change it, and never becomes the reason why it is there. */
export function isBuiltIn(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}): boolean {
  return object.apiVersion === 'v1' && object.kind === 'Namespace' && names.includes(object.name);
}
