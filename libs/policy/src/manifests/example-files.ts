import { completed } from './manifest-table.js';

const nothing = {};

/** A whole file around fields in flow style. */
export function file(apiVersion: string, kind: string, spec: string, key = 'spec'): string {
  const fields = spec === '' ? '' : `${key}: { ${spec} }\n`;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: web }\n${fields}`;
}

/** The same with fields of the object itself. */
export function objectFile(apiVersion: string, kind: string, fields: string, needed: Record<string, string> = nothing) {
  return `{ ${completed(fields, { apiVersion, kind, metadata: '{ name: web }', ...needed })} }\n`;
}

export const aContainer = '{ name: web, image: nginx:alpine }';
export const aPodSpec = `{ containers: [${aContainer}] }`;
export const aTemplate = `{ metadata: { labels: { app: web } }, spec: ${aPodSpec} }`;
export const aSelector = '{ matchLabels: { app: web } }';

export const inPodSpec = (fields: string): string =>
  file('v1', 'Pod', completed(fields, { containers: `[${aContainer}]` }));

export const inContainer = (fields: string): string =>
  inPodSpec(`containers: [{ ${completed(fields, { name: 'web', image: 'nginx:alpine' })} }]`);

export const inVolume = (fields: string): string => inPodSpec(`volumes: [{ ${completed(fields, { name: 'data' })} }]`);

export const inWorkload = (kind: string, fields: string, needed: Record<string, string> = nothing): string =>
  file('apps/v1', kind, completed(fields, { selector: aSelector, template: aTemplate, ...needed }));

export const inJob = (fields: string): string => file('batch/v1', 'Job', completed(fields, { template: aTemplate }));

export const inService = (fields: string): string =>
  file('v1', 'Service', completed(fields, { selector: '{ app: web }', ports: '[{ port: 80 }]' }));

export const inClaim = (fields: string): string =>
  file(
    'v1',
    'PersistentVolumeClaim',
    completed(fields, { accessModes: '[ReadWriteOnce]', resources: '{ requests: { storage: 1Gi } }' }),
  );

const aBackend = '{ service: { name: web, port: { number: 80 } } }';

export const inIngressRule = (fields: string): string => {
  const http = `{ paths: [{ path: /, pathType: Prefix, backend: ${aBackend} }] }`;
  return inIngress(`rules: [{ ${completed(fields, { host: 'web.labs.example.org', http })} }]`);
};

export const inIngressPath = (fields: string): string =>
  inIngressRule(`http: { paths: [{ ${completed(fields, { path: '/', pathType: 'Prefix', backend: aBackend })} }] }`);

export const inIngressBackend = (fields: string): string =>
  inIngressPath(`backend: { ${completed(fields, { service: '{ name: web, port: { number: 80 } }' })} }`);

export function inIngress(fields: string): string {
  const rules = `[{ host: web.labs.example.org, http: { paths: [{ path: /, pathType: Prefix, backend: ${aBackend} }] } }]`;
  return file('networking.k8s.io/v1', 'Ingress', completed(fields, { rules }));
}

export const inAutoscaler = (fields: string): string => {
  const scaleTargetRef = '{ apiVersion: apps/v1, kind: Deployment, name: web }';
  return file('autoscaling/v2', 'HorizontalPodAutoscaler', completed(fields, { scaleTargetRef, maxReplicas: '3' }));
};
