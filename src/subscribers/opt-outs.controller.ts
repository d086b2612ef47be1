import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '../platform/database/database';
import { type Actor, CurrentActor, Permit } from '../platform/http/actor';
import { RecordOptOutDto } from './opt-outs.dto';
import { newestOptOuts, OptOutRow } from './opt-outs.read-model';
import { OptOut, OptOuts } from './opt-outs.service';
import { readPhone } from './read-phone';
import { revealPhones } from './reveal-phones';

const MOST_OPT_OUTS_SHOWN = 500;

@ApiTags('Opt-outs')
@Controller('api/v1/opt-outs')
export class OptOutsController {
  constructor(
    private readonly database: Database,
    private readonly optOuts: OptOuts,
  ) {}

  @Post()
  @Permit('opt-outs.record')
  @ApiOperation({ summary: 'Records an opt-out; final at once, for queued texts too' })
  record(
    @Body() { phone, source, reason }: RecordOptOutDto,
    @CurrentActor() actor: Actor,
  ): Promise<OptOut & { isNew: boolean }> {
    return this.optOuts.record(actor, readPhone(phone), source, reason);
  }

  @Get()
  @Permit('opt-outs.read')
  @ApiOperation({ summary: `The newest ${MOST_OPT_OUTS_SHOWN} opt-outs` })
  async newest(@CurrentActor() actor: Actor): Promise<OptOutRow[]> {
    const rows = await newestOptOuts(this.database, MOST_OPT_OUTS_SHOWN);
    return revealPhones(this.database, actor, 'opt-outs.view-phones', rows);
  }
}
