import { byType, type Form, readAs, text, wholeNumber } from '../rules/form.js';
import type { ServiceUser } from './compose-model.js';

const id = wholeNumber(1, 65_535);

/** A user by number, with a group or without. Names could stand for root in an image. */
export const user: Form<ServiceUser> = {
  ...byType<ServiceUser>({
    number: readAs(id, (uid): ServiceUser => ({ uid, gid: null })),
    text: readAs(text({ pattern: /^\d{1,5}(:\d{1,5})?$/, longest: 11, says: 'numbers' }), (one, scope) => {
      const [uid, gid] = one.split(':').map((part) => id.read(Number(part), scope));
      if (uid === undefined || (one.includes(':') && gid === undefined)) return undefined;
      return { uid, gid: gid ?? null };
    }),
  }),
  says: 'the number of a user who is not root, such as 1000 or "1000:1000"',
};
