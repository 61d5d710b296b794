#!/usr/bin/env node
// CommonJS (see package.json beside it): ES modules are read by the very threads whose number is set here. They compress
// tables; libuv has four of them, on any machine.
const { availableParallelism } = require('node:os');

process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
import('../dist/client/main.js');
