import { decibels } from './level';

const every = 50;

let shared: AudioContext | null = null;

/** One context for the page; browsers start it suspended until the person did something. */
function context(): AudioContext {
  if (!shared) {
    const created = new AudioContext();
    const resume = () => void created.resume().catch(() => {});
    for (const gesture of ['pointerdown', 'keydown']) {
      window.addEventListener(gesture, resume, { capture: true, passive: true });
    }
    shared = created;
  }
  if (shared.state === 'suspended') {
    void shared.resume().catch(() => {});
  }
  return shared;
}

/** Reads the level of a microphone twenty times a second, in dBFS, until the returned function is called. */
export function measureLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  let source: MediaStreamAudioSourceNode;
  let analyser: AnalyserNode;
  try {
    source = context().createMediaStreamSource(new MediaStream([track]));
    analyser = context().createAnalyser();
  } catch {
    // No audio system: the meter stays at rest.
    return () => {};
  }
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(decibels(samples));
  }, every);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
