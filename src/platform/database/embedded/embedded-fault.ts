const WAY_OUT = 'or set DATABASE_URL to use a PostgreSQL server of your own';

/** An error of the start: what is wrong, what to do about it, and the way that is always open. */
export function embeddedFault(what: string, whatToDo: string, cause?: unknown): Error {
  return new Error(`The embedded PostgreSQL cannot start: ${what}. ${whatToDo}, ${WAY_OUT}.`, { cause });
}

/** The system's code of an error (ENOENT, EACCES …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Runs a file operation; a failure says what the folder lacks instead of a bare system error. */
export async function inFolder<T>(folder: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    switch (errorCode(error) ?? '') {
      case 'EACCES':
      case 'EPERM':
        throw embeddedFault(
          `the folder ${folder} may not be written or entered by this account`,
          'Give the account that runs the service rights to it, name another folder',
          error,
        );
      case 'EROFS':
        throw embeddedFault(`the folder ${folder} is on a read-only disk`, 'Name another folder', error);
      case 'ENOSPC':
      case 'EDQUOT':
        throw embeddedFault(`the disk of ${folder} is full`, 'Free at least 200 MB', error);
      case 'ENOTDIR':
      case 'EEXIST':
        throw embeddedFault(`${folder} or a part of its path is not a folder`, 'Name another folder', error);
      default:
        throw error;
    }
  }
}
