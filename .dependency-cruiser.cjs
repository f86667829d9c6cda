/** Who may import whom: data flows one way, and nothing goes round in a circle. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'Modules that need each other are one, or miss a third. But: a stage may find a gap, and a gap ends all stages.',
      severity: 'error',
      from: { pathNot: '^firmware/estimate/(second|trust)\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'hal-stands-alone',
      comment: 'Drivers know parts and wires, not what they are for.',
      severity: 'error',
      from: { path: '^hal/' },
      // The last are modules of the interpreter.
      to: { pathNot: '^hal/|^(Storage|Flash|crypto)$' },
    },
    {
      name: 'firmware-knows-no-simulator',
      comment: 'The firmware that is tested is the firmware that is flashed.',
      severity: 'error',
      from: { path: '^firmware/' },
      to: { pathNot: '^(firmware|hal)/' },
    },
    {
      name: 'only-entries-touch-espruino',
      comment:
        'What names the interpreter’s globals is imported by the device’s own entries alone, so that the rest runs anywhere.',
      severity: 'error',
      from: {
        path: '^(firmware|sim)/',
        pathNot: '^firmware/(boot|configure|entry|main|serviceTarget|start)\\.ts$|^firmware/(drone|loader|wifi)/',
      },
      to: { path: '^hal/espruino/' },
    },
    {
      name: 'sim-needs-no-tests',
      severity: 'error',
      from: { path: '^(sim|firmware|hal)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-tools-in-what-is-shipped',
      severity: 'error',
      from: { path: '^sim/', pathNot: '^sim/(web|fit|safety/mutate)/|^sim/cell/detailed/fit' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
