import type { LoggerService } from '@nestjs/common';
import { DestinationStream, Logger as PinoLogger, pino } from 'pino';
import { maskPersonalData } from './mask';

export type Log = PinoLogger;

/** The injection token of the log. */
export const LOG = Symbol('log');

/** Keys whose values never reach a log, wherever somebody puts them. */
const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'cookie', 'text', 'body', 'phone', 'to', 'url'];

/**
 * Structured lines on standard output. Levels mean something: ERROR is "someone must act now", WARN "look at it today".
 * Phone numbers are masked in the finished line, so that no careless message, nor a driver's error, can carry one.
 */
export function createLog(level: string, destination: DestinationStream = process.stdout): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[masked]' },
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void destination.write(maskPersonalData(line)) },
  );
}

/** Only what helps to find a fault: an error's other properties may hold statements' parameters or request headers. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  // PostgreSQL's data exceptions (class 22) quote the value itself.
  if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code))
    return { name, code, message: 'a value was not accepted' };
  return { name, message: error.message, code, stack, ...(cause ? { cause: describeError(cause) } : {}) };
}

/** Nest's own messages through the same log; its start-up chatter is worth no more than debug. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Log) {}

  log(message: unknown, context?: string): void {
    this.log_.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.log_.warn({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const [stack, context] = rest;
    this.log_.error({ context, err: message instanceof Error ? message : undefined, stack }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.log_.debug({ context }, String(message));
  }
}
