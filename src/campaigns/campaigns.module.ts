import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery';
import { TemplatesModule } from '../templates';
import { CampaignsBell } from './campaigns.bell';
import { CampaignsController } from './campaigns.controller';
import { CampaignsService } from './campaigns.service';
import { DraftReader } from './draft-reader';

@Module({
  imports: [TemplatesModule, DeliveryModule],
  controllers: [CampaignsController],
  providers: [CampaignsService, DraftReader, CampaignsBell],
})
export class CampaignsModule {}
