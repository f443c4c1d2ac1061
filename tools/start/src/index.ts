export { type ApiAnswer, ApiClient, type ApiRequest, type CommandRequest, type CommandResult } from './api-client.js';
export { type Access, findAccess } from './dev-env.js';
export { ServiceProcess } from './service-process.js';
export { type RunningStack, type StackOptions, startStack, workspaceRoot } from './stack.js';
