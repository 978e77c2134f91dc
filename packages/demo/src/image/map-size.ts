/** How many maps a tensor holds, and how large they are. */
export interface MapSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * The maps of one example of a batch. [batch, channels] has maps of one value, [batch, steps, channels] columns of
 * them; where there are more axes than height and width, slices lie below one another.
 *
 * @param channelAxis the last axis unless given; 0 where there is no batch
 */
export function mapSize(shape: readonly number[], channelAxis = shape.length - 1): MapSize {
  const places = shape.filter((_, axis) => axis > 0 && axis !== channelAxis);
  const width = places.length > 1 ? (places.at(-1) ?? 1) : 1;
  const height = places.slice(0, places.length > 1 ? -1 : 1).reduce((rows, size) => rows * size, 1);
  return {height, width, channels: shape[channelAxis] ?? 1};
}
