import { describe, expect, it } from 'vitest';
import type { ManifestContext } from './manifest-context.js';
import { readManifests } from './read-manifests.js';

const images = ['nginx:alpine', 'busybox:1.36', 'redis:7-alpine', 'postgres:16'];
const namespace: ManifestContext = {
  isolation: 'namespace',
  namespace: 'nalabo-session-example',
  images,
  hostSuffix: 'labs.example.org',
};
const virtual: ManifestContext = { isolation: 'virtual' };

const web = `
apiVersion: apps/v1
kind: Deployment
metadata:
  creationTimestamp: null
  labels: { app: web, app.kubernetes.io/name: web }
  name: web
  annotations: { kubernetes.io/change-cause: "first version" }
spec:
  replicas: 3
  revisionHistoryLimit: 5
  selector:
    matchLabels: { app: web }
  strategy: {}
  template:
    metadata:
      creationTimestamp: null
      labels: { app: web }
    spec:
      terminationGracePeriodSeconds: 30
      initContainers:
        - name: wait
          image: busybox:1.36
          command: ["sh", "-c", "until nslookup db; do sleep 2; done"]
      containers:
        - image: nginx:alpine
          name: nginx
          imagePullPolicy: IfNotPresent
          ports:
            - containerPort: 80
              name: http
              protocol: TCP
          env:
            - { name: TITLE, valueFrom: { configMapKeyRef: { name: page, key: title } } }
            - { name: PASSWORD, valueFrom: { secretKeyRef: { name: keys, key: password, optional: true } } }
            - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
            - { name: POD_APP, valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }
            - { name: MEMORY, valueFrom: { resourceFieldRef: { resource: limits.memory } } }
            - name: EMPTY
          envFrom: [{ configMapRef: { name: page } }, { secretRef: { name: keys } }]
          resources: { requests: { cpu: 0.1, memory: 64Mi }, limits: { cpu: 1, memory: 134217728 } }
          livenessProbe: { httpGet: { path: /healthz, port: http }, initialDelaySeconds: 5, periodSeconds: 10 }
          readinessProbe: { tcpSocket: { port: 80 }, failureThreshold: 3 }
          startupProbe: { exec: { command: [cat, /tmp/started] } }
          lifecycle: { preStop: { exec: { command: ["sh", "-c", "nginx -s quit"] } } }
          volumeMounts:
            - { name: page, mountPath: /usr/share/nginx/html, readOnly: true }
            - { name: cache, mountPath: /var/cache/nginx }
            - { name: conf, mountPath: /etc/nginx/conf.d/default.conf, subPath: default.conf }
          securityContext:
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            runAsUser: 101
            capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
      securityContext: { fsGroup: 101, runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      volumes:
        - { name: page, configMap: { name: page, items: [{ key: index, path: index.html }] } }
        - { name: cache, emptyDir: {} }
        - { name: conf, configMap: { name: conf, defaultMode: 0o644 } }
status: {}
`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: web, creationTimestamp: null }
spec:
  type: ClusterIP
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: http, protocol: TCP }]
status: { loadBalancer: {} }
`;
const others = {
  'a Pod as kubectl run writes it': `
apiVersion: v1
kind: Pod
metadata: { creationTimestamp: null, labels: { run: hello }, name: hello }
spec:
  containers: [{ image: nginx:alpine, name: hello, resources: {} }]
  dnsPolicy: ClusterFirst
  restartPolicy: Always
status: {}
`,
  'a Pod with a sidecar and a shared folder': `
apiVersion: v1
kind: Pod
metadata: { name: two }
spec:
  shareProcessNamespace: true
  volumes: [{ name: shared, emptyDir: { medium: Memory, sizeLimit: 32Mi } }]
  initContainers: [{ name: log, image: busybox:1.36, restartPolicy: Always, args: [tail, -f, /data/log], volumeMounts: [{ name: shared, mountPath: /data }] }]
  containers: [{ name: main, image: busybox:1.36, command: [sleep, "3600"], stdin: true, tty: true, workingDir: /tmp, volumeMounts: [{ name: shared, mountPath: /data }] }]
`,
  'a StatefulSet with a headless Service and claims': `
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 1
  selector: { matchLabels: { app: db } }
  updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 0 } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: postgres
          image: postgres:16
          env: [{ name: POSTGRES_PASSWORD, value: secret }, { name: PGDATA, value: /var/lib/postgresql/data/pgdata }]
          volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`,
  'a Job and a CronJob': `
apiVersion: batch/v1
kind: Job
metadata: { name: pi }
spec:
  backoffLimit: 4
  completions: 3
  parallelism: 2
  ttlSecondsAfterFinished: 100
  template: { spec: { containers: [{ name: pi, image: busybox:1.36, command: [date] }], restartPolicy: Never } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: tick }
spec:
  schedule: "*/1 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate: { spec: { template: { spec: { restartPolicy: OnFailure, containers: [{ name: tick, image: busybox:1.36, args: [/bin/sh, -c, date] }] } } } }
`,
  'configuration and keys': `
