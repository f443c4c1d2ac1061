import {
  pageSchema,
  type PutWorkshop,
  putWorkshopSchema,
  rpcs,
  workshopIdSchema,
  type WorkshopView,
  workshopViewSchema,
} from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAnswers, ApiCreated } from './api-documentation.js';
import { type PageQuery, pageQuerySchema } from './query.js';

const { listWorkshops, getWorkshop, putWorkshop, deleteWorkshop } = rpcs.provisioner;

@ApiTags('catalogue')
@Controller('api/workshops')
export class WorkshopsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @ApiAnswers({
    status: 200,
    description: 'Every workshop in its newest revision.',
    schema: pageSchema(workshopViewSchema),
    problems: ['invalid_input', 'timeout'],
  })
  list(@Query({ schema: pageQuerySchema }) { cursor, limit }: PageQuery, @FromCaller() caller: Caller) {
    return this.rpc.request(listWorkshops, { cursor: cursor ?? null, limit }, caller);
  }

  @Get(':workshopId')
  @ApiAnswers({
    status: 200,
    description: 'The workshop in its newest revision.',
    schema: workshopViewSchema,
    problems: ['invalid_input', 'not_found', 'timeout'],
  })
  get(
    @Param('workshopId', { schema: workshopIdSchema }) workshopId: string,
    @FromCaller() caller: Caller,
  ): Promise<WorkshopView> {
    return this.rpc.request(getWorkshop, { workshopId }, caller);
  }

  @Put(':workshopId')
  @ApiAnswers({
    status: 200,
    description:
      'For administrators. The workshop, stored as a new revision unless its newest one is the same; sessions keep the ' +
      'revision that they have. What it brings is held to the rules of files that learners apply: one that breaks them is ' +
      'refused with the code policy_violation and every rule that it breaks, and nothing is stored.',
    schema: workshopViewSchema,
    problems: ['invalid_input', 'forbidden', 'unprocessable', 'timeout'],
  })
  @ApiCreated('There was no such workshop, or it had been deleted.', workshopViewSchema)
  async put(
    @Param('workshopId', { schema: workshopIdSchema }) id: string,
    @Body({ schema: putWorkshopSchema }) body: PutWorkshop,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WorkshopView> {
    if (body.id !== undefined && body.id !== id) {
      throw new AppError('invalid_input', `The id is not ${id}, as in the path.`, { details: { field: 'id' } });
    }
    const { workshop, created } = await this.rpc.request(putWorkshop, { workshop: { ...body, id } }, caller);
    void reply.status(created ? 201 : 200);
    return workshop;
  }

  @Delete(':workshopId')
  @HttpCode(204)
  @ApiAnswers({
    status: 204,
    description: 'For administrators. No session is created from it any more; those that run go on. Twice is success.',
    problems: ['invalid_input', 'forbidden', 'not_found', 'timeout'],
  })
  async delete(
    @Param('workshopId', { schema: workshopIdSchema }) workshopId: string,
    @FromCaller() caller: Caller,
  ): Promise<void> {
    await this.rpc.request(deleteWorkshop, { workshopId }, caller);
  }
}
