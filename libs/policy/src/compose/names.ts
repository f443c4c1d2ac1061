import { text } from '../rules/form.js';

/** Services, networks and volumes become parts of the names of the engine's objects, and names that resolve. */
export const objectName = text({
  pattern: /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/,
  longest: 32,
  says: 'a name of small letters, digits, - and _',
});

export const hostName = text({
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i,
  longest: 63,
  says: 'a name of letters, digits and -',
});

/** Whether an image may be used is for the context to say. */
export const imageName = text({
  pattern: /^[a-z0-9][a-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/i,
  longest: 255,
  says: 'the name of an image',
});
