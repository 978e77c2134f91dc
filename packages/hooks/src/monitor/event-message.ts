/** The messages of event files: TensorFlow's `event.proto`, `summary.proto` and `histogram.proto`. */
import {
  chosenFloatField,
  doubleField,
  doublesField,
  integerField,
  joinBytes,
  messageField,
  stringField,
} from './protobuf-fields.js';
import type {HistogramSummary, Summary} from './report-writer.js';

/** The numbers of the fields. */
const EVENT = {wallTime: 1, step: 2, fileVersion: 3, summary: 5};
const SUMMARY = {value: 1};
const VALUE = {tag: 1, simpleValue: 2, histogram: 5};
const HISTOGRAM = {min: 1, max: 2, num: 3, sum: 4, sumSquares: 5, bucketLimit: 6, bucket: 7};

/** The `Event` with which every event file begins. */
export const versionEvent = (wallTime: number): Uint8Array =>
  joinBytes([
    doubleField(EVENT.wallTime, wallTime),
    stringField(EVENT.fileVersion, 'brain.Event:2'),
  ]);

/**
 * The `Event` of one summary. A scalar becomes a float of 32 bits, which is what the format has.
 */
export const summaryEvent = (summary: Summary): Uint8Array =>
  joinBytes([
    doubleField(EVENT.wallTime, summary.wallTime),
    integerField(EVENT.step, summary.step),
    messageField(EVENT.summary, [messageField(SUMMARY.value, valueFields(summary))]),
  ]);

const valueFields = (summary: Summary): Uint8Array[] => [
  stringField(VALUE.tag, summary.tag),
  'scalar' in summary
    ? chosenFloatField(VALUE.simpleValue, summary.scalar)
    : messageField(VALUE.histogram, histogramFields(summary.histogram)),
];

const histogramFields = (histogram: HistogramSummary): Uint8Array[] => [
  doubleField(HISTOGRAM.min, histogram.min),
  doubleField(HISTOGRAM.max, histogram.max),
  doubleField(HISTOGRAM.num, histogram.count),
  doubleField(HISTOGRAM.sum, histogram.sum),
  doubleField(HISTOGRAM.sumSquares, histogram.sumOfSquares),
  doublesField(HISTOGRAM.bucketLimit, histogram.limits),
  doublesField(HISTOGRAM.bucket, histogram.counts),
];
