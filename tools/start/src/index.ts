export { type Access, findAccess } from './dev-env.js';
export { ServiceProcess } from './service-process.js';
export { type RunningStack, type StackOptions, startStack, workspaceRoot } from './stack.js';
