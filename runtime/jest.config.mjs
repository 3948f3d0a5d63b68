// Tests run as the ES modules they are (the gate and `npm test -w runtime` pass --experimental-vm-modules); swc strips the types, `tsc -b` checks them.
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  roots: ['<rootDir>/src', '<rootDir>/test'],
  clearMocks: true,
  // Real programs on a machine that does other things, too: a test that is slow there is no failure.
  testTimeout: 60_000,
  extensionsToTreatAsEsm: ['.ts'],
  // Sources name the compiled file, as Node wants it; tests run the source.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' }] },
};
