/** Something the person at the terminal can act on: the message is one line, without a stack worth showing. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
