/**
 * PostgreSQL, appendix A: connection exceptions (class 08), too many connections, shut down, crashed, starting up, a session
 * that idled in its transaction; and Node's system errors.
 */
const CODES =
  /^(08[0-9A-Z]{3}|53300|57P0[1-3]|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What the driver says itself has no code. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether a statement failed because the server was away or the connection to it was cut, not because of the statement. */
export function isConnectionLost(error: Error & { readonly code?: unknown }): boolean {
  return (typeof error.code === 'string' && CODES.test(error.code)) || SENTENCES.test(error.message);
}
