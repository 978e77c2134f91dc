/** A request whose path goes out as it is written: `fetch` would tidy it up first. */
import {request} from 'node:http';
import type {IncomingHttpHeaders, OutgoingHttpHeaders} from 'node:http';

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

export function rawRequest(
  origin: string,
  path: string,
  {method = 'GET', headers = {}}: RawRequest = {},
): Promise<RawResponse> {
  const {hostname, port} = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({hostname, port, path, method, headers, agent: false}, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
