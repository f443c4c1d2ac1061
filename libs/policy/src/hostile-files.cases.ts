/** For whoever makes requests of what a file asks for: files that nobody has thought of, and where they are read. */
export { composeFile } from './compose/compose-grammar.cases.js';
export { exampleContext } from './compose/example-context.cases.js';
