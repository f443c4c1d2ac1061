const mebibyte = 2 ** 20;
/** With room for pods beside the workbench. */
export const limits = { cpuMillicores: 1000, memoryBytes: 1024 * mebibyte, storageBytes: 1024 * mebibyte };

/** A pod as the policy of manifests hands it over. */
export const podSpec = (text: string): string => `
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: web
          image: rig/busybox:1
          command: [sh, -c, "echo ${text} > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
`;

export const web = (text: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:${podSpec(text)}`;

export const service = (port: number): string => `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: ${port}, targetPort: 8080 }] }
`;

export const configMap = (name: string, text = 'a'): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { text: ${text} }
`;

export const join = (...objects: readonly string[]): string => objects.join('---');