apiVersion: v1
kind: ConfigMap
metadata: { name: page }
data: { title: Hello, index: "<h1>Hello</h1>\\n", app.properties: "a=b" }
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
type: Opaque
stringData: { password: hidden }
data: { token: aGVsbG8= }
---
apiVersion: v1
kind: Secret
metadata: { name: certificate }
type: kubernetes.io/tls
data: { tls.crt: aGVsbG8=, tls.key: aGVsbG8= }
`,
  'a claim and a pod that uses it': `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], storageClassName: standard, resources: { requests: { storage: 500Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: user }
spec:
  containers: [{ name: a, image: redis:7-alpine, volumeMounts: [{ name: data, mountPath: /data }] }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`,
  'pods that keep apart': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: spread }
spec:
  selector: { matchLabels: { app: spread } }
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 25% } }
  template:
    metadata: { labels: { app: spread } }
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                labelSelector: { matchExpressions: [{ key: app, operator: In, values: [spread] }] }
                topologyKey: kubernetes.io/hostname
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: spread } } }
      nodeSelector: { kubernetes.io/os: linux }
      containers: [{ name: a, image: nginx:alpine }]
`,
  'an autoscaler': `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 1
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
  behavior: { scaleDown: { stabilizationWindowSeconds: 60 } }
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: { name: web-1 }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, maxReplicas: 3, targetCPUUtilizationPercentage: 80 }
`,
  'an Ingress': `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: web.labs.example.org
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] }
`,
  'a projected volume and the fields of the pod': `
apiVersion: v1
kind: Pod
metadata: { name: fields }
spec:
  containers: [{ name: a, image: busybox:1.36, volumeMounts: [{ name: all, mountPath: /etc/all }] }]
  volumes:
    - name: all
      projected:
        sources:
          - configMap: { name: page }
          - secret: { name: keys }
          - downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] }
    - { name: pod, downwardAPI: { items: [{ path: cpu, resourceFieldRef: { containerName: a, resource: limits.cpu } }] } }
`,
};
const ordinary = Object.entries({ 'a Deployment with everything': web, 'a Service': service, ...others });

/** What a learner does in a cluster of his own. */
const ownCluster = Object.entries({
  'a namespace and what limits it': `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota, namespace: shop }
spec: { hard: { pods: "4" } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-all, namespace: shop }
spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: [Ingress, Egress] }
`,
  'roles and service accounts': `
apiVersion: v1
kind: ServiceAccount
metadata: { name: admin }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: admin }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: admin, namespace: default }]
---
apiVersion: v1
kind: Pod
metadata: { name: reader, finalizers: [example.com/kept] }
spec:
  serviceAccountName: admin
  automountServiceAccountToken: true
  priorityClassName: important
  hostAliases: [{ ip: 127.0.0.1, hostnames: [foo.local] }]
  containers: [{ name: a, image: "any.registry.example/team/image@sha256:00", securityContext: { runAsUser: 0 } }]
  volumes: [{ name: token, projected: { sources: [{ serviceAccountToken: { path: token } }] } }]
`,
  'a kind of his own': `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
---
apiVersion: example.org/v1
kind: Gadget
metadata: { name: first }
spec: { hostNetwork: true, volumes: [{ hostPath: { path: / } }] }
`,
  'a DaemonSet': `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: a, image: busybox:1.36 }] } }
`,
  'Services of every kind but one': `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: away }
spec: { type: ExternalName, externalName: example.org }
---
apiVersion: v1
kind: Service
metadata: { name: by-hand }
spec: { ports: [{ port: 80 }] }
`,
  'a webhook and an Ingress with annotations': `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: check }
webhooks: []
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { nginx.ingress.kubernetes.io/rewrite-target: / } }
spec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }
`,
});

describe('ordinary manifests', () => {
  it.each(ordinary)('%s passes in a namespace and in a virtual cluster', (_, text) => {
    const hosted = readManifests(text, namespace);
    expect(hosted.violations).toEqual([]);
    const own = readManifests(text, virtual);
    expect(own.violations).toEqual([]);
    expect(hosted.objects.map(({ name, kind, line }) => [kind, name, line])).toEqual(
      own.objects.map(({ name, kind, line }) => [kind, name, line]),
    );
  });

  it.each(ownCluster)('%s passes in a virtual cluster as it is, and in no namespace', (_, text) => {
    const { objects, violations } = readManifests(text, virtual);
    expect(violations).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
    expect(readManifests(text, namespace).violations).not.toEqual([]);
  });
});

describe('what is applied in a namespace', () => {
  it('is what was written, and what the cluster demands of pods besides', () => {
    const { objects } = readManifests(web, namespace);
    expect(objects[0]?.content).toMatchObject({
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 3,
        strategy: {},
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { fsGroup: 101, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            initContainers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
            containers: [
              {
                env: expect.arrayContaining([{ name: 'EMPTY' }]),
                resources: { requests: { cpu: 0.1 }, limits: { memory: 134_217_728 } },
                securityContext: { runAsUser: 101, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } },
              },
            ],
            volumes: [{}, { name: 'cache', emptyDir: { sizeLimit: '256Mi' } }, {}],
          },
        },
      },
    });
    expect(objects[0]?.content).not.toHaveProperty('status');
    expect(objects[0]?.content).not.toHaveProperty('metadata.creationTimestamp');
  });
});
