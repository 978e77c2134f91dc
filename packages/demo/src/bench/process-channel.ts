/** Other processes to measure in, which are asked and answer. What they print goes to our output. */
import {fork} from 'node:child_process';

export interface OtherProcess {
  /** @throws Error if the process ends before it answers, or its answer is an error. */
  ask<Reply>(request: unknown): Promise<Reply>;
  stop(): void;
}

type Answer = {readonly reply: unknown} | {readonly error: string};

/**
 * Starts a module of this folder in a process of its own.
 *
 * @param module its file name, as compiled
 * @param args what it finds in `process.argv`
 */
export function startProcess(module: string, args: readonly string[]): OtherProcess {
  const child = fork(new URL(module, import.meta.url), args, {
    // What debugs or profiles this process is not for that one.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    ask: <Reply>(request: unknown) =>
      new Promise<Reply>((resolve, reject) => {
        const onExit = (code: number | null, signal: string | null) => {
          reject(new Error(`startProcess: ${module} ended with ${code ?? signal} and no answer.`));
        };
        child.once('exit', onExit);
        child.once('message', (answer: Answer) => {
          child.off('exit', onExit);
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer.reply as Reply);
        });
        child.send(request as object);
      }),
    stop() {
      if (child.connected) child.disconnect();
    },
  };
}

/** Answers what the process that started this one asks, until it stops. */
export function answer(reply: (request: unknown) => unknown): void {
  const send = (message: Answer) => process.send?.(message);
  process.on('message', (request) => {
    Promise.resolve()
      .then(() => reply(request))
      .then(
        (value) => send({reply: value}),
        (error: unknown) =>
          send({error: error instanceof Error ? (error.stack ?? '') : String(error)}),
      );
  });
}
