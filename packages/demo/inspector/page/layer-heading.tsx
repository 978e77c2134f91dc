/** What a layer is, and its values in a few numbers. */
import type {JSX} from 'preact';
import type {Statistics} from '../../src/report/statistics.js';
import type {HookSummary} from '../protocol/run.js';
import {Flags} from './flags.js';
import {formatNumber, formatShape, formatShare} from './format-number.js';
import {Histogram} from './histogram.js';

export function LayerHeading({hook}: {readonly hook: HookSummary}): JSX.Element {
  const {path, activation, shape, pre, post} = hook;
  const within = path.slice(0, -1).join(' / ');
  return (
    <header class="layer-heading">
      <div class="layer-title">
        {within !== '' && <p class="layer-path">{within}</p>}
        <h2>{breakable(path.at(-1) ?? hook.name)}</h2>
      </div>
      <div class="layer-kind">
        <p class="layer-facts">
          <strong>{activation}</strong> · {formatShape(shape)}
        </p>
        <Flags of={hook} />
      </div>
      <Histogram hook={hook} />
      <table class="statistics">
        <thead>
          <tr>
            <td />
            {['min', 'mean', 'max', '≤ 0', '= 0'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <StatisticsRow title="before" of={pre} />
          <StatisticsRow title="after" of={post} />
        </tbody>
      </table>
    </header>
  );
}

/** Long names may break after what joins their words. */
const breakable = (name: string): (string | JSX.Element)[] =>
  name.split(/(?<=[_/.-])/).flatMap((part, at) => (at === 0 ? [part] : [<wbr key={at} />, part]));

function StatisticsRow({
  title,
  of,
}: {
  readonly title: string;
  readonly of: Statistics;
}): JSX.Element {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{formatNumber(of.min)}</td>
      <td>{formatNumber(of.mean)}</td>
      <td>{formatNumber(of.max)}</td>
      <td>{formatShare(of.nonPositive)}</td>
      <td>{formatShare(of.zero)}</td>
    </tr>
  );
}
