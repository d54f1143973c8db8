// Put into every page after peer.js: records, at the side of the person who listens and watches, how long each voice and each
// picture was missing, and how wide each picture was. Voices are measured every 5 ms where the page plays them, pictures at each one shown.
() => {
  'use strict';
  if (!window.peer || window.recorder) {
    return;
  }

  const hop = 256;
  /** 20 ms at 48 kHz: tones 100 Hz apart are told apart. */
  const windowLength = 960;
  /** A tone this far below its usual level is not there. */
  const goneBelow = 20;
  /** How much of a gap the window's ends hide, in milliseconds. */
  const hidden = 10;
  /** The graph takes a moment to run, in seconds. */
  const settling = 0.3;

  let running = null;

  const shape = Float32Array.from({ length: windowLength }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / windowLength));

  function levelOf(samples, start, frequency, sampleRate) {
    const step = (2 * Math.PI * frequency) / sampleRate;
    let [re, im] = [0, 0];
    for (let i = 0; i < windowLength; i++) {
      const sample = samples[(start + i) % windowLength] * shape[i];
      re += sample * Math.cos(step * i);
      im += sample * Math.sin(step * i);
    }
    return 20 * Math.log10(Math.max(1e-10, (4 * Math.hypot(re, im)) / windowLength));
  }

  /** Begins: voices by frequency, pictures by the name on their tile. */
  function start(frequencies, names) {
    stop();
    const { node, context } = window.peer.ear();
    const processor = context.createScriptProcessor(hop, 1, 1);
    const ring = new Float32Array(windowLength);
    let written = 0;
    const voices = [];
    processor.onaudioprocess = (event) => {
      const input = event.inputBuffer.getChannelData(0);
      for (const sample of input) {
        ring[written++ % windowLength] = sample;
      }
      if (written >= windowLength) {
        voices.push([event.playbackTime, ...frequencies.map((f) => levelOf(ring, written % windowLength, f, context.sampleRate))]);
      }
    };
    node.connect(processor);
    // A processor runs only while it is connected; it writes silence.
    processor.connect(context.destination);

    const pictures = new Map(names.map((name) => [name, { clock: -1, times: [], widths: [] }]));
    const watched = new WeakSet();
    const look = (name, video) => {
      if (!running) {
        return;
      }
      if (video.isConnected && getComputedStyle(video).visibility !== 'hidden' && getComputedStyle(video).opacity !== '0') {
        const code = window.peer.seen(video);
        const picture = pictures.get(name);
        if (code && code.clock > picture.clock) {
          picture.clock = code.clock;
          picture.times.push(performance.now());
        }
        if (video.videoWidth && picture.widths.at(-1)?.pixels !== video.videoWidth) {
          picture.widths.push({ at: Date.now(), pixels: video.videoWidth });
        }
      }
      video.requestVideoFrameCallback(() => look(name, video));
    };
    const find = () => {
      for (const name of names) {
        for (const video of window.peer.tile(name)?.querySelectorAll('video') ?? []) {
          if (!watched.has(video)) {
            watched.add(video);
            video.requestVideoFrameCallback(() => look(name, video));
          }
        }
      }
    };
    const timer = setInterval(find, 20);
    running = {
      end() {
        clearInterval(timer);
        node.disconnect(processor);
        processor.disconnect();
        processor.onaudioprocess = null;
        return {
          voices: frequencies.map((frequency, k) => voiceGap(voices, k + 1, frequency)),
          pictures: names.map((name) => ({ ...pictureGap(name, pictures.get(name).times), widths: pictures.get(name).widths })),
        };
      },
    };
    find();
  }

  function voiceGap(voices, column, frequency) {
    const begun = voices[0]?.[0] ?? 0;
    voices = voices.filter((row) => row[0] - begun >= settling);
    const sorted = voices.map((row) => row[column]).sort((a, b) => a - b);
    // What it is while it is there, even when it is gone most of the time.
    const present = sorted[Math.floor(sorted.length * 0.9)] ?? -200;
    let longest = 0;
    let at = 0;
    let since = null;
    let before = null;
    for (const row of voices) {
      // Blocks that the page was too busy to take are unknown, not silent.
      const lost = before !== null && row[0] - before > 0.1;
      before = row[0];
      if (row[column] > present - goneBelow || lost) {
        since = null;
        continue;
      }
      since ??= row[0];
      const gap = (row[0] - since) * 1000 + hidden;
      if (gap > longest) {
        longest = gap;
        at = since;
      }
    }
    return { frequency, level: present, longest, at: longest ? at - begun : 0, readings: voices.length };
  }

  function pictureGap(name, times) {
    let longest = 0;
    let at = 0;
    for (let i = 1; i < times.length; i++) {
      if (times[i] - times[i - 1] > longest) {
        longest = times[i] - times[i - 1];
        at = times[i - 1] - times[0];
      }
    }
    return { name, longest, at: at / 1000, readings: times.length };
  }

  /** Ends, and tells the longest gap of each in milliseconds. */
  function stop() {
    const result = running?.end() ?? null;
    running = null;
    return result;
  }

  window.recorder = { start, stop };
}
