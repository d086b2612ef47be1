import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import type { Language } from '../../platform/errors';
import { CurrentLanguage, Permit } from '../../platform/http/actor';
import { IdParam, IsId, toWholeNumber } from '../../platform/http/ids';
import { previewSearchEmpty } from '../campaign-faults';
import type { CampaignPreview, Sample } from './preview';
import { PreviewService } from './preview.service';

export class SampleQuery {
  @ApiPropertyOptional({ description: 'Beginnings of words of a name, with or without accents', example: 'le be' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name?: string;

  @ApiPropertyOptional({ description: 'A record of the register' })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  subscriberId?: number;
}

@ApiTags('Campaigns')
@Controller('api/v1/campaigns/:id/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Get()
  @Permit('templates.preview')
  @ApiOperation({
    summary:
      'Renders every recipient with and without accents: audience, segments, price, forecast, longest, shortest, troubles',
  })
  preview(@Param() { id }: IdParam, @CurrentLanguage() language: Language): Promise<CampaignPreview> {
    return this.previews.preview(id, language);
  }

  @Get('recipients')
  @Permit('templates.preview')
  @ApiOperation({ summary: 'The texts of people found by name or record, at most 20' })
  async recipients(@Param() { id }: IdParam, @Query() { name, subscriberId }: SampleQuery): Promise<Sample[]> {
    if (subscriberId !== undefined) return [await this.previews.sample(id, subscriberId)];
    if (name === undefined) throw previewSearchEmpty();
    return this.previews.samples(id, { name });
  }
}
