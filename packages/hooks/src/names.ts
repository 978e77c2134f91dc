/** Names in look-ups and in messages. */
import type {Entry} from './activation-record.js';

/** Whether `suffix` is the whole name or its last path segments. */
export const endsIn = (name: string, suffix: string): boolean => `/${name}`.endsWith(`/${suffix}`);

/** 'a/b/BiasAdd:0' is the first output of 'a/b/BiasAdd', which is the one that is recorded. */
export const withoutOutputIndex = (name: string): string => name.replace(/:0$/, '');

export const namesOf = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.map(({point}) => point.name)),
];

const SHOWN = 12;

/** Lists what an error message is about, cut where it would fill the screen. */
export const list = (items: readonly string[]): string =>
  items.length > SHOWN
    ? `${items.slice(0, SHOWN).join(', ')} and ${items.length - SHOWN} more`
    : items.join(', ');

/** Lists names, in quotation marks. */
export const quoted = (names: readonly string[]): string => list(names.map((name) => `'${name}'`));
