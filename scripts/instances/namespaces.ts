import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Of RFC 2544, for tests of networks: no machine in use has such an address. */
export const NETWORK = '198.18.0.0/15';
/** Where the database and the gateway are found; these addresses are the host's own, and no link that is cut leads through them. */
export const DATABASE_ADDRESS = '198.18.1.1';
export const GATEWAY_ADDRESS = '198.18.2.1';

export type Link = 'database' | 'gateway';
/** The third number of a link's addresses, before the instance's number. */
const SUBNETS: Readonly<Record<Link, string>> = { database: '1', gateway: '2' };
const TARGETS: Readonly<Record<Link, string>> = { database: DATABASE_ADDRESS, gateway: GATEWAY_ADDRESS };
const LINKS = ['database', 'gateway'] as const;

function ip(...args: string[]): string {
  return execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
}

/** Why namespaces cannot be made here; undefined when they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root: network namespaces and their links are made by nobody else';
  try {
    ip('netns', 'list');
  } catch (error) {
    return `it needs the command ip (apt-get install iproute2): ${(error as Error).message.split('\n', 1)[0]}`;
  }
  const running = leftOver().find(({ pid }) => existsSync(`/proc/${pid}`));
  return running && `another check runs already, as process ${running.pid}`;
}

/** Namespaces of this check: those of runs that were killed, and of one that is running. */
function leftOver(): { name: string; pid: number }[] {
  const names = ip('netns', 'list').split('\n');
  return names.flatMap((line) => {
    const [, name, pid] = /^(tinluat-(\d+)-\d)\b/.exec(line) ?? [];
    return name && Number(pid) !== process.pid ? [{ name, pid: Number(pid) }] : [];
  });
}

/**
 * Network namespaces, each joined to the host by two links: one to the database, one to the gateway. All of it carries this
 * process's number and goes when the process ends; what a killed one left behind goes at the next start.
 */
export class Namespaces {
  private readonly undo: (() => void)[] = [];

  /** @param instances how many; they are numbered from 1 */
  constructor(instances: number) {
    for (const { name } of leftOver()) ip('netns', 'delete', name);
    process.once('exit', () => this.remove());
    try {
      this.makeServices();
      for (let number = 1; number <= instances; number += 1) this.makeInstance(number);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** The instance's own address, at its link to the database. */
  addressOf(number: number): string {
    return `198.18.${SUBNETS.database}${number}.2`;
  }

  /** Runs a command in the instance's namespace. */
  wrapOf(number: number): (command: readonly string[]) => readonly string[] {
    return (command) => ['ip', 'netns', 'exec', nameOf(number), ...command];
  }

  /** From then on nothing arrives in either direction, and nobody is told. */
  cut(number: number, link: Link): void {
    ip('link', 'set', endOf(number, link), 'down');
  }

  mend(number: number, link: Link): void {
    ip('link', 'set', endOf(number, link), 'up');
  }

  /** Idempotent. */
  remove(): void {
    for (const step of this.undo.splice(0).reverse()) {
      try {
        step();
      } catch (error) {
        console.error(`not removed: ${(error as Error).message}`);
      }
    }
  }

  /** The addresses lie on a link of their own, whose other end nobody uses: not every system has dummy interfaces. */
  private makeServices(): void {
    this.addNamespace(0);
    const end = `tl${process.pid}s`;
    ip('link', 'add', end, 'type', 'veth', 'peer', 'name', 'unused', 'netns', nameOf(0));
    for (const address of Object.values(TARGETS)) ip('address', 'add', `${address}/32`, 'dev', end);
    ip('link', 'set', end, 'up');
  }

  private makeInstance(number: number): void {
    this.addNamespace(number);
    const inside = (...args: string[]): string => ip('-netns', nameOf(number), ...args);
    inside('link', 'set', 'lo', 'up');
    for (const link of LINKS) {
      const end = endOf(number, link);
      const subnet = `198.18.${SUBNETS[link]}${number}`;
      // While the link is cut, what is meant for it must not leave by the host's other ways.
      const hole = ['blackhole', `${subnet}.0/30`, 'metric', '40000'];
      ip('route', 'replace', ...hole);
      this.undo.push(() => ip('route', 'delete', ...hole));
      ip('link', 'add', end, 'type', 'veth', 'peer', 'name', link, 'netns', nameOf(number));
      ip('address', 'add', `${subnet}.1/30`, 'dev', end);
      ip('link', 'set', end, 'up');
      inside('address', 'add', `${subnet}.2/30`, 'dev', link);
      inside('link', 'set', link, 'up');
      inside('route', 'add', `${TARGETS[link]}/32`, 'via', `${subnet}.1`);
    }
  }

  /** Its links go with it, both ends. */
  private addNamespace(number: number): void {
    ip('netns', 'add', nameOf(number));
    this.undo.push(() => ip('netns', 'delete', nameOf(number)));
  }
}

const nameOf = (number: number): string => `tinluat-${process.pid}-${number}`;
/** The host's end; at most 15 characters. */
const endOf = (number: number, link: Link): string => `tl${process.pid}${link[0]}${number}`;
