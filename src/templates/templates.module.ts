import { Module } from '@nestjs/common';
import { TemplatesController } from './templates.controller';
import { TemplatesService } from './templates.service';
import { TextsController } from './texts.controller';
import { TopicsController } from './topics.controller';
import { TopicsService } from './topics.service';

@Module({
  controllers: [TemplatesController, TextsController, TopicsController],
  providers: [TemplatesService, TopicsService],
  exports: [TemplatesService],
})
export class TemplatesModule {}
