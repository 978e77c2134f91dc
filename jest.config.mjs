// The same suites run on two backends; what is about the packages' files, not about tensors, runs once.
const suites = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: {type: 'commonjs'},
        jsc: {target: 'es2022', parser: {syntax: 'typescript'}},
      },
    ],
  },
  moduleNameMapper: {
    // Tests name our packages as users do, and get the sources.
    '^@tfjs-capture/(core|hooks)$': '<rootDir>/packages/$1/src/index.ts',
    // TypeScript sources name their neighbours by what they are compiled to.
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
  },
  // TensorFlow.js loads as its packages' Node builds, one copy each. Only its chained ops exist as ESM alone.
  transformIgnorePatterns: ['/node_modules/(?!@tensorflow/tfjs-core/dist/(?!tf-core))'],
  modulePathIgnorePatterns: ['/dist/'],
};

const aboutPackages = [
  '<rootDir>/packages/core/test/assembled-wasm.test.ts',
  '<rootDir>/packages/hooks/test/bundle.test.ts',
  '<rootDir>/packages/hooks/test/copies.test.ts',
  '<rootDir>/packages/hooks/test/mixed-bundle.test.ts',
  '<rootDir>/packages/hooks/test/packaged-forms.test.ts',
];

/** What drives a real browser: `npm run test:browser`. */
const inBrowser = [
  '<rootDir>/packages/hooks/test/browser/',
  '<rootDir>/packages/demo/test/inspector/browser/',
];

const onBackend = (backend) => ({
  ...suites,
  displayName: backend,
  globals: {TFJS_BACKEND: backend},
  setupFiles: ['<rootDir>/test-support/await-backend.cjs'],
  testMatch: [
    '<rootDir>/packages/*/src/**/*.test.ts',
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/test-support/**/*.test.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/', ...inBrowser, ...aboutPackages],
});

export default {
  maxWorkers: '100%',
  // Real networks on two busy cores: a test that hangs is rarer than one that is slow.
  testTimeout: 60_000,
  projects: [
    onBackend('wasm'),
    onBackend('cpu'),
    {...suites, displayName: 'packages', testMatch: aboutPackages},
    {
      ...suites,
      displayName: 'browser',
      globalSetup: '<rootDir>/test-support/browser/prerequisites.ts',
      testMatch: inBrowser.map((folder) => `${folder}*.test.ts`),
    },
  ],
};
