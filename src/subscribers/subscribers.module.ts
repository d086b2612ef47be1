import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { MulterModule, type MulterModuleOptions } from '@nestjs/platform-express';
import { diskStorage } from 'multer';
import { Config } from '../platform/config';
import { AreasController } from './areas/areas.controller';
import { AreasService } from './areas/areas.service';
import { AnalysisService } from './import/analysis.service';
import { ImportRowsController } from './import/import-rows.controller';
import { ImportService } from './import/import.service';
import { ImportWork } from './import/import-work';
import { ImportsController, uploadName } from './import/imports.controller';
import { RowDownloads } from './import/row-downloads.service';
import { SubscriberHistory } from './history.service';
import { ListsController } from './lists.controller';
import { ListsService } from './lists.service';
import { MembersExport } from './members-export.service';
import { Members } from './members.service';
import { NumberUpkeepController } from './number-upkeep.controller';
import { OptOutsController } from './opt-outs.controller';
import { OptOutsFile } from './opt-outs-file.service';
import { OptOuts } from './opt-outs.service';
import { Register } from './register.service';
import { SubscribersController } from './subscribers.controller';

/** Uploads go straight to disk, whatever their size; multer would otherwise read file names as Latin-1. */
function uploadOptions(config: Config): MulterModuleOptions {
  const destination = join(config.DATA_DIR, 'uploads');
  mkdirSync(destination, { recursive: true, mode: 0o700 });
  return {
    storage: diskStorage({ destination, filename: uploadName }),
    limits: { fileSize: config.UPLOAD_MAX_MB * 1024 * 1024, files: 1, fields: 20 },
    defParamCharset: 'utf8',
  };
}

@Module({
  imports: [MulterModule.registerAsync({ inject: [Config], useFactory: uploadOptions })],
  controllers: [
    AreasController,
    NumberUpkeepController,
    ListsController,
    SubscribersController,
    ImportsController,
    ImportRowsController,
    OptOutsController,
  ],
  providers: [
    AreasService,
    ListsService,
    Register,
    SubscriberHistory,
    Members,
    MembersExport,
    OptOuts,
    OptOutsFile,
    ImportService,
    RowDownloads,
    ImportWork,
    AnalysisService,
  ],
  exports: [OptOuts],
})
export class SubscribersModule {}
