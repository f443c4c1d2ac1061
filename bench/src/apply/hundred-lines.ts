/** Files of about a hundred lines, as learners write them, that keep to every rule. */

const serviceLines = (name: string, port: number): string => `  ${name}:
    image: nginx:alpine
    hostname: ${name}
    working_dir: /usr/share/nginx/html
    command: ["nginx", "-g", "daemon off;"]
    environment:
      MODE: production
      GREETING: "hello from ${name}"
    ports:
      - "${port}:80"
    volumes:
      - ./${name}:/usr/share/nginx/html
      - ${name}-data:/data
    networks: [front]
    healthcheck:
      test: ["CMD", "true"]
      interval: 10s
      timeout: 2s
      retries: 3
    cpus: 0.05
    mem_limit: 32m
    pids_limit: 16
`;
const names = ['web', 'shop', 'mail', 'admin'];

export const composeFile = [
  'services:\n',
  ...names.map((name, index) => serviceLines(name, 8080 + index)),
  'networks:\n  front:\n',
  'volumes:\n',
  ...names.map((name) => `  ${name}-data:\n`),
].join('');

export const composeFolders: readonly string[] = names;

const deploymentLines = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: web
          image: nginx:alpine
          ports:
            - containerPort: 80
          env:
            - name: MODE
              value: production
          resources:
            requests: { cpu: 10m, memory: 32Mi }
            limits: { cpu: 50m, memory: 32Mi }
---
`;

export const manifestsFile = names.map(deploymentLines).join('');
