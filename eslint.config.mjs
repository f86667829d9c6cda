import tseslint from 'typescript-eslint';
import { firmwareRules } from './sim/build/lint/firmware.mjs';

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'build/', 'results/', 'coverage/', 'scratch/', '**/*.d.ts'] },
  tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-debugger': 'error',
      'no-fallthrough': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unreachable-loop': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'vi', property: 'mock', message: 'Node loads our modules: nothing can be put in their place.' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
    },
  },
  firmwareRules,
);
