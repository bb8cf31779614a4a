import type { Plan, Step } from './plan.ts';

/** A line for each step, with the fields that it has. */
export function describePlan({ seed, users, devices, rooms, directs, steps }: Plan): string {
  const lines = [
    `seed ${seed}: ${devices.length} devices of ${users} users, ${rooms.length} rooms, ${directs.length} direct conversations, ${steps.length} steps`,
    ...rooms.map(({ owner, visibility, history, members }, index) =>
      `  conversation ${directs.length + index} is room ${index}: ${visibility}, history ${history}, owner u${owner}, members ${members.map((user) => `u${user}`).join(' ')}`),
    ...steps.map((step, index) => `  ${String(index + 1).padStart(3)}. ${describeStep(step)}`),
  ];
  return lines.join('\n');
}

function describeStep({ do: kind, pause, ...fields }: Step): string {
  const named = Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${String(value)}`);
  return `${kind} ${named.join(', ')}${pause > 0 ? `, then ${pause} ms` : ''}`;
}
