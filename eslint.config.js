import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      '**/*.generated.ts',
      'simulations/linalg/wasm/assembly/',
      'limitlaw-runs/',
      'site/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Randomness, clocks and the process are parameters: only what talks to the outside world reads them itself.
    files: ['theory/**/*.ts', 'simulations/**/*.ts', 'figures/**/*.ts', 'src/**/*.ts'],
    ignores: [
      'src/cli/**',
      'src/store/**',
      'src/report/**',
      'src/explore/browser/**',
      '**/*[wW]orker.ts',
      '**/*Entry.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', 'console'],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random' },
        { object: 'Date', property: 'now' },
        { object: 'performance', property: 'now' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name=Date]', message: 'The time is a parameter.' },
        {
          selector: "MemberExpression[object.name=process]:not([property.name='versions'])",
          message: 'What the process knows is a parameter.',
        },
      ],
    },
  },
  {
    files: ['scripts/**/*.mjs', 'test/**/*.mjs', '*.config.*'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
