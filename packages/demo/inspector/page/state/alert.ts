/** The one message that is shown when something went wrong. */
import {signal} from '@preact/signals';
import {Cancelled} from '../engine-process.js';

export const alertText = signal<string | null>(null);

export function dismissAlert(): void {
  alertText.value = null;
}

/** Shows an error's sentence; what was cancelled is none. */
export function showError(error: unknown): void {
  if (error instanceof Cancelled) return;
  alertText.value = error instanceof Error ? error.message : String(error);
}
