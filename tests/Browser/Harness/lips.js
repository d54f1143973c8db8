// Put into every page after peer.js: how long a voice that beeps and a picture take, each from where it was made to where it is played. All
// pages are on one machine and so have one clock; times are milliseconds of Unix time.
() => {
  'use strict';
  if (!window.peer || window.lips) {
    return;
  }

  /** A voice is there above this, and was not while it stayed below `silent` for `silence` seconds: Opus rings a little. */
  const loud = 0.02;
  const silent = 0.005;
  const silence = 0.1;
  /** For how many readings the least offset counts: clocks drift. */
  const offsets = 1000;

  let running = null;
  const behind = [];

  /** From a time of the audio context to Unix time. It goes on in bursts, so of the last readings the earliest is right. */
  const offset = () => Math.min(...behind);
  setInterval(() => {
    const context = running?.context ?? (window.peer.person.beeps && window.peer.audioContext());
    if (context?.state === 'running') {
      behind.push(Date.now() - context.currentTime * 1000);
      if (behind.length > offsets) {
        behind.shift();
      }
    }
  }, 5);

  /** At whom beeps: when one was made, and how far they are apart. */
  function made() {
    const { first, period } = window.peer.beeps();
    return { at: offset() + first, period };
  }

  /** At whom listens and watches: begins. */
  function start(name) {
    const { context, analyser } = window.peer.ear();
    const samples = new Float32Array(analyser.fftSize);
    const [voices, pictures, watched] = [[], [], new WeakSet()];
    let [heardUntil, quietSince, isLoud] = [context.currentTime, context.currentTime, true];
    behind.length = 0;
    const listen = () => {
      analyser.getFloatTimeDomainData(samples);
      const end = context.currentTime;
      const from = Math.max(0, Math.ceil(samples.length - (end - heardUntil) * context.sampleRate));
      for (let i = from; i < samples.length; i++) {
        const at = end - (samples.length - i) / context.sampleRate;
        const level = Math.abs(samples[i]);
        if (level > silent) {
          if (level > loud && !isLoud && at - quietSince >= silence) {
            voices.push(at * 1000);
            isLoud = true;
          }
          if (isLoud || at - quietSince < silence) {
            quietSince = at;
          }
        } else if (at - quietSince >= silence) {
          isLoud = false;
        }
      }
      heardUntil = end;
    };
    const look = (video, presented) => {
      if (!running) {
        return;
      }
      const code = window.peer.seen(video);
      if (code && getComputedStyle(video).visibility !== 'hidden') {
        const at = performance.timeOrigin + presented;
        pictures.push({ at, age: code.ageMs - (Date.now() - at) });
      }
      video.requestVideoFrameCallback((_, metadata) => look(video, metadata.presentationTime));
    };
    const find = () => {
      for (const video of window.peer.tile(name)?.querySelectorAll('video') ?? []) {
        if (!watched.has(video)) {
          watched.add(video);
          video.requestVideoFrameCallback((_, metadata) => look(video, metadata.presentationTime));
        }
      }
    };
    const timers = [setInterval(listen, 15), setInterval(find, 20)];
    running = {
      context,
      voices,
      end() {
        timers.forEach(clearInterval);
        return { voices: voices.map((at) => at + offset()), pictures };
      },
    };
  }

  /** Ends: when each beep was heard, and when each picture was shown and how old it was. */
  function stop() {
    const result = running.end();
    running = null;
    return result;
  }

  window.lips = { made, start, stop, heard: () => running.voices.length };
}
