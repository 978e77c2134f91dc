/** Edits in words. */
import type {Change, LayerEdit} from '../protocol/run.js';
import {formatNumber} from './format-number.js';

export function changeText(change: Change): string {
  if (change.kind === 'ablate') return 'ablated';
  if (change.kind === 'scale') return `× ${formatNumber(change.factor)}`;
  return `clamped to ${formatNumber(change.min)}…${formatNumber(change.max)}`;
}

/** 'channel 3 ablated', 'all channels × 2' */
export function editText({channels, change}: LayerEdit): string {
  const whole = channels === null ? 'all channels' : '';
  const some = channels?.length === 1 ? 'channel' : 'channels';
  return `${whole || `${some} ${(channels ?? []).join(', ')}`} ${changeText(change)}`;
}

/** Why a change cannot be made; null if it can. */
export function changeError(change: Change): string | null {
  if (change.kind !== 'clamp' || change.min <= change.max) return null;
  return `The least, ${formatNumber(change.min)}, is above the most, ${formatNumber(change.max)}. Swap them.`;
}
