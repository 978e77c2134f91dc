// Stands in for the second jasmine that tfjs-core's jasmine_util makes: what it sets there (the timeout of
// asynchronous tests) is meant for the one that runs.
export const core = () => globalThis.jasmine;
