/** Ways between the views. */
import type {JSX} from 'preact';
import {goTo, isNarrow, section, view} from './state/place.js';
import type {Section, View} from './state/place.js';
import {model} from './state/session.js';

const VIEW_TITLES: Readonly<Record<View, string>> = {
  layer: 'Maps',
  output: 'Output',
  compare: 'Compare',
  'grad-cam': 'Grad-CAM',
};

export function Tabs(): JSX.Element {
  const views = (['layer', 'output', 'compare', 'grad-cam'] as const).filter(
    (each) => each !== 'grad-cam' || model.value?.classCount != null,
  );
  return (
    <nav class="tabs" aria-label="Views">
      {isNarrow.value && <SectionTab shown="outline" title="Outline" />}
      {views.map((each) => (
        <Tab
          key={each}
          title={VIEW_TITLES[each]}
          isCurrent={view.value === each && (section.value === 'view' || !isNarrow.value)}
          onOpen={() => {
            goTo(each);
          }}
        />
      ))}
      {isNarrow.value && <SectionTab shown="tools" title="Tools" />}
    </nav>
  );
}

function SectionTab({
  shown,
  title,
}: {
  readonly shown: Section;
  readonly title: string;
}): JSX.Element {
  return (
    <Tab
      title={title}
      isCurrent={section.value === shown}
      onOpen={() => {
        section.value = shown;
      }}
    />
  );
}

interface TabProps {
  readonly title: string;
  readonly isCurrent: boolean;
  readonly onOpen: () => void;
}

function Tab({title, isCurrent, onOpen}: TabProps): JSX.Element {
  return (
    <button
      type="button"
      class="tab"
      onClick={onOpen}
      {...(isCurrent ? {'aria-current': 'page' as const} : {})}
    >
      {title}
    </button>
  );
}
