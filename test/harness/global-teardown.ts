import { rm } from 'node:fs/promises';
import { removeEmbeddedPostgres } from '../../src/platform/database/embedded';
import type { TestServer } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  const { testServer } = globalThis as { testServer?: TestServer };
  if (!testServer) return;
  await testServer.server.stop();
  await removeEmbeddedPostgres({ dataDir: testServer.folder, log: () => undefined });
  await rm(testServer.folder, { recursive: true, force: true });
}
