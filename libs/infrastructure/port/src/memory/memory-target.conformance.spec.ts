import { describeInfrastructureTarget } from '../conformance/index.js';
import { memoryHarness } from './memory-harness.js';

describeInfrastructureTarget('the memory target', () => Promise.resolve(memoryHarness()));
