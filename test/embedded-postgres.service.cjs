/*
 * A service that does nothing but use the embedded PostgreSQL, as a process of its own that tests can kill.
 * Argument: the options as JSON. Says one JSON line on its output: {url, serverPid, logged} or {error, logged};
 * leaves on SIGTERM and on SIGINT, and says {left: true} then.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    swcrc: false,
    filename,
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  module._compile(code, filename);
};
const { startEmbeddedPostgres } = require(join(__dirname, '../src/platform/database/embedded/index.ts'));

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const logged = [];
const begun = performance.now();
startEmbeddedPostgres({
  ...JSON.parse(process.argv[2]),
  log: (message, facts) => logged.push({ message, ...facts }),
}).then(
  ({ url, serverPid, stop }) => {
    const leave = () => {
      const leaving = performance.now();
      stop().then(() => {
        say({ left: true, ms: Math.round(performance.now() - leaving) });
        process.exit(0);
      });
    };
    process.on('SIGTERM', leave);
    process.on('SIGINT', leave);
    process.on('SIGHUP', leave);
    setInterval(() => {}, 60_000);
    say({ url, serverPid, logged, ms: Math.round(performance.now() - begun) });
  },
  (error) => {
    say({ error: String(error && error.message), logged });
    process.exit(1);
  },
);
