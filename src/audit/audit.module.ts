import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller';
import { AuditReadModel } from './audit.read-model';
import { Chainer } from './chainer';

@Module({ controllers: [AuditController], providers: [AuditReadModel, Chainer] })
export class AuditModule {}
