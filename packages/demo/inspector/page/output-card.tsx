/** One output: its classes, its image, or its values in a few numbers. */
import type {JSX} from 'preact';
import type {ClassScore, OutputSummary} from '../protocol/run.js';
import {formatNumber, formatShape} from './format-number.js';
import {factsOf} from './output-facts.js';
import {PictureCanvas} from './picture-canvas.js';

interface OutputCardProps {
  readonly title: string;
  readonly output: OutputSummary;
  /** The same output of the original run. */
  readonly before?: OutputSummary;
}

export function OutputCard({title, output, before}: OutputCardProps): JSX.Element {
  return (
    <figure class="output-card" data-output={title}>
      <figcaption>
        {title}
        <span class="note">
          <code>{output.name}</code> · {formatShape(output.shape)}
        </span>
      </figcaption>
      <Contents output={output} before={before?.top ?? null} />
    </figure>
  );
}

function Contents({
  output,
  before,
}: {
  readonly output: OutputSummary;
  readonly before: readonly ClassScore[] | null;
}): JSX.Element {
  const {top, picture, statistics} = output;
  if (picture !== null) return <PictureCanvas picture={picture} label={`Image ${output.name}`} />;
  if (top === null) {
    return (
      <dl class="facts">
        {factsOf(statistics).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  const most = Math.max(...top.map(({score}) => Math.abs(score)), Number.MIN_VALUE);
  return (
    <ol class="classes">
      {top.map(({index, label, score}) => (
        <li key={index}>
          <span>{label}</span>
          <span class="class-bar" aria-hidden="true">
            <span style={{width: `${(100 * Math.max(0, score)) / most}%`}} />
          </span>
          <span class="figure">{formatNumber(score)}</span>
          <span class="figure note">{differenceText(score, before, index)}</span>
        </li>
      ))}
    </ol>
  );
}

function differenceText(
  score: number,
  before: readonly ClassScore[] | null,
  index: number,
): string {
  const was = before?.find((each) => each.index === index)?.score;
  if (was === undefined || was === score) return '';
  return `${score > was ? '+' : ''}${formatNumber(score - was)}`;
}
