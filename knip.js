/**
 * How `npm run lint` finds files, exports and dependencies that nothing uses; with --production, also those
 * that only tests use. Benchmarks count as production: they run what `dist` holds (tsconfig.build.json tells where from).
 */
export default {
  // a "!" marks what runs in production: the commands, what threads and child processes load by name
  entry: [
    'src/client/main.ts!',
    'src/analyses/*.ts!',
    'src/io/acquire/finish-thread.ts!',
    'src/io/analysis/child-main.ts!',
    'src/io/analysis/loader-hooks.ts!',
    'src/io/configuration/open-job.ts!',
    'src/io/process/process-job.ts!',
    'src/io/report/report-main.ts!',
    'src/io/temporal/cli-download-process.ts!',
    'src/io/threads/thread-entry.ts!',
    'bench/*.js!',
    'test/**/*.{ts,js}',
    '{chaos,scripts}/*.js',
  ],
  project: ['src/**/*.ts!', 'bench/*.js!', 'test/**/*.{ts,js}', '{chaos,scripts}/*.js'],
  ignoreExportsUsedInFile: true,
  ignoreBinaries: ['flock', 'h5dump', 'h5stat', 'ip', 'mkfifo', 'mount', 'ss', 'umount'],
  ignoreDependencies: [
    'dejavu-fonts-ttf', // its files are found by require.resolve
    'protobufjs', // keeps one copy at the top of node_modules: histories in JSON replay with that alone
  ],
};
