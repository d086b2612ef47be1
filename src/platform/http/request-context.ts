import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { NextFunction, Response } from 'express';
import type { Log } from '../observability/log';
import type { AppRequest } from './actor';
import { preferredLanguage } from './language';

const GIVEN_REQUEST_ID = /^[\w-]{8,64}$/;

const requestIds = new AsyncLocalStorage<string>();

/** The id of the request that is being answered; undefined in commands and in work that a bell started. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}

/** What a worker answers too. */
export function isMonitoring(path: string): boolean {
  return path.startsWith('/health/') || path === '/metrics';
}

/**
 * Gives every request an id (the caller's own X-Request-Id when it has a harmless form) and a language, and writes one
 * log line when it is answered: the path without its query, which may hold a number.
 */
export function requestContext(log: Log) {
  return (request: AppRequest, response: Response, next: NextFunction): void => {
    const started = performance.now();
    const given = request.headers['x-request-id'];
    request.requestId = typeof given === 'string' && GIVEN_REQUEST_ID.test(given) ? given : randomUUID();
    request.language = preferredLanguage(request.headers['accept-language']);
    response.setHeader('X-Request-Id', request.requestId);
    response.once('close', () => {
      const facts = {
        requestId: request.requestId,
        method: request.method,
        path: request.originalUrl.split('?')[0],
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
        actor: request.actor?.id,
        ...(response.writableFinished ? {} : { cutOff: true }),
      };
      log[request.originalUrl.startsWith('/health') ? 'debug' : 'info'](facts, 'answered');
    });
    // From the first id that is kept on, the process pays for each promise it makes: on Node 20 a tenth of what sending costs.
    // So a worker that nobody but monitoring asks keeps none.
    if (isMonitoring(request.path)) next();
    else requestIds.run(request.requestId, next);
  };
}
