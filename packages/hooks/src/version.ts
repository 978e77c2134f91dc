/** Which version of this package it is, for what is saved along with captured values. */

/** As in package.json. */
export const version = '0.1.0';
