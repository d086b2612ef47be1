import { parseArgs } from 'node:util';
import { readConfig } from '../platform/config';
import { openDatabaseForCommand } from '../platform/database/for-command';
import { Fault } from '../platform/errors';
import { SYSTEM } from '../platform/http/actor';
import { askPassword } from './ask-password';
import { checkNames, createUser } from './create-user';
import { faultOfPassword, generatePassword } from './password';
import { Role, ROLES } from './roles';
import { normaliseUsername } from './user';

const USAGE = `npm run user:create -- --role ${ROLES.join('|')} --username an.nguyen --full-name "Nguyễn Văn An" [--generate]
  Tạo tài khoản. Mật khẩu được hỏi trên màn hình, đọc từ đầu vào chuẩn, hoặc tự sinh và in ra một lần với --generate.
  Makes an account. The password is asked for, read from standard input, or generated and printed once by --generate.`;

const OPTIONS = {
  role: { type: 'string' },
  username: { type: 'string' },
  'full-name': { type: 'string' },
  generate: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Wrong use of the command itself. */
class UsageError extends Error {}

async function run(): Promise<void> {
  const wanted = readArguments();
  if (!wanted) return console.log(USAGE);
  const { generate, ...user } = wanted;
  checkNames(user);
  const password = generate ? generatePassword() : await askPassword(process.stdin, process.stderr);
  const weak = faultOfPassword(password, normaliseUsername(user.username));
  if (weak) throw weak;
  const { database, close } = await openDatabaseForCommand(readConfig(process.env));
  try {
    const id = await createUser(database, SYSTEM, { ...user, password });
    const username = normaliseUsername(user.username);
    console.log(
      `Đã tạo tài khoản số ${id}: ${username} (${user.role}). / Account ${id} made: ${username} (${user.role}).`,
    );
    if (generate) console.log(`Mật khẩu, chỉ hiện lần này / Password, shown only now: ${password}`);
  } finally {
    await close();
  }
}

/** Undefined when only help is wanted. */
function readArguments() {
  const { role, username, 'full-name': fullName, generate = false, help } = parseOptions();
  if (help) return undefined;
  if (role === undefined || username === undefined || fullName === undefined) {
    throw new UsageError('Thiếu --role, --username hoặc --full-name. / --role, --username or --full-name is missing.');
  }
  if (!isRole(role)) throw new UsageError(`--role: ${ROLES.join(', ')}`);
  return { role, username, fullName, generate };
}

function parseOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

run().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof Fault) console.error(`${error.text.vi}\n${error.text.en}`);
  else if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(`Không tạo được tài khoản / the account could not be made: ${(error as Error).message}`);
});
