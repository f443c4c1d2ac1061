/** The token of an `Authorization: Bearer` header; no other place for a credential is ever read. */
export function readBearer(authorization: string | undefined): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
}
