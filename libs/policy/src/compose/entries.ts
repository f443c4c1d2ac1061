import { byType, type Form, listOf, mapOf, readAs, text } from '../rules/form.js';
import type { ValueRule } from '../rules/value-rule.js';
import { composeLimits } from './compose-limits.js';

/** The platform's own on each infrastructure, and the engine's. */
const reservedPrefixes = ['nalabo.', 'io.nalabo.', 'com.docker.', 'io.docker.', 'org.dockerproject.'];

export const reservedLabel: ValueRule = {
  id: 'compose.reserved-label',
  message: `begins like a label of the platform or the engine: ${reservedPrefixes.join(', ')}`,
  hint: 'Choose a label of your own, such as com.example.role.',
  examples: { accepted: 'labels: { com.example.role: front }', refused: 'labels: [io.nalabo.session=other]' },
};

const { entries, entryCharacters } = composeLimits;
const value = text({ longest: entryCharacters, says: 'a text' });
const variableName = text({
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  longest: 64,
  says: 'a name of letters, digits and _',
});
const labelName = readAs(
  text({ pattern: /^[A-Za-z0-9][A-Za-z0-9._/-]*$/, longest: 128, says: 'the name of a label' }),
  (name, scope) => {
    const isReserved = reservedPrefixes.some((prefix) => name.toLowerCase().startsWith(prefix));
    return isReserved ? scope.under(reservedLabel).refuse() : name;
  },
);

export const environment = { ...entriesOf(variableName), says: 'a map of names and values, or a list of NAME=value' };
export const labels = { ...entriesOf(labelName), says: 'a map of names and values, or a list of name=value' };

/** Names and values, as a map or as a list of `name=value`. A name without a value would be taken from our environment. */
function entriesOf(name: Form<string>): Form<ReadonlyMap<string, string>> {
  const scalar = byType({ text: value, number: asText('a number'), flag: asText('true or false') });
  const pair = readAs(text({ pattern: /=/, longest: entryCharacters + 128, says: 'name=value' }), (one, scope) => {
    const end = one.indexOf('=');
    const [readName, readValue] = [name.read(one.slice(0, end), scope), value.read(one.slice(end + 1), scope)];
    return readName === undefined || readValue === undefined ? undefined : ([readName, readValue] as const);
  });
  return byType({
    map: mapOf(name, scalar, entries),
    list: readAs(listOf(pair, entries), (pairs) => new Map(pairs)),
  });
}

function asText(says: string): Form<string> {
  return { says, read: (one) => String(one) };
}
