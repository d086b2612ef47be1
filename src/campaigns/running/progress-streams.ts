import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { distinctUntilChanged } from 'rxjs';
import type { AppRequest } from '../../platform/http/actor';
import { LOG, type Log } from '../../platform/observability/log';
import { EventStream } from './event-stream';
import { ProgressFeed } from './progress-feed';
import { changeKey, toProgressView } from './progress-view';
import { serviceStopping, tooManyOfYours, tooManyStreams } from './running-faults';

/** Some 20 kB and a socket each. */
const MOST_STREAMS = 200;
/** A screen of campaigns and a few forgotten tabs: nobody alone keeps the others from following. */
const MOST_OF_ONE_ACCOUNT = 20;
/** How long after the end of a session its streams may go on. */
const ACTOR_CHECKED_EVERY_MS = 5_000;
/** Whose last event this was need not ask again. */
const OVER = 'over';

export type EndReason = 'over' | 'session-ended' | 'stopping';

/** All callers of this instance who follow a campaign. */
@Injectable()
export class ProgressStreams implements BeforeApplicationShutdown {
  /** Of whom each is. */
  private readonly open = new Map<EventStream, string | undefined>();
  private isStopping = false;

  constructor(
    private readonly feed: ProgressFeed,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Before the connections of the server are waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const streams = [...this.open.keys()];
    for (const stream of streams) end(stream, 'stopping');
    await Promise.all(streams.map(({ closed }) => closed));
    await this.feed.settled();
  }

  /**
   * Answers with the progress of a campaign, from now until it is over.
   *
   * @throws tooManyStreams, tooManyOfYours, serviceStopping
   */
  start(id: number, permission: string, request: AppRequest, response: Response): void {
    if (this.isStopping) throw serviceStopping({}, { retryAfterSeconds: 10 });
    const account = request.actor?.id;
    const own = [...this.open.values()].filter((other) => other === account).length;
    if (own >= MOST_OF_ONE_ACCOUNT) throw tooManyOfYours({ most: MOST_OF_ONE_ACCOUNT }, { retryAfterSeconds: 60 });
    if (this.open.size >= MOST_STREAMS) throw tooManyStreams({}, { retryAfterSeconds: 60 });
    // Gone before the answer began.
    if (response.destroyed) return;
    // A browser asks again by itself when a stream has ended; only this answer stops it (WHATWG HTML, §9.2.3).
    if (request.headers['last-event-id'] === OVER) {
      response.status(204).end();
      return;
    }
    const stream = new EventStream(response);
    this.open.set(stream, account);
    const following = this.feed
      .of(id)
      .pipe(distinctUntilChanged((before, after) => changeKey(before) === changeKey(after)))
      .subscribe({
        next: (progress) => stream.send({ event: 'progress', data: toProgressView(progress, request.language) }),
        complete: () => end(stream, 'over'),
      });
    const checking = setInterval(() => void this.checkActor(stream, request, permission), ACTOR_CHECKED_EVERY_MS);
    void stream.closed.then(() => {
      following.unsubscribe();
      clearInterval(checking);
      this.open.delete(stream);
    });
  }

  private async checkActor(stream: EventStream, request: AppRequest, permission: string): Promise<void> {
    try {
      const actor = await request.actorNow?.();
      if (!actor?.permissions.has(permission)) end(stream, 'session-ended');
    } catch (error) {
      this.log.warn({ err: error, requestId: request.requestId }, 'a session could not be looked up, trying again');
    }
  }
}

function end(stream: EventStream, reason: EndReason): void {
  stream.end({ event: 'end', data: { reason }, ...(reason === 'over' ? { id: OVER } : {}) });
}
