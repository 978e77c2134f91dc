import {SingleBar} from 'cli-progress';

export interface Progress {
  /** One step done; say what the next one is about. */
  step(what: string): void;
  end(): void;
}

/** A progress bar on standard error. Prints nothing where that is not a terminal. */
export function startProgress(title: string, steps: number): Progress {
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} {what}`,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: true,
  });
  bar.start(steps, 0, {what: ''});
  return {
    step: (what) => {
      bar.increment(1, {what});
    },
    end: () => {
      bar.stop();
    },
  };
}
