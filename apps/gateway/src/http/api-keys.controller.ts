import {
  type CreatedKey,
  createdKeySchema,
  type CreateKey,
  createKeySchema,
  keyViewSchema,
  pageSchema,
} from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiKeyStore, type KeyPage } from '../auth/api-key.store.js';
import { newApiKey } from '../auth/api-key.js';
import { Authenticator } from '../auth/authenticator.js';
import { requireAdmin } from '../auth/require-admin.js';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers } from './api-documentation.js';
import { keysQuerySchema, type PageQuery } from './query.js';

const keyIdSchema = z.string().regex(/^[0-9a-f]{16}$/);

@ApiTags('keys')
@Controller('api/keys')
export class ApiKeysController {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly authenticator: Authenticator,
  ) {}

  @Post()
  @ApiAnswers({
    status: 201,
    description: 'The new key. Its text is shown here and never again.',
    schema: createdKeySchema,
    problems: ['invalid_input', 'forbidden'],
  })
  async create(
    @Body({ schema: createKeySchema }) body: CreateKey,
    @FromCaller() { actor }: Caller,
  ): Promise<CreatedKey> {
    requireAdmin(actor);
    const key = newApiKey();
    const view = await this.store.add({ ...body, id: key.keyId, hash: this.authenticator.hash(key) });
    return { ...view, key: key.text };
  }

  @Get()
  @ApiAnswers({
    status: 200,
    description: 'Newest first, revoked ones too.',
    schema: pageSchema(keyViewSchema),
    problems: ['invalid_input', 'forbidden'],
  })
  list(
    @Query({ schema: keysQuerySchema }) { cursor, limit }: PageQuery,
    @FromCaller() { actor }: Caller,
  ): Promise<KeyPage> {
    requireAdmin(actor);
    return this.store.list(cursor ?? null, limit);
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ApiAnswers({
    status: 204,
    description: 'The key is revoked: nowhere accepted after two seconds. Twice is success.',
    problems: ['invalid_input', 'forbidden', 'not_found'],
  })
  async revoke(@Param('keyId', { schema: keyIdSchema }) keyId: string, @FromCaller() { actor }: Caller): Promise<void> {
    requireAdmin(actor);
    const isKnown = await this.store.revoke(keyId);
    this.authenticator.forget(keyId);
    if (!isKnown) throw new AppError('not_found', 'There is no such key.');
  }
}
