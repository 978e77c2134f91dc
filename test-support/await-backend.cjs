// Jest waits for what a setup file's own export returns, which only CommonJS can make a function.
module.exports = () => require('./set-backend.ts').backendReady;
