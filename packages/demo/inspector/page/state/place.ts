/** Where on the page one is. */
import {computed, signal} from '@preact/signals';

export type View = 'layer' | 'output' | 'compare' | 'grad-cam';
/** On narrow screens one of three is shown at a time; wide ones show all. */
export type Section = 'outline' | 'view' | 'tools';

export const place = signal<'start' | 'workspace'>('start');
export const view = signal<View>('layer');
export const section = signal<Section>('view');

const narrowScreen = matchMedia('(max-width: 959px)');
export const isNarrow = signal(narrowScreen.matches);
narrowScreen.addEventListener('change', ({matches}) => (isNarrow.value = matches));

export const shownSections = computed((): readonly Section[] =>
  isNarrow.value ? [section.value] : ['outline', 'view', 'tools'],
);

export function goTo(shown: View): void {
  view.value = shown;
  section.value = 'view';
}
