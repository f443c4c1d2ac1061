import { serviceConfigSchema } from '@nalabo/service-host';
import { z } from 'zod';
import { parseApiKey } from './auth/api-key.js';

/** Each as a browser sends it: scheme, host and port. */
const originsSchema = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine(
    (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    'must be origins such as https://portal.example, separated by commas',
  );

const count = (usual: number) => z.coerce.number().int().positive().default(usual);

export const gatewayConfigSchema = serviceConfigSchema.safeExtend({
  /** Where the API is served, health and metrics with it. */
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Not used: health is served where the API is. */
  HEALTH_PORT: serviceConfigSchema.shape.HEALTH_PORT.default(0),
  /** The secret of the stored key hashes, the same on every replica. Changing it makes every key invalid. */
  API_KEY_PEPPER: z.string().min(32),
  /** A key that is an administrator's from its first use on, until it is revoked. */
  NALABO_BOOTSTRAP_KEY: z
    .string()
    .refine((text) => parseApiKey(text) !== undefined, 'must have the form nlb_<16 hex digits>_<43 characters>')
    .optional(),
  /** Per key and per replica. */
  NALABO_REQUESTS_PER_SECOND: count(50),
  NALABO_REQUEST_BURST: count(100),
  /** Further origins whose pages may connect to terminals, besides those of the gateway's own host. */
  NALABO_TERMINAL_ORIGINS: originsSchema,
  /** What may show the terminal page in a frame: `'self'`, `'none'`, or origins separated by spaces. */
  NALABO_TERMINAL_FRAME_ANCESTORS: z
    .string()
    .regex(/^[^;,\r\n]+$/, 'must be one source list of a content security policy')
    .default("'self'"),
});
