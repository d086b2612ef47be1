import { Module } from '@nestjs/common';
import { DeliveryModule } from '../delivery';
import { TemplatesModule } from '../templates';
import { HandOverController } from './approval/hand-over.controller';
import { HandOver } from './approval/hand-over.service';
import { OfficialDocumentsController } from './approval/official-documents.controller';
import { OfficialDocuments } from './approval/official-documents.service';
import { TestSendsController } from './approval/test-sends.controller';
import { TestSends } from './approval/test-sends.service';
import { CampaignsBell } from './campaigns.bell';
import { CampaignsController } from './campaigns.controller';
import { CampaignsService } from './campaigns.service';
import { DraftReader } from './draft-reader';
import { CampaignPreparation } from './preparation';
import { PreviewController } from './preview/preview.controller';
import { PreviewService } from './preview/preview.service';
import { CopiesService } from './running/copies.service';
import { ProgressFeed } from './running/progress-feed';
import { ProgressStreams } from './running/progress-streams';
import { ProgressController } from './running/progress.controller';
import { RunningController } from './running/running.controller';
import { SubmissionRules } from './submission-rules';
import { RecurrencesBell } from './schedule/recurrences.bell';
import { RecurrencesController } from './schedule/recurrences.controller';
import { RecurrencesService } from './schedule/recurrences.service';
import { UnknownTextsController } from './unknown/unknown-texts.controller';
import { UnknownTextsService } from './unknown/unknown-texts.service';

@Module({
  imports: [TemplatesModule, DeliveryModule],
  controllers: [
    RecurrencesController,
    HandOverController,
    OfficialDocumentsController,
    TestSendsController,
    CampaignsController,
    PreviewController,
    RunningController,
    ProgressController,
    UnknownTextsController,
  ],
  providers: [
    RecurrencesService,
    RecurrencesBell,
    OfficialDocuments,
    TestSends,
    HandOver,
    CampaignsService,
    CampaignPreparation,
    SubmissionRules,
    DraftReader,
    PreviewService,
    CopiesService,
    ProgressFeed,
    ProgressStreams,
    CampaignsBell,
    UnknownTextsService,
  ],
})
export class CampaignsModule {}
