/** A channel in words. */
import type {ChannelSummary, Side} from '../protocol/feature-maps.js';
import {formatNumber} from './format-number.js';

/** 'channel 12 before, mean magnitude 0.31, dead' */
export function channelLabel(summary: ChannelSummary, side: Side): string {
  const flags = flagsOf(summary).map((flag) => `, ${flag}`);
  return `channel ${summary.channel} ${sideName(side)}, mean magnitude ${formatNumber(summary.activity)}${flags.join('')}`;
}

/** The same, where there is little room. */
export function channelMark({isDead, isSaturated, nonFinite}: ChannelSummary): string {
  return `${isDead ? '☐' : ''}${isSaturated ? '△' : ''}${nonFinite > 0 ? '◇' : ''}`;
}

export function flagsOf({isDead, isSaturated, nonFinite}: ChannelSummary): readonly string[] {
  return [
    ...(isDead ? ['dead'] : []),
    ...(isSaturated ? ['saturated'] : []),
    ...(nonFinite > 0 ? [`${nonFinite} non-finite`] : []),
  ];
}

export const sideName = (side: Side): string => (side === 'pre' ? 'before' : 'after');
