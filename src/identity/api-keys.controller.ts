import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatLocalTime } from '../platform/clock';
import { CurrentActor, Permit } from '../platform/http/actor';
import type { Actor } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import type { ApiKey } from './api-key.entity';
import { ApiKeyList, ApiKeyView, NewApiKeyRequest, NewApiKeyView } from './api-keys.dto';
import { ApiKeysService } from './api-keys.service';

@ApiTags('api-keys')
@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @Permit('keys.manage')
  @ApiOperation({ summary: 'Danh sách khóa API / All API keys' })
  @ApiOkResponse({ type: ApiKeyList })
  async list(): Promise<ApiKeyList> {
    return { items: (await this.apiKeys.list()).map(viewOf) };
  }

  @Post()
  @Permit('keys.manage')
  @ApiOperation({ summary: 'Tạo khóa API, chỉ hiện một lần / Make an API key, shown once' })
  @ApiCreatedResponse({ type: NewApiKeyView })
  async create(@CurrentActor() actor: Actor, @Body() { name, role }: NewApiKeyRequest): Promise<NewApiKeyView> {
    const { apiKey, key } = await this.apiKeys.create(actor, { name: name.normalize('NFC'), role });
    return { ...viewOf(apiKey), key };
  }

  @Delete(':id')
  @Permit('keys.manage')
  @HttpCode(204)
  @ApiOperation({ summary: 'Thu hồi khóa API / Revoke an API key' })
  @ApiNoContentResponse()
  async revoke(@CurrentActor() actor: Actor, @Param() { id }: IdParam): Promise<void> {
    await this.apiKeys.revoke(actor, id);
  }
}

function viewOf({ id, name, role, createdBy, createdAt, lastUsedAt, revokedAt }: ApiKey): ApiKeyView {
  const time = (at: Date | null): string | null => at && formatLocalTime(at);
  const times = { createdAt: formatLocalTime(createdAt), lastUsedAt: time(lastUsedAt), revokedAt: time(revokedAt) };
  return { id, name, role, createdBy, ...times };
}
