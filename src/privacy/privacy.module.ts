import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar';
import { PersonsController } from './persons.controller';
import { PersonsService } from './persons.service';
import { RequestsController } from './requests.controller';
import { RequestsService } from './requests.service';
import { RetentionBell } from './retention.bell';

@Module({
  imports: [CalendarModule],
  controllers: [PersonsController, RequestsController],
  providers: [PersonsService, RequestsService, RetentionBell],
})
export class PrivacyModule {}
