import { connect } from 'node:net';

/** Whether something on 127.0.0.1 takes a connection and, where `send` is given, answers with `expect` first. */
export function answersOnPort(port: number, send?: string, expect = ''): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => {
      if (send === undefined) finish(true);
      else socket.write(send, 'latin1');
    });
    socket.on('data', (data) => finish(data.toString('latin1').startsWith(expect)));
  });
}
