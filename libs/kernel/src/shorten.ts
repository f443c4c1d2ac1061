/** The text, or its beginning with an ellipsis when it has more UTF-16 units than `longest`; never half a character. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
