import type { Duplex } from 'node:stream';

/** What is no HTTP at all is answered by hand: there is no request to reply to. */
export function refuseMalformed(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify({
    code: tooLarge ? 'too-large' : 'bad-request',
    message: tooLarge ? 'The headers are larger than this server takes.' : 'This is not a valid HTTP request.',
  });
  const head = [
    `HTTP/1.1 ${tooLarge ? '413 Payload Too Large' : '400 Bad Request'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
