import js from '@eslint/js';
import {createTypeScriptImportResolver} from 'eslint-import-resolver-typescript';
import {importX} from 'eslint-plugin-import-x';
import {defineConfig, globalIgnores} from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The one file of core that may read and write TensorFlow.js's kernel registry. */
const KERNEL_REGISTRY = 'packages/core/src/kernel-registry.ts';

/** The one file of hooks that may touch the class Layer, and so import tfjs-layers for more than its types. */
const LAYERS_BINDING = 'packages/hooks/src/layer-classes.ts';

/** Makes a callback for `fit`: in a file of its own, since an import that one file shares stays in every bundle. */
const CALLBACK = 'packages/hooks/src/monitor/new-callback.ts';

const tests = ['**/*.test.ts', '**/*.test-d.ts', 'packages/*/test/**', 'test-support/**'];

const REGISTRY_NAMES = [
  'copyRegisteredKernels',
  'getKernel',
  'getKernelsForBackend',
  'registerKernel',
  'unregisterKernel',
];
const registryIsOneFile = {
  group: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-core/**'],
  importNames: REGISTRY_NAMES,
  message: `Only ${KERNEL_REGISTRY} touches the kernel registry: ask it.`,
};
const layerIsOneFile = {
  group: ['@tensorflow/tfjs-layers', '@tensorflow/tfjs-layers/**'],
  allowTypeImports: true,
  message: `Only ${LAYERS_BINDING} knows tfjs-layers' classes: ask it, or import types.`,
};

/** Forbids packages by name; the other direction of `demo → hooks → core → tfjs` is in this. */
const outOfReach = (group, message) => ({group, message});
const outOfCore = outOfReach(
  ['@tfjs-capture/*', '@tensorflow/*', '!@tensorflow/tfjs-core'],
  'core imports tfjs-core alone: demo → hooks → core → tfjs.',
);
const outOfHooks = outOfReach(
  ['@tfjs-capture/*', '!@tfjs-capture/core', '@tensorflow/tfjs', '@tensorflow/tfjs-backend-*'],
  'hooks imports core and its peers alone: demo → hooks → core → tfjs.',
);
const outOfDemo = outOfReach(
  ['@tfjs-capture/core', '@tfjs-capture/core/**'],
  'demo imports hooks alone: demo → hooks → core → tfjs.',
);

const restrictImports = (files, ...patterns) => ({
  files,
  ignores: tests,
  rules: {'@typescript-eslint/no-restricted-imports': ['error', {patterns}]},
});

export default defineConfig(
  globalIgnores(['**/dist/', 'out/', 'coverage/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: {'import-x': importX},
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.mjs', '.js'],
      'import-x/parsers': {'@typescript-eslint/parser': ['.ts', '.tsx']},
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          noWarnOnMultipleProjects: true,
          project: ['packages/*/tsconfig.esm.json', 'packages/demo/inspector/tsconfig.json'],
        }),
      ],
    },
    rules: {
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'no-console': 'off',
      'import-x/first': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-relative-packages': 'error',
      'import-x/no-self-import': 'error',
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          // Ours by name, whether built (and so found in this repository) or not.
          pathGroups: [{pattern: '@tfjs-capture/**', group: 'external'}],
          pathGroupsExcludedImportTypes: ['builtin'],
          'newlines-between': 'ignore',
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        {'ts-expect-error': true, minimumDescriptionLength: 10},
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'separate-type-imports'}],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {allowArray: true, allowBoolean: true, allowNumber: true},
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {argsIgnorePattern: '^_', varsIgnorePattern: '^_'},
      ],
      // TensorFlow.js's classes are used by shape: another copy of it has classes of its own.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'import-x/no-default-export': 'error',
      // tfjs's own names (`Conv2D`) and this project's are checked by the compiler.
      'no-undef': 'off',
    },
  },
  restrictImports(['packages/core/src/**'], outOfCore, registryIsOneFile),
  restrictImports([KERNEL_REGISTRY], outOfCore),
  restrictImports(['packages/hooks/src/**'], outOfHooks, registryIsOneFile, layerIsOneFile),
  restrictImports([LAYERS_BINDING, CALLBACK], outOfHooks, registryIsOneFile),
  restrictImports(['packages/demo/src/**', 'packages/demo/inspector/**'], outOfDemo),
  {
    // `import * as tf` would walk around the list of names above.
    files: ['packages/*/src/**'],
    ignores: [...tests, KERNEL_REGISTRY],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: `MemberExpression[property.name=/^(${REGISTRY_NAMES.join('|')})$/]`,
          message: registryIsOneFile.message,
        },
      ],
    },
  },
  {
    files: tests,
    rules: {
      // A test says what must hold, and may be loose on the way there.
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // What starts and watches a browser belongs to no package: test-support/browser.
    files: ['packages/hooks/test/browser/**', 'packages/demo/test/inspector/browser/**'],
    rules: {'import-x/no-relative-packages': 'off'},
  },
  {
    files: ['**/*.test-d.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        {'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10},
      ],
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Buffer',
          'clearTimeout',
          'console',
          'performance',
          'process',
          'setTimeout',
          'URL',
          'WebAssembly',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
