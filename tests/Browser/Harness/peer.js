// Put into every page before its own scripts: stands in for the devices of one person, and tells what that person sees and
// hears. `person` is Person.cs in JSON; `scenes` draws nicer cameras for the screenshots.
(person, scenes) => {
  'use strict';

  // A frame of a page that has no devices at all (about:blank) is of no interest.
  if (!navigator.mediaDevices || window.peer) {
    return;
  }

  // ---- The picture: 40 cells of 40×36 pixels, black or white, so that VP8 at any bitrate leaves each one readable.
  const width = 320;
  const height = 180;
  const columns = 8;
  const rows = 5;
  const cell = { width: width / columns, height: height / rows };
  // The first row is always this: without it a grey or frozen surface could pass for data.
  const mark = [1, 0, 1, 0, 0, 1, 1, 0];
  const clockBits = 20;
  const clockPeriod = 2 ** clockBits;

  function crc8(bits) {
    let crc = 0xff;
    for (const bit of bits) {
      const out = ((crc >> 7) & 1) ^ bit;
      crc = (crc << 1) & 0xff;
      if (out) {
        crc ^= 0x07;
      }
    }
    return crc;
  }

  const toBits = (value, count) => Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (count - 1 - i)) % 2);
  const toNumber = (bits) => bits.reduce((value, bit) => value * 2 + bit, 0);

  /** The cells, row by row: mark (8), participant number (4), clock in milliseconds (20), CRC-8 over the two. */
  function barcode(number, now) {
    const data = [...toBits(number, 4), ...toBits(now % clockPeriod, clockBits)];
    return [...mark, ...data, ...toBits(crc8(data), 8)];
  }

  function drawBarcode(context, number, grain) {
    const scale = context.canvas.width / width;
    barcode(number, Date.now()).forEach((bit, i) => {
      context.fillStyle = bit ? '#fff' : '#000';
      const [x, y] = [(i % columns) * cell.width, Math.floor(i / columns) * cell.height];
      context.fillRect(x * scale, y * scale, cell.width * scale, cell.height * scale);
    });
    if (grain) {
      context.drawImage(grain, -Math.random() * context.canvas.width, -Math.random() * context.canvas.height);
    }
  }

  /**
   * Noise to lay over a picture, elsewhere in each: cells alone cost next to nothing to encode, however large they are. Its spots are
   * of several pixels, so that they outlive being halved twice, and faint, so that the cells stay black and white.
   */
  function makeGrain(width, height) {
    const [spots, grain] = [new OffscreenCanvas(width / 2, height / 2), new OffscreenCanvas(width * 2, height * 2)];
    const image = new ImageData(spots.width, spots.height);
    for (let i = 0; i < image.data.length; i += 4) {
      image.data.fill(Math.random() * 256, i, i + 3);
      image.data[i + 3] = 40;
    }
    spots.getContext('2d').putImageData(image, 0, 0);
    grain.getContext('2d').drawImage(spots, 0, 0, grain.width, grain.height);
    return grain;
  }

  // ---- The devices.
  let audio = null;
  function audioContext() {
    audio ??= new AudioContext();
    return audio;
  }

  function oscillator(frequency, gain) {
    const tone = new OscillatorNode(audioContext(), { frequency });
    const level = new GainNode(audioContext(), { gain });
    tone.connect(level);
    tone.start();
    return level;
  }

  /** The tone for `beepLength` of every `beepPeriod`, in seconds, from `firstBeep` on, in seconds of the context. */
  const beepPeriod = 0.5;
  const beepLength = 0.06;
  const beepsAtMost = 600;
  let firstBeep = 0;
  function beeper() {
    const level = oscillator(person.frequency, 0);
    firstBeep = audioContext().currentTime + beepPeriod;
    for (let i = 0; i < beepsAtMost; i++) {
      level.gain.setValueAtTime(person.amplitude, firstBeep + i * beepPeriod);
      level.gain.setValueAtTime(0, firstBeep + i * beepPeriod + beepLength);
    }
    return level;
  }

  /** A fan: noise with little above 600 Hz, the same second again and again. Of white noise RNNoise is not sure for some seconds. */
  function noise(amplitude) {
    const { sampleRate } = audioContext();
    const buffer = new AudioBuffer({ length: sampleRate, sampleRate });
    buffer.copyToChannel(Float32Array.from({ length: sampleRate }, () => (Math.random() * 2 - 1) * amplitude), 0);
    const source = new AudioBufferSourceNode(audioContext(), { buffer, loop: true });
    const fan = new BiquadFilterNode(audioContext(), { type: 'lowpass', frequency: 600 });
    source.connect(fan);
    source.start();
    return fan;
  }

  function microphone() {
    const destination = audioContext().createMediaStreamDestination();
    (person.beeps ? beeper() : oscillator(person.frequency, person.amplitude)).connect(destination);
    if (person.noise) {
      noise(person.noise).connect(destination);
    }
    return destination.stream.getAudioTracks()[0];
  }

  /** The second one has the barcode of a number of its own, as a shared screen has. */
  function camera(isSecond) {
    const [, ...size] = /^(\d+)x(\d+)/.exec(person.camera);
    return drawn(person.number + (isSecond ? 4 : 0), size.map(Number), person.scene && scenes[person.scene]);
  }

  function drawn(number, size, scene) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = scene ? [640, 360] : size;
    const context = canvas.getContext('2d', { alpha: false });
    const grain = canvas.width > width && !scene ? makeGrain(canvas.width, canvas.height) : null;
    const draw = () =>
      scene ? scene(context, canvas.width, canvas.height, performance.now() / 1000) : drawBarcode(context, number, grain);
    draw();
    const [track] = canvas.captureStream(15).getVideoTracks();
    const timer = setInterval(() => (track.readyState === 'live' ? draw() : clearInterval(timer)), 1000 / 15);
    return track;
  }

  const secondCamera = 'cam 2';
  const failures = { denied: 'NotAllowedError', missing: 'NotFoundError', inUse: 'NotReadableError' };

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const failure = failures[person.devices];
    if (failure) {
      throw new DOMException(`The test has no device: ${person.devices}`, failure);
    }
    if (constraints.audio) {
      await audioContext().resume();
    }
    return new MediaStream([...(constraints.audio ? [microphone()] : []), ...(constraints.video ? [camera(constraints.video.deviceId?.ideal === secondCamera)] : [])]);
  };
  function soundOfScreen() {
    const destination = audioContext().createMediaStreamDestination();
    oscillator(person.screenTone, 0.1).connect(destination);
    return destination.stream.getAudioTracks()[0];
  }

  // A shared screen has the barcode of a number of its own, and a tone when its sound is asked for.
  navigator.mediaDevices.getDisplayMedia = async ({ audio }) =>
    new MediaStream([drawn(person.number + 8, [width, height]), ...(audio && person.screenTone ? [soundOfScreen()] : [])]);
  navigator.mediaDevices.enumerateDevices = async () =>
    person.devices === 'missing'
      ? []
      : [
          { kind: 'audioinput', deviceId: 'mic', groupId: '', label: `Tone of ${person.frequency} Hz` },
          { kind: 'videoinput', deviceId: 'cam', groupId: '', label: `Barcode ${person.number}` },
          { kind: 'videoinput', deviceId: secondCamera, groupId: '', label: `Barcode ${person.number + 4}` },
        ];

  // ---- The network.
  if (person.relayOnly) {
    const Direct = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Direct {
      constructor(configuration) {
        super({ ...configuration, iceTransportPolicy: 'relay' });
      }
    };
  }

  // ---- Heard: the spectrum of what the page plays, which is what its elements that are not muted play.
  let ear = null;
  const played = new Map();

  /** The analyser and the node before it, into which each playing element's stream goes through a gate that follows its `muted`. */
  function listen() {
    const context = audioContext();
    if (!ear) {
      const node = new GainNode(context);
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0, minDecibels: -140 });
      node.connect(analyser);
      ear = { node, context, analyser, spectrum: new Float32Array(analyser.frequencyBinCount) };
    }
    let any = false;
    for (const element of document.querySelectorAll('[data-testid="mix"], [data-testid="peer-audio"]')) {
      const stream = element.srcObject;
      const known = played.get(element);
      if (known && known.stream !== stream) {
        known.source.disconnect();
        played.delete(element);
      }
      if (!stream || !stream.getAudioTracks().length) {
        continue;
      }
      any = true;
      if (!played.has(element)) {
        const source = context.createMediaStreamSource(stream);
        const gate = new GainNode(context, { gain: element.muted ? 0 : 1 });
        source.connect(gate).connect(ear.node);
        element.addEventListener('volumechange', () => {
          gate.gain.value = element.muted ? 0 : 1;
        });
        played.set(element, { stream, source });
      }
    }
    for (const [element, { source }] of played) {
      if (!element.isConnected) {
        source.disconnect();
        played.delete(element);
      }
    }
    return any ? ear : null;
  }
  setInterval(() => ear && listen(), 20);

  /** The level of each frequency in the newest 8,192 samples that were played, in dB; null while nothing can be heard at all. */
  function heard(frequencies) {
    const listening = listen();
    // A context that stands still would read as silence, and every absence would pass.
    if (!listening || audioContext().state !== 'running') {
      audioContext().resume();
      return null;
    }
    listening.analyser.getFloatFrequencyData(listening.spectrum);
    const bin = audioContext().sampleRate / listening.analyser.fftSize;
    return frequencies.map((frequency) => {
      const at = Math.round(frequency / bin);
      return Math.max(-200, ...listening.spectrum.subarray(at - 2, at + 3));
    });
  }

  // ---- Seen: the barcode read back from what a <video> shows.
  const retina = document.createElement('canvas');
  retina.width = width;
  retina.height = height;
  const look = retina.getContext('2d', { alpha: false, willReadFrequently: true });

  /** { participant, clock, ageMs } or null when no valid barcode is to be seen. */
  function seen(video) {
    if (!video || video.readyState < 2 || !video.videoWidth) {
      return null;
    }
    look.drawImage(video, 0, 0, width, height);
    const { data } = look.getImageData(0, 0, width, height);
    const bits = [];
    for (let i = 0; i < columns * rows; i++) {
      // The middle quarter of a cell: its edges blur.
      const left = (i % columns) * cell.width + cell.width / 4;
      const top = Math.floor(i / columns) * cell.height + cell.height / 4;
      let sum = 0;
      let count = 0;
      for (let y = top; y < top + cell.height / 2; y += 3) {
        for (let x = left; x < left + cell.width / 2; x += 3) {
          sum += data[(Math.floor(y) * width + Math.floor(x)) * 4 + 1];
          count++;
        }
      }
      const light = sum / count;
      if (light > 80 && light < 176) {
        return null;
      }
      bits.push(light > 128 ? 1 : 0);
    }
    if (mark.some((bit, i) => bits[i] !== bit)) {
      return null;
    }
    const values = bits.slice(8, 12 + clockBits);
    if (toNumber(bits.slice(12 + clockBits)) !== crc8(values)) {
      return null;
    }
    const clock = toNumber(values.slice(4));
    return {
      participant: toNumber(values.slice(0, 4)),
      clock,
      ageMs: ((Date.now() % clockPeriod) - clock + clockPeriod) % clockPeriod,
    };
  }

  const tile = (name) =>
    [...document.querySelectorAll('[data-testid="tile"]')].find((element) => element.dataset.name === name);
  // While one picture takes over from another there are two for a moment, the new one last.
  const seenIn = (name) =>
    [...(tile(name)?.querySelectorAll('video') ?? [])].reverse().reduce((found, video) => found ?? seen(video), null);

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  /**
   * Listens and looks `times` times, each on fresh samples: the levels of each frequency, and for each named tile how often
   * a barcode was read, whose, and how old the pictures were.
   */
  async function observe(frequencies, names, times) {
    const tones = frequencies.map((frequency) => ({ frequency, levels: [] }));
    const pictures = names.map((name) => ({ name, read: 0, unread: 0, numbers: [], ages: [] }));
    let deaf = 0;
    for (let i = 0; i < times; i++) {
      // 8,192 samples are 171 ms.
      await pause(180);
      const readings = heard(frequencies);
      if (readings) {
        readings.forEach((level, k) => tones[k].levels.push(level));
      } else {
        deaf++;
      }
      for (const picture of pictures) {
        const code = seenIn(picture.name);
        if (code) {
          picture.read++;
          picture.ages.push(code.ageMs);
          if (!picture.numbers.includes(code.participant)) {
            picture.numbers.push(code.participant);
          }
        } else {
          picture.unread++;
        }
      }
    }
    return { deaf, tones, pictures };
  }

  /** Mixes a tone of `decibels` dBFS into what the page plays: a fault to be found by the same ears. */
  function leak(frequency, decibels) {
    const element = [...document.querySelectorAll('[data-testid="mix"], [data-testid="peer-audio"]')].find((one) => !one.muted);
    const destination = audioContext().createMediaStreamDestination();
    audioContext().createMediaStreamSource(element.srcObject).connect(destination);
    // Chromium decodes a remote stream only while an element plays it.
    Object.assign(new Audio(), { srcObject: element.srcObject, muted: true }).play();
    oscillator(frequency, 10 ** (decibels / 20)).connect(destination);
    element.srcObject = destination.stream;
  }

  /** What getStats says of the picture that a tile shows and of the voice of the same connection. */
  async function received(name) {
    const track = tile(name)?.querySelector('video')?.srcObject?.getVideoTracks()[0];
    for (const pc of [window.parley.linkPc, window.parley.pc]) {
      const mid = pc?.getTransceivers().find((transceiver) => transceiver.receiver.track === track)?.mid;
      if (!mid) {
        continue;
      }
      const report = [...(await pc.getStats()).values()];
      const video = report.find((entry) => entry.type === 'inbound-rtp' && entry.kind === 'video' && entry.mid === mid) ?? {};
      const voice = report.find((entry) => entry.type === 'inbound-rtp' && entry.kind === 'audio') ?? {};
      return {
        width: video.frameWidth ?? 0,
        framesDecoded: video.framesDecoded ?? 0,
        freezeCount: video.freezeCount ?? 0,
        freezeSeconds: video.totalFreezesDuration ?? 0,
        samplesReceived: voice.totalSamplesReceived ?? 0,
        samplesConcealed: (voice.concealedSamples ?? 0) - (voice.silentConcealedSamples ?? 0),
      };
    }
    return { width: 0, framesDecoded: 0, freezeCount: 0, freezeSeconds: 0, samplesReceived: 0, samplesConcealed: 0 };
  }

  /** What getStats says of the mix: how often and for how many samples something was made up, and how many were played. */
  async function concealment() {
    const entry = [...(await window.parley.pc.getStats()).values()].find((one) => one.type === 'inbound-rtp' && one.kind === 'audio');
    return { events: entry.concealmentEvents, concealed: entry.concealedSamples, silent: entry.silentConcealedSamples, played: entry.totalSamplesReceived };
  }

  /** What has come of all pictures over the way to the server, in bytes. */
  async function bytesOfPictures() {
    return [...(await window.parley.pc.getStats()).values()]
      .filter((entry) => entry.type === 'inbound-rtp' && entry.kind === 'video')
      .reduce((sum, entry) => sum + entry.bytesReceived, 0);
  }

  /** What getStats says of each encoding of one's camera on the way to the server, the lowest first. */
  async function sent() {
    const { pc } = window.parley;
    const report = [...((await pc?.getStats()) ?? new Map()).values()];
    const mid = pc?.getTransceivers()[1]?.mid;
    return report
      .filter((entry) => entry.type === 'outbound-rtp' && entry.mid === mid)
      .map(({ rid, active, frameWidth, framesEncoded, bytesSent, qualityLimitationReason }) => ({
        rid, active: active ?? true, width: frameWidth ?? 0, frames: framesEncoded, bytes: bytesSent, limit: qualityLimitationReason,
      }))
      .sort((a, b) => 'qhf'.indexOf(a.rid) - 'qhf'.indexOf(b.rid));
  }

  /** The selected pair of a connection: `{ local, remote }`, each `address:port/protocol type`; null before there is one. */
  async function pairOf(pc) {
    const report = await pc?.getStats();
    const transport = report && [...report.values()].find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId);
    const pair = transport
      ? report.get(transport.selectedCandidatePairId)
      : report && [...report.values()].find((entry) => entry.type === 'candidate-pair' && entry.selected);
    if (!pair) {
      return null;
    }
    const say = ({ address, port, protocol, candidateType, relayProtocol }) => ({ address, port, protocol, type: candidateType, relayProtocol });
    return { local: say(report.get(pair.localCandidateId)), remote: say(report.get(pair.remoteCandidateId)) };
  }

  window.peer = { person, audioContext, beeps: () => ({ first: firstBeep * 1000, period: beepPeriod * 1000 }), heard, seen, seenIn, observe, leak, received, concealment, bytesOfPictures, sent, pairOf, barcode, tile, ear: listen };
}
