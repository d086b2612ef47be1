import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  PayloadTooLargeException,
} from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { fault } from '../../platform/errors';

export const MOST_SCAN_MB = 10;
export const scanTooLarge = fault(
  'tooLarge',
  'document.too-large',
  {
    vi: 'Bản chụp lớn hơn {megabytes} MB. Hãy quét lại với độ phân giải thấp hơn (200 dpi, đen trắng là đủ đọc).',
    en: 'The scan is larger than {megabytes} MB. Scan it again at a lower resolution (200 dpi in black and white will do).',
  },
  'file',
);

/** Stands before FileInterceptor, which would tell people to split the file. */
@Injectable()
export class RefuseLargeScan implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const inOurWords = (error: unknown): unknown =>
      error instanceof PayloadTooLargeException ? scanTooLarge({ megabytes: MOST_SCAN_MB }) : error;
    return next.handle().pipe(catchError((error: unknown) => throwError(() => inOurWords(error))));
  }
}
