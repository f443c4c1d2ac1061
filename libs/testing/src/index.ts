export { aSessionView, anActor } from './builders.js';
export { eventually } from './eventually.js';
export type { Patience } from './eventually.js';
export { findTestEngine } from './find-test-engine.js';
export type { TestEngine } from './find-test-engine.js';
export { startTestNats } from './start-test-nats.js';
export type { TestNats } from './start-test-nats.js';
export { startTestPostgres } from './start-test-postgres.js';
export type { TestPostgres } from './start-test-postgres.js';
