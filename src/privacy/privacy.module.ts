import { Module } from '@nestjs/common';
import { HolidaysController } from './holidays.controller';
import { PersonsController } from './persons.controller';
import { PersonsService } from './persons.service';
import { RequestsController } from './requests.controller';
import { RequestsService } from './requests.service';
import { RetentionBell } from './retention.bell';

@Module({
  controllers: [PersonsController, RequestsController, HolidaysController],
  providers: [PersonsService, RequestsService, RetentionBell],
})
export class PrivacyModule {}
