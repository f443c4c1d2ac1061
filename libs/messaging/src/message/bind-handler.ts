import { UseFilters } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AppErrorFilter } from './app-error-filter.js';

/** A decorator for methods of the given shape; a method that takes fewer arguments fits too. */
export type HandlerDecorator<Handler> = <Method extends Handler>(
  prototype: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** Binds a method to a pattern of one transport, so that it gets `(payload, envelope)` and its errors stay whole. */
export function bindHandler(bindPattern: MethodDecorator): MethodDecorator {
  return (prototype, name, descriptor) => {
    Payload()(prototype, name, 0);
    Ctx()(prototype, name, 1);
    UseFilters(AppErrorFilter)(prototype, name, descriptor);
    bindPattern(prototype, name, descriptor);
  };
}
