import fc from 'fast-check';
import { nextStep } from './next-step';
import type { PidFile, ServerFacts } from './postmaster';

const pidFile: PidFile = { pid: 4242, dataDirectory: '/srv/postgres/cluster', port: 39811, status: 'ready' };
const running: ServerFacts = { pidFile, process: 'postmaster', writtenFor: 'this folder', guarded: true };
const nothing: ServerFacts = { pidFile: 'none', process: 'gone', writtenFor: 'this folder', guarded: false };

const anyFacts: fc.Arbitrary<ServerFacts> = fc.record({
  pidFile: fc.oneof(
    fc.constantFrom('none' as const, 'unreadable' as const),
    fc.constantFrom('starting', 'ready', 'stopping').map((status) => ({ ...pidFile, status }) as PidFile),
  ),
  process: fc.constantFrom('gone', 'zombie', 'stranger', 'postmaster'),
  writtenFor: fc.constantFrom('this folder', 'another folder', 'a missing folder'),
  guarded: fc.boolean(),
});

describe('what a service does about the server of its folder', () => {
  it('starts one where there is none', () => {
    expect(nextStep(nothing, 0)).toEqual({ do: 'start' });
  });

  it('joins one that runs', () => {
    expect(nextStep(running, 0)).toEqual({ do: 'join' });
    expect(nextStep({ ...running, pidFile: { ...pidFile, status: 'starting' } }, 0)).toEqual({ do: 'join' });
  });

  it('adopts one whose supervisor was killed', () => {
    expect(nextStep({ ...running, guarded: false }, 0)).toEqual({ do: 'adopt' });
  });

  it('waits for one that is stopping instead of starting a second', () => {
    const stopping = { ...running, pidFile: { ...pidFile, status: 'stopping' as const } };
    expect(nextStep(stopping, 0)).toEqual({ do: 'wait' });
    expect(nextStep({ ...stopping, guarded: false }, 50_000)).toEqual({ do: 'wait' });
  });

  it.each(['zombie', 'stranger'] as const)(
    'starts over the file of a dead server whose number is now a %s',
    (process) => {
      expect(nextStep({ ...running, process, guarded: false }, 0)).toEqual({ do: 'start' });
    },
  );

  it('starts its own in a folder that is the copy of a running one', () => {
    const copy: ServerFacts = { ...running, writtenFor: 'another folder', guarded: false };
    expect(nextStep(copy, 0)).toEqual({ do: 'start' });
  });

  it('refuses a folder that was moved under a running server', () => {
    expect(nextStep({ ...running, writtenFor: 'a missing folder' }, 0)).toMatchObject({ do: 'refuse' });
  });

  it('waits for the supervisor of a dead server to end, and refuses when it does not: the server is elsewhere', () => {
    const elsewhere: ServerFacts = { ...running, process: 'gone' };
    expect(nextStep(elsewhere, 0)).toEqual({ do: 'wait' });
    expect(nextStep(elsewhere, 10_000)).toEqual({ do: 'refuse', because: 'served from elsewhere' });
  });

  it('gives a file that is only just being written a moment, and then takes it for the rest of a crash', () => {
    const cutShort: ServerFacts = { ...nothing, pidFile: 'unreadable' };
    expect(nextStep(cutShort, 0)).toEqual({ do: 'wait' });
    expect(nextStep(cutShort, 2_000)).toEqual({ do: 'start' });
  });

  it('never starts a second server beside one that runs or is supervised', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat({ max: 100_000 }), (facts, waitedMs) => {
        const runsHere =
          typeof facts.pidFile !== 'string' && facts.process === 'postmaster' && facts.writtenFor === 'this folder';
        if (runsHere || facts.guarded) expect(nextStep(facts, waitedMs).do).not.toBe('start');
      }),
    );
  });
});
