import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { CreateCampaignDto } from '../campaign.dto';

/** What a draft made of another campaign may be given at once; the rest can be edited as in any draft. */
export class CopyCampaignDto extends PartialType(PickType(CreateCampaignDto, ['name', 'startsAt'] as const), {
  skipNullProperties: false,
}) {}

/** The corrected text, with its values. */
export class CorrectionDto extends IntersectionType(
  CopyCampaignDto,
  PickType(CreateCampaignDto, ['templateVersionId', 'values'] as const),
) {}
