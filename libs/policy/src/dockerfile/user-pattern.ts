/** A user, or a user and a group, by name or by number. */
export const userPattern = /^(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9})(?::(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9}))?$/;
