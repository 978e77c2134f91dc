// The page is held to its policy, and nothing in it needs what that forbids.
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {builtInspector} from '../../../../../test-support/browser/prerequisites.js';
import {useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';

const browser = useChromium();
const open = useInspector(browser, useServer());

test('no script that is built makes code from text', () => {
  const folder = join(builtInspector, 'assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  for (const name of scripts) {
    const found = /[^\w.$](?:eval|Function)\s*\(.{0,60}/.exec(
      readFileSync(join(folder, name), 'utf8'),
    );
    expect({name, found: found?.[0]}).toEqual({name, found: undefined});
  }
});

test('code from text, other hosts and scripts in the HTML are refused', async () => {
  const {page, complaints} = await open();
  // Later: what Playwright evaluates at once is exempt from the policy.
  const outcome = await page.evaluate(
    () =>
      new Promise<Record<string, string>>((resolve) =>
        setTimeout(() => {
          const attempt = (run: () => unknown) => {
            try {
              return String(run());
            } catch (error) {
              return (error as Error).name;
            }
          };
          // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- what must be refused
          const made = attempt(() => new Function('return 1')());
          const script = document.createElement('script');
          script.textContent = 'document.title = "taken over"';
          document.body.append(script);
          const fetched = fetch('https://models.example/').then(
            String,
            (error: unknown) => (error as Error).name,
          );
          void fetched.then((name) => {
            resolve({made, fetched: name, title: document.title});
          });
        }),
      ),
  );
  expect(outcome).toMatchObject({made: 'EvalError', fetched: 'TypeError'});
  expect(outcome['title']).not.toBe('taken over');
  const refusals = complaints.splice(0);
  expect(refusals.length).toBeGreaterThanOrEqual(2);
  for (const refusal of refusals) expect(refusal).toMatch(/Content Security Policy|script-src/);
});
