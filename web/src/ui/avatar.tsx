import { colourIndex, initials } from './text';

const colours = 6;

export function Avatar({ id, name }: { id: string; name: string }) {
  return (
    <span class={`avatar tint-${colourIndex(id, colours)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
