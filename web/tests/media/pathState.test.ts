import { describe, expect, it } from 'vitest';
import { nextPath, type PathEvent, reportOf, serverOnly, viewOf } from '../../src/media/pathState';

const started: PathEvent = { type: 'started', id: 'l1', peerId: 'b' };
const ready: PathEvent = { type: 'ready' };
const direct: PathEvent = { type: 'mode', mode: 'peerToPeer', reason: 'twoPeople' };
const third: PathEvent = { type: 'mode', mode: 'server', reason: 'moreThanTwo' };
const towards: PathEvent = { type: 'mode', mode: 'server', reason: 'twoPeople' };
const broken: PathEvent = { type: 'broken' };
const ended: PathEvent = { type: 'ended', id: 'l1' };
const voice: PathEvent = { type: 'back', part: 'mic' };
const cam: PathEvent = { type: 'back', part: 'cam' };
const screen: PathEvent = { type: 'back', part: 'screen' };
const interrupted: PathEvent = { type: 'interrupted' };
const recovered: PathEvent = { type: 'recovered' };

/** In short: phase, what is sent to the server (S), which of mix (X) and link voice (V), camera (C), screen (D) are played. */
function after(...events: PathEvent[]): string {
  const state = events.reduce(nextPath, serverOnly);
  const view = viewOf(state);
  const flags = [
    view.sendToServer && 'S',
    view.mixAudible && 'X',
    view.fromLink.mic && 'V',
    view.fromLink.cam && 'C',
    view.fromLink.screen && 'D',
  ];
  return `${state.link?.phase ?? 'none'} ${flags.filter(Boolean).join('')}`;
}

describe('the way to peer to peer', () => {
  it.each([
    ['nothing yet', [], 'none SX'],
    ['a link is being made', [started], 'connecting SX'],
    ['it works for us', [started, ready], 'playing SVCD'],
    ['it works for both', [started, ready, direct], 'playing VCD'],
    ['it does not connect', [started, broken], 'failed SX'],
    ['it does not work for the other', [started, ready, ended], 'none SX'],
    ['it is announced after the link', [started, towards, ready], 'playing SVCD'],
    ['a third comes before it works', [started, third], 'released SX'],
    ['a third comes before it works for the other', [started, ready, third], 'returning SXVCD'],
    ['ready twice', [started, ready, ready, direct], 'playing VCD'],
    ['ready after the end', [started, ended, ready], 'none SX'],
  ] as [string, PathEvent[], string][])('%s', (_, events, expected) => {
    expect(after(...events)).toBe(expected);
  });
});

describe('the way back', () => {
  const two = [started, ready, direct];
  it.each([
    ['a third comes', [third], 'returning SXVCD'],
    ['the voice is back', [third, voice], 'returning SXCD'],
    ['the camera is back first', [third, cam], 'returning SXVD'],
    ['all is back', [third, screen, cam, voice], 'released SX'],
    ['the server ends it before all is back', [third, cam, ended], 'none SX'],
    ['the link breaks on the way', [third, cam, broken], 'released SX'],
    ['said twice', [third, cam, third, voice, screen], 'released SX'],
    ['the third leaves again on the way', [third, cam, towards, voice, screen], 'released SX'],
    ['the server has forgotten the link', [towards], 'returning SXVCD'],
    ['back before it was asked for', [voice, cam, screen], 'playing VCD'],
    ['the end of another link', [{ type: 'ended', id: 'l0' } as const], 'playing VCD'],
  ] as [string, PathEvent[], string][])('%s', (_, events, expected) => {
    expect(after(...two, ...events)).toBe(expected);
  });
});

describe('a link in trouble', () => {
  const two = [started, ready, direct];
  it.each([
    ['stutters', [interrupted], 'playing SVCD'],
    ['stutters and comes back', [interrupted, recovered], 'playing VCD'],
    ['breaks', [broken], 'failed SX'],
    ['breaks and comes back too late', [broken, recovered, ready], 'failed SX'],
    ['breaks and is replaced', [broken, { type: 'started', id: 'l2', peerId: 'b' } as const], 'connecting SX'],
    ['breaks, is replaced, and its late end comes', [broken, { ...started, id: 'l2' }, ended], 'connecting SX'],
    ['is lost while both go to the server', [third, broken, ended], 'none SX'],
  ] as [string, PathEvent[], string][])('%s', (_, events, expected) => {
    expect(after(...two, ...events)).toBe(expected);
  });
});

it('never leaves a person without a voice to hear or a way to be heard', () => {
  const events = [
    started,
    { ...started, id: 'l2' },
    ready,
    direct,
    third,
    towards,
    voice,
    cam,
    screen,
    broken,
    interrupted,
    recovered,
    ended,
    { ...ended, id: 'l2' },
  ];
  const wrong: string[] = [];
  let seed = 1;
  for (let run = 0; run < 2_000; run++) {
    let state = serverOnly;
    for (let step = 0; step < 12; step++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      state = nextPath(state, events[(seed >>> 16) % events.length] as PathEvent);
      const view = viewOf(state);
      const heard = view.mixAudible || view.fromLink.mic;
      // What is not sent to the server goes over a link that both play.
      const sent = view.sendToServer || state.link?.phase === 'playing';
      // Nothing is played of a link that is not there, or broke.
      const dead = view.fromLink.mic && (state.link === null || state.link.phase === 'failed');
      if (!heard || !sent || dead) {
        wrong.push(JSON.stringify(state));
      }
    }
  }
  expect(wrong).toEqual([]);
});

it('tells the server each phase that it waits for', () => {
  expect((['connecting', 'playing', 'returning', 'released', 'failed'] as const).map(reportOf)).toEqual([
    null,
    'ready',
    null,
    'released',
    'failed',
  ]);
});
