import './avatar.css';

const TONES = 8;

/** Initials on a colour that the id decides, so that a person looks the same everywhere. */
export function Avatar({ id, name, isOnline = false, size = 'normal' }: {
  readonly id: string;
  readonly name: string;
  readonly isOnline?: boolean;
  readonly size?: 'small' | 'normal';
}) {
  return (
    <span className="avatar" data-tone={toneOf(id)} data-size={size} aria-hidden="true">
      {initialsOf(name)}
      {isOnline && <span className="avatar-online" />}
    </span>
  );
}

function toneOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TONES;
}

/** Two letters of Latin names; of a Korean one the given name, as people call each other. */
export function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (/^[가-힣]{2,4}$/.test(trimmed)) return trimmed.slice(-2);
  const words = trimmed.split(/[\s._-]+/).filter(Boolean);
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const second = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + second).toUpperCase();
}
