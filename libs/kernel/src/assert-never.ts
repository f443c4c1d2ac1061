/** Makes a switch exhaustive: adding a member to the union stops the code from compiling until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
