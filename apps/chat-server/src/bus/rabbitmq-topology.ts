import type { Channel } from 'amqplib';

/** Envelopes between servers: each server's key is bound to its own queue, one publish reaches several by `CC`. */
export const EXCHANGE = 'chat.exchange';

/** Exchange and queue of what could not be read, for a person to look at. */
export const DEAD_LETTERS = 'chat.dead-letters';

const DEAD_LETTERS_MAX = 1_000;
const DEAD_LETTERS_MAX_BYTES = 16 * 1024 * 1024;

export function queueOf(serverId: string): string {
  return `chat.queue.${serverId}`;
}

export function routingKeyOf(serverId: string): string {
  return `chat.${serverId}`;
}

export type QueueBounds = { readonly maxLength: number; readonly expiresMs: number };

export async function declareExchanges(channel: Channel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
  await channel.assertExchange(DEAD_LETTERS, 'fanout', { durable: true });
  // Bounded by count and by bytes; at the bound the oldest dead letter makes room for the new one. Nobody waits for it.
  await channel.assertQueue(DEAD_LETTERS, {
    durable: true,
    arguments: {
      'x-max-length': DEAD_LETTERS_MAX,
      'x-max-length-bytes': DEAD_LETTERS_MAX_BYTES,
      'x-overflow': 'drop-head',
    },
  });
  await channel.bindQueue(DEAD_LETTERS, DEAD_LETTERS, '');
}

/**
 * Makes this server's queue anew, empty and bound. What an earlier start left in it is gone on purpose: this start
 * reads the log, and old envelopes would only be repeats.
 */
export async function declareOwnQueue(channel: Channel, serverId: string, bounds: QueueBounds): Promise<void> {
  const queue = queueOf(serverId);
  await channel.deleteQueue(queue);
  await channel.assertQueue(queue, {
    // The queue is durable, what is in it is not: RabbitMQ is about to give up transient queues that are not exclusive.
    durable: true,
    arguments: {
      // At the bound the publisher gets a nack and knows. `drop-head` would lose the oldest without telling anybody.
      'x-max-length': bounds.maxLength,
      'x-overflow': 'reject-publish',
      // A server that died does not come back for its queue under a new id; the broker removes it.
      'x-expires': bounds.expiresMs,
    },
  });
  await channel.bindQueue(queue, EXCHANGE, routingKeyOf(serverId));
}
