import { rm } from 'node:fs/promises';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';

/**
 * Removes the uploaded file once the request is answered, however it ends: files of subscribers must not lie about. Stands
 * before FileInterceptor, so that it also sees a request whose other fields are refused.
 */
@Injectable()
export class RemoveUpload implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const answer = lastValueFrom(next.handle(), { defaultValue: undefined });
    return from(
      answer.finally(async () => {
        if (request.file) await rm(request.file.path, { force: true });
      }),
    );
  }
}
