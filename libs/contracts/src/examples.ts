import type { CheckDefinition } from './http/check-definition.js';
import type { WorkshopContent } from './http/workshop-content.js';
import type { CheckResult } from './http/check-views.js';
import type { ExecutionView, SessionView, Usage, WorkshopView } from './views.js';

/** Values that the examples of several messages share. */
export const exampleSessionId = 'abcdefghijklmnopqrstuvwxyz';
export const exampleExecutionId = '0b6f8c1e-7c3a-4f57-9d36-2a8d0d1f4c11';
export const exampleApplyId = '3f1d2a64-0c1b-4d0e-8a7e-5b9f0e6c2d88';
export const exampleRollbackId = '9a4c7e10-52d3-4b8f-a6e1-0c3d5f7b9e24';
export const exampleLeaseToken = 'c2e1f7a4-3b5d-4c86-9f10-6d8a2b4e0c57';
export const exampleTerminalId = '7b1e9c52-6a0d-4f3b-8c25-1d4e6f7a8b90';
export const exampleLogReaderId = '5d3c7f0e-2b1a-4c8d-9e6f-7a8b9c0d1e2f';
export const exampleInstant = '2026-01-01T12:00:00.000Z';

export const exampleSession: SessionView = {
  id: exampleSessionId,
  ownerId: 'alice',
  workshopId: 'linux-basics',
  workshopRevision: 1,
  infrastructureType: 'docker',
  target: 'local-docker',
  state: 'READY',
  reason: null,
  resources: { cpu: '1000m', memory: '2Gi', storage: '10Gi' },
  storage: { requested: '10Gi', enforced: false, reason: 'the volume driver has no quota support' },
  progress: [{ step: 'network', status: 'done', durationMs: 71 }],
  endpoints: [],
  lastError: null,
  createdAt: exampleInstant,
  readyAt: exampleInstant,
  terminatedAt: null,
  expiresAt: '2026-01-01T16:00:00.000Z',
  remainingSeconds: 14_400,
  endsBy: '2026-01-01T20:05:00.000Z',
};

export const exampleWorkshop: WorkshopView = {
  id: 'linux-basics',
  revision: 1,
  title: 'Linux basics',
  description: 'Files, processes and pipes.',
  infrastructureTypes: ['docker'],
  defaultDurationMinutes: 240,
  maximumDurationMinutes: 480,
  defaultResources: { docker: { cpu: '1000m', memory: '2Gi', storage: '10Gi' } },
  checks: [{ id: 'notes-exist', title: 'There are notes' }],
};

export const exampleCheck: CheckDefinition = {
  id: 'notes-exist',
  title: 'There are notes',
  script: '[ -s /workspace/notes.txt ]',
  expect: { exitCode: 0, output: null },
  timeoutSeconds: 10,
  retries: { count: 0, intervalSeconds: 1 },
  hint: 'Write something into notes.txt.',
  trusted: true,
};

export const exampleWorkshopContent: WorkshopContent = {
  id: 'linux-basics',
  title: 'Linux basics',
  description: 'Files, processes and pipes.',
  infrastructure: ['docker'],
  durationMinutes: { default: 240, maximum: 480 },
  resources: { default: {}, maximum: { cpu: '4000m', memory: '8Gi', storage: '50Gi' } },
  kubernetes: { isolation: null },
  checks: [exampleCheck],
  environment: {},
  images: ['nginx:alpine'],
  compose: { text: 'services:\n  web:\n    image: nginx:alpine\n    volumes: [./html:/usr/share/nginx/html]\n' },
  manifests: null,
  files: { 'html/index.html': '<h1>Hello</h1>' },
};

export const exampleCheckResult: CheckResult = {
  checkId: exampleCheck.id,
  title: exampleCheck.title,
  attempt: 1,
  outcome: 'passed',
  exitCode: 0,
  tries: 1,
  durationMs: 12,
  hint: null,
  startedAt: exampleInstant,
};

export const exampleExecution: ExecutionView = {
  executionId: exampleExecutionId,
  sessionId: exampleSessionId,
  state: 'finished',
  command: 'echo hello',
  outcome: 'succeeded',
  exitCode: 0,
  stdout: 'aGVsbG8K',
  stderr: '',
  truncated: { stdout: false, stderr: false },
  startFailed: false,
  durationMs: 46,
  path: 'lane',
  leftProcesses: false,
  startedAt: exampleInstant,
};

export const exampleUsage: Usage = {
  at: exampleInstant,
  cpuMillicores: 12.5,
  cpuSecondsTotal: 3.2,
  memoryBytes: 4_194_304,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
  processes: 2,
};
