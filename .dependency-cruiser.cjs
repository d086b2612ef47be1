/**
 * The arrows of docs/architecture.md: data flows one way, http -> campaigns -> {subscribers, templates, delivery} and
 * delivery -> {gateways, subscribers}. Each part lists what it may import; everything else is an error.
 */
const MAY_IMPORT = {
  platform: [],
  audit: ['platform'],
  calendar: ['platform', 'audit'],
  identity: ['platform', 'audit'],
  subscribers: ['platform', 'audit'],
  templates: ['platform', 'audit'],
  gateways: ['platform'],
  delivery: ['gateways', 'subscribers', 'calendar', 'platform', 'audit'],
  campaigns: ['subscribers', 'templates', 'delivery', 'calendar', 'audit', 'platform'],
  statistics: ['platform', 'audit'],
  privacy: ['subscribers', 'delivery', 'statistics', 'calendar', 'audit', 'platform'],
  // The demonstration and the benchmarks use the service as people do, over REST.
  demo: ['platform'],
};

const parts = Object.keys(MAY_IMPORT);

const arrows = Object.entries(MAY_IMPORT).map(([part, allowed]) => ({
  name: `${part}-imports-only-${allowed.join('-') || 'packages'}`,
  severity: 'error',
  comment: `src/${part} may import ${allowed.join(', ') || 'npm packages'} only`,
  from: { path: `^src/${part}/` },
  to: { path: '^src/', pathNot: [part, ...allowed].map((name) => `^src/${name}/`) },
}));

const frontDoors = parts
  .filter((part) => part !== 'platform')
  .map((part) => ({
    name: `${part}-by-its-index`,
    severity: 'error',
    comment: `other parts see src/${part} through its index.ts only`,
    from: { path: '^src/', pathNot: `^src/${part}/` },
    to: { path: `^src/${part}/`, pathNot: `^src/${part}/index\\.ts$` },
  }));

module.exports = {
  forbidden: [
    ...arrows,
    ...frontDoors,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'every-part-is-known',
      severity: 'error',
      comment: 'a new folder below src/ needs its line in MAY_IMPORT',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: parts.map((part) => `^src/${part}/`) },
    },
    {
      name: 'read-models-only-read',
      severity: 'error',
      comment: 'a read model may not use a store',
      from: { path: '\\.read-model\\.ts$' },
      to: { path: '\\.store\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-code-stands-alone',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench|chaos)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
  },
};
