import { httpStatusByKind, problemSchema } from '@nalabo/contracts';
import type { ErrorKind } from '@nalabo/kernel';
import { applyDecorators } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

const commonKinds: readonly ErrorKind[] = ['unauthenticated', 'exhausted', 'internal', 'unavailable'];

const problemContent = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

type SchemaComponent = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

// Two libraries describe the same JSON in types of their own.
const problemComponent = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' }) as SchemaComponent;

export interface DocumentedAnswer {
  readonly status: number;
  readonly description: string;
  /** None for an answer without a body. */
  readonly schema?: z.ZodType;
  /** Of an answer that is a text; with a schema, of one that is JSON or this text, as the client accepts it. */
  readonly mediaType?: string;
  /** What may go wrong besides what may go wrong everywhere. */
  readonly problems?: readonly ErrorKind[];
}

/** Documents one protected route: its good answer and every kind of refusal. */
export function ApiAnswers({
  status,
  description,
  schema,
  mediaType,
  problems = [],
}: DocumentedAnswer): MethodDecorator {
  const refusals = [...problems, ...commonKinds].map((kind) =>
    ApiResponse({ status: httpStatusByKind[kind], description: kind, content: problemContent }),
  );
  const answer = ApiResponse({ status, description, ...bodyOf(schema, mediaType) });
  return applyDecorators(ApiBearerAuth(), answer, ...refusals);
}

/** The further answer of a route that may answer before its work is done. */
export function ApiAccepted(description: string, schema: z.ZodType): MethodDecorator {
  return ApiResponse({ status: 202, description, standardSchema: schema });
}

/** The further answer of a route that may make what it changes. */
export function ApiCreated(description: string, schema: z.ZodType): MethodDecorator {
  return ApiResponse({ status: 201, description, standardSchema: schema });
}

function bodyOf(schema: z.ZodType | undefined, mediaType: string | undefined) {
  if (mediaType === undefined) return schema ? { standardSchema: schema } : {};
  const text = { [mediaType]: { schema: { type: 'string' } } };
  if (!schema) return { content: text };
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0' }) as SchemaComponent;
  return { content: { 'application/json': { schema: json }, ...text } };
}

/** Serves the description at `/api/docs` for people and at `/api/docs-json` for programs. */
export function serveApiDocumentation(app: NestFastifyApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Nalabo')
    .setDescription('Workshop sessions: real environments that live for a few hours and leave nothing behind.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: nlb_…' })
    .build();
  SwaggerModule.setup('api/docs', app, () => {
    const document = SwaggerModule.createDocument(app, description, { autoTagControllers: false });
    const schemas = { ...document.components?.schemas, Problem: problemComponent };
    return { ...document, components: { ...document.components, schemas } };
  });
}
