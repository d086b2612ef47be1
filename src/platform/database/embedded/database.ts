import { Client } from 'pg';
import { LOOPBACK } from './free-port';
import { DATABASE_USER } from './cluster';
import { embeddedFault, errorCode } from './embedded-fault';

/** Errors of a server that went while we connected: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const SERVER_WENT = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'];
const DUPLICATE_DATABASE = ['42P04', '23505'];
const CONNECT_TIMEOUT_MS = 10_000;

export function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://${DATABASE_USER}:${password}@${LOOPBACK}:${port}/${encodeURIComponent(database)}`;
}

/**
 * Makes the database where it is missing.
 *
 * @returns false when the server went meanwhile
 */
export async function ensureDatabase(port: number, password: string, database: string): Promise<boolean> {
  const client = new Client({
    ...{ host: LOOPBACK, port, user: DATABASE_USER, password, database: 'postgres' },
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // An idle connection that breaks reports it as an event, which without a listener would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`).catch(unlessThere);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (SERVER_WENT.includes(code)) return false;
    if (code !== '28P01') throw error;
    throw embeddedFault(
      'the password file does not fit its cluster',
      'Put the whole folder back from one backup',
      error,
    );
  } finally {
    await client.end();
  }
}

function unlessThere(error: unknown): void {
  if (!DUPLICATE_DATABASE.includes(errorCode(error) ?? '')) throw error;
}
