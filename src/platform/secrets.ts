import { hash, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queries } from './database/database';
import { fault } from './errors';

const secretDamaged = fault('invalid', 'secret.damaged', {
  vi: 'Tệp {path} bị hỏng. Hãy khôi phục từ bản sao lưu: danh sách từ chối nhận tin phụ thuộc vào tệp này.',
  en: '{path} is damaged. Restore it from a backup: opt-outs depend on it.',
});
const secretWrong = fault('conflict', 'secret.wrong', {
  vi: 'SECRET không phải là khóa đã dùng khi tạo cơ sở dữ liệu này: các số từ chối nhận tin sẽ không còn khớp. Hãy khôi phục khóa cũ.',
  en: 'SECRET is not the one this database was made with: opt-outs would no longer match. Restore it.',
});

const SHA256_BLOCK_BYTES = 64;
const SHA256_BYTES = 32;
/** E.164 allows 15 digits and the plus. */
const LONGEST_NUMBER_BYTES = 32;

/** Keys derived from the one SECRET, one for each purpose, so that none tells anything about another. */
export class Secrets {
  /** The two blocks of HMAC (RFC 2104), each with room for what is hashed after the key. */
  private readonly inner = Buffer.alloc(SHA256_BLOCK_BYTES + LONGEST_NUMBER_BYTES);
  private readonly outer = Buffer.alloc(SHA256_BLOCK_BYTES + SHA256_BYTES);

  constructor(private readonly secret: string) {
    const key = Buffer.concat([this.derive('phone-key')], SHA256_BLOCK_BYTES);
    key.forEach((byte, at) => {
      this.inner[at] = byte ^ 0x36;
      this.outer[at] = byte ^ 0x5c;
    });
  }

  /** 32 bytes for a purpose, by HKDF-SHA-256 (RFC 5869). */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, 'tinluat', purpose, 32));
  }

  /** The keyed digest of a number, 16 bytes: the same person is recognised after the number itself was erased. */
  phoneDigest(e164: string): Buffer {
    return Buffer.from(this.phoneDigestHex(e164), 'hex');
  }

  /**
   * The same as 32 hexadecimal digits. It is HMAC-SHA-256, by two hashes in buffers kept for it: 1.0 µs, where an Hmac object
   * for each number costs 2.5.
   */
  phoneDigestHex(e164: string): string {
    const bytes = this.inner.write(e164, SHA256_BLOCK_BYTES, 'latin1');
    if (bytes !== e164.length) throw new Error('longer than any phone number');
    const inner = hash('sha256', this.inner.subarray(0, SHA256_BLOCK_BYTES + bytes), 'hex');
    this.outer.write(inner, SHA256_BLOCK_BYTES, 'hex');
    return hash('sha256', this.outer, 'hex').slice(0, 32);
  }

  /** Tells two secrets apart without revealing either. */
  fingerprint(): string {
    return this.derive('fingerprint').subarray(0, 8).toString('hex');
  }
}

/** Reads the secret of a service that runs its own PostgreSQL, and makes it at the first start. Safe against two at once. */
export async function secretOfDataFolder(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, 'secret');
  const draft = join(dataDir, `.secret-${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // link() fails when the name exists: exactly one of two first starts wins, and the file is whole from the start.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(draft);
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret.length < 32) throw secretDamaged({ path });
  return secret;
}

/** @throws when the database was made with another secret: its opt-outs would silently stop to match. */
export async function checkSecretFitsDatabase(database: Queries, secrets: Secrets): Promise<void> {
  await database.run('insert into installation (secret_fingerprint) values ($1) on conflict do nothing', [
    secrets.fingerprint(),
  ]);
  const row = await database.row<{ secret_fingerprint: string }>('select secret_fingerprint from installation');
  if (row?.secret_fingerprint !== secrets.fingerprint()) {
    throw secretWrong();
  }
}
