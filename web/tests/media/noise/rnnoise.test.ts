import wasm from '@jitsi/rnnoise-wasm/dist/rnnoise.wasm?url&inline';
import { describe, expect, it } from 'vitest';
import { decibels } from '../../../src/media/level';
import { Frames } from '../../../src/media/noise/frames';
import { frameSize, Rnnoise } from '../../../src/media/noise/rnnoise';

const rate = 48_000;
const module = new WebAssembly.Module(await (await fetch(wasm)).arrayBuffer());

/** A seeded white noise, −30 dBFS. */
function noise(samples: number): Float32Array {
  let seed = 12345;
  return Float32Array.from({ length: samples }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed / 2 ** 31 - 1) * 0.055;
  });
}

/** Something like a voice: many overtones of a pitch that moves, in syllables. */
function voice(samples: number): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: samples }, (_, i) => {
    const time = i / rate;
    phase += (2 * Math.PI * (130 + 25 * Math.sin(2 * Math.PI * 0.7 * time))) / rate;
    let sum = 0;
    for (let n = 1; n <= 20; n++) {
      const formant = Math.exp(-(((n * 130 - 600) / 400) ** 2)) + 0.5 * Math.exp(-(((n * 130 - 1400) / 500) ** 2));
      sum += formant * Math.sin(n * phase);
    }
    return 0.08 * sum * Math.max(0, Math.sin(2 * Math.PI * 2.5 * time));
  });
}

function passed(samples: Float32Array): Float32Array {
  const rnnoise = new Rnnoise(module);
  const frames = new Frames(frameSize, (frame) => rnnoise.process(frame));
  const out = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at += 128) {
    frames.pass(samples.subarray(at, at + 128), out.subarray(at, at + 128));
  }
  return out;
}

const level = (samples: Float32Array, which: (time: number) => boolean) =>
  decibels(samples.filter((_, i) => i > rate && which(i / rate)));

describe('RNNoise', () => {
  const [hiss, speech] = [noise(4 * rate), voice(4 * rate)];
  const inNoise = speech.map((sample, i) => sample + (hiss[i] ?? 0));

  it('takes noise away', () => {
    expect(level(passed(hiss), () => true)).toBeLessThan(level(hiss, () => true) - 12);
  });

  it('leaves a voice as loud as it was, and in its pauses takes the noise away', () => {
    const out = passed(inNoise);
    // What comes out is 20 ms later; the middle of each syllable and of each pause.
    const syllable = (time: number) => Math.sin(2 * Math.PI * 2.5 * (time - 0.02)) > 0.5;
    const pause = (time: number) => Math.sin(2 * Math.PI * 2.5 * (time - 0.02)) < -0.5;
    expect(Math.abs(level(out, syllable) - level(speech, syllable))).toBeLessThan(2);
    expect(level(out, pause)).toBeLessThan(level(inNoise, pause) - 8);
    expect(Math.abs(level(passed(speech), () => true) - level(speech, () => true))).toBeLessThan(1);
  });
});

describe('frames of blocks', () => {
  it.each([[128], [64], [480], [100]])('of %i come back whole, one frame later', (block) => {
    const size = 480;
    const frames = new Frames(size, (frame) => frame.set(frame.map((sample) => -sample)));
    const input = Float32Array.from({ length: 4800 }, (_, i) => i);
    const output = new Float32Array(input.length);
    for (let at = 0; at < input.length; at += block) {
      frames.pass(input.subarray(at, at + block), output.subarray(at, at + block));
    }
    expect(output.subarray(0, size).every((sample) => sample === 0)).toBe(true);
    expect(output.subarray(size)).toEqual(input.subarray(0, -size).map((sample) => -sample));
  });

  it('of a microphone that gives nothing are silence', () => {
    const frames = new Frames(4, () => {});
    const output = new Float32Array(12).fill(1);
    frames.pass(undefined, output);
    expect([...output].every((sample) => sample === 0)).toBe(true);
  });
});
