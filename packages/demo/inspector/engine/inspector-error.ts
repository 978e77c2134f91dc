/** Something that people in front of the page can do something about. */

/** Its message is a sentence: what is wrong, what came, what to do. */
export class InspectorError extends Error {
  override readonly name = 'InspectorError';
}
