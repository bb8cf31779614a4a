import { connect } from 'amqplib';

export interface EnvelopeTap {
  /** Everything that came so far, oldest first. */
  readonly envelopes: readonly Buffer[];
  close(): Promise<void>;
}

/**
 * Listens to what servers tell one of them, through a queue of its own bound beside the server's: the server's queue
 * gets everything as before.
 */
export async function tapEnvelopesTo(serverId: string, rabbitmqUrl: string): Promise<EnvelopeTap> {
  const connection = await connect(rabbitmqUrl);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'chat.exchange', `chat.${serverId}`);
  const envelopes: Buffer[] = [];
  await channel.consume(queue, (message) => message && envelopes.push(message.content), { noAck: true });
  return { envelopes, close: () => connection.close() };
}
