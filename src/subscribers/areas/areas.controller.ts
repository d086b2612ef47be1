import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../../platform/database/database';
import { Permit } from '../../platform/http/actor';
import { AreaRow, findAreas } from './areas.read-model';

@ApiTags('Subscribers')
@Controller('api/v1/areas')
export class AreasController {
  constructor(private readonly database: Database) {}

  @Get()
  @Permit('lists.read')
  @ApiOperation({ summary: 'Areas with the number of their subscribers' })
  all(): Promise<AreaRow[]> {
    return findAreas(this.database);
  }
}
