import { describe, expect, it } from 'vitest';
import { type LinkEvent, LinkEvents } from '../../src/signalling/linkEvents';

const ended = (linkId: string): LinkEvent => ({ name: 'linkEnded', argument: { linkId } }) as LinkEvent;

describe('events of links', () => {
  it('wait in order for who takes them, and while a join is not done with', () => {
    const events = new LinkEvents();
    const taken: LinkEvent[] = [];
    const [a, b, c] = [ended('a'), ended('b'), ended('c')];
    events.add(a);
    events.add(b);
    events.give((event) => taken.push(event));
    expect(taken).toEqual([a, b]);

    events.hold();
    events.add(c);
    expect(taken).toEqual([a, b]);
    events.release();
    expect(taken).toEqual([a, b, c]);
  });

  it('go to who takes them now', () => {
    const events = new LinkEvents();
    const first: LinkEvent[] = [];
    const second: LinkEvent[] = [];
    events.give((event) => first.push(event));
    events.give((event) => second.push(event));
    events.add(ended('a'));
    expect([first.length, second.length]).toEqual([0, 1]);
  });
});
