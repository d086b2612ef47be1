import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { ErrorRequestHandler, NextFunction, Response } from 'express';
import helmet from 'helmet';
import { AppModule } from './app.module';
import { ReceiptsRoute } from './delivery';
import type { GatewayRegistry } from './gateways';
import type { AppRequest } from './platform/http/actor';
import { ProblemFilter } from './platform/http/problem.filter';
import { isMonitoring, requestContext } from './platform/http/request-context';
import { createValidationPipe } from './platform/http/validation';
import { NestLog } from './platform/observability/log';
import type { Platform } from './platform/platform.module';

/** Larger bodies are files, which come by another way. */
const JSON_LIMIT = '1mb';

/** Builds the application; the caller lets it listen and closes it. */
export async function createApp(
  platform: Platform,
  gateways: GatewayRegistry,
  options: { bells: boolean } = { bells: true },
): Promise<NestExpressApplication> {
  const { config, log } = platform;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(platform, gateways, options), {
    rawBody: true,
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  if (config.TRUST_PROXY) app.set('trust proxy', 1);
  const context = requestContext(log);
  if (config.ROLE !== 'worker') app.use(app.get(ReceiptsRoute).handle, ofRefused(context));
  app.use(context);
  app.use(helmet(securityHeaders(config.PUBLIC_URL?.startsWith('https:') ?? false)));
  if (config.ROLE === 'worker') app.use(onlyMonitoring);
  app.useBodyParser('json', { limit: JSON_LIMIT });
  app.useBodyParser('urlencoded', { limit: JSON_LIMIT, extended: false });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  SwaggerModule.setup('api/docs', app, () => describeApi(app), { jsonDocumentUrl: 'api/openapi.json' });
  return app;
}

/** The OpenAPI document; the one in docs/ is compared with it. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('TinLuat')
    .setDescription('SMS legal outreach: import, approve, send, prove. Every 4xx is an RFC 9457 problem document.')
    .setVersion('1')
    .addCookieAuth('tinluat_session')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, base);
}

/** Gives what was refused before any other middleware its id, its language and its line in the log. */
function ofRefused(context: ReturnType<typeof requestContext>): ErrorRequestHandler {
  return (error, request, response, next) => context(request as AppRequest, response, () => next(error));
}

/** On plain http the headers that force https would leave a blank page at any name but localhost. */
function securityHeaders(isHttps: boolean): Parameters<typeof helmet>[0] {
  if (isHttps) return {};
  return {
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
    originAgentCluster: false,
    crossOriginOpenerPolicy: false,
  };
}

/** A worker answers who watches over it, and nobody else. */
function onlyMonitoring(request: AppRequest, response: Response, next: NextFunction): void {
  if (isMonitoring(request.path)) next();
  else response.status(404).end();
}
