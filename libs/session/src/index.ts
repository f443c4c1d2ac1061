export { mayAct, sessionActions } from './access.js';
export type { SessionAction } from './access.js';
