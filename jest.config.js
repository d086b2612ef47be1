/** Unit specs live beside the code; test/ holds what needs a database, the whole application or another process. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  // Packages that ship ES modules only: jest cannot require() those before Node 24.9.
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|csv-parse|csv-stringify|yauzl|cookie)/)'],
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
  maxWorkers: 2,
  workerIdleMemoryLimit: '600MB',
  testTimeout: 30_000,
};
