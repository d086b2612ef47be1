import 'reflect-metadata';
import { BadRequestException, Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Reads the form and answers. Nothing is checked, nothing is kept. */
@Controller('gateways')
class BareController {
  @Post(':gateway/receipts')
  @HttpCode(204)
  take(@Body() form: Readonly<Record<string, string>>): void {
    if (!form.MessageSid || !form.MessageStatus) throw new BadRequestException();
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

export interface BareAnswer {
  readonly error?: string;
  readonly port: number;
}

async function listen(): Promise<BareAnswer> {
  const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { port: (app.getHttpServer().address() as { port: number }).port };
}

process.on('message', () => {
  listen().then(
    (reply) => process.send!(reply),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
