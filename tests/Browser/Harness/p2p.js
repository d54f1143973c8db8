// Makes the page one end of a connection without a server: `other` is whose tone and picture come, as Person.cs in JSON. What is
// heard and seen gets the marks by which peer.js finds it in the page of a meeting.
(other) => {
  'use strict';

  const mix = Object.assign(document.createElement('audio'), { autoplay: true });
  mix.dataset.testid = 'mix';
  const tile = document.createElement('div');
  tile.dataset.testid = 'tile';
  tile.dataset.name = other.name;
  const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
  tile.append(video);
  document.body.append(mix, tile);

  const pc = new RTCPeerConnection();
  pc.ontrack = ({ track }) => {
    (track.kind === 'audio' ? mix : video).srcObject = new MediaStream([track]);
  };

  async function addTracks() {
    if (pc.getSenders().some((sender) => sender.track)) {
      return;
    }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) {
      pc.addTrack(track, stream);
    }
  }

  /** The local description with all candidates: each one here is the first of a generation of them. */
  async function describe() {
    const gathered = new Promise((resolve) => {
      pc.onicecandidate = ({ candidate }) => candidate ?? resolve();
    });
    await pc.setLocalDescription();
    await gathered;
    return pc.localDescription.sdp;
  }

  window.p2p = {
    async offer({ restartIce = false } = {}) {
      await addTracks();
      if (restartIce) {
        pc.restartIce();
      }
      return describe();
    },

    async answer(sdp) {
      await pc.setRemoteDescription({ type: 'offer', sdp });
      await addTracks();
      return describe();
    },

    accept: (sdp) => pc.setRemoteDescription({ type: 'answer', sdp }),

    close: () => pc.close(),

    /** W3C's states of the connection and of its DTLS transport. */
    state: () => `${pc.connectionState}, DTLS ${pc.getSenders()[0].transport?.state}`,

    /** The selected path by getStats; null without one. */
    async path() {
      const report = await pc.getStats();
      const transport = [...report.values()].find((entry) => entry.type === 'transport');
      const pair = report.get(transport?.selectedCandidatePairId);
      if (!pair) {
        return null;
      }
      return {
        local: report.get(pair.localCandidateId)?.candidateType,
        remote: report.get(pair.remoteCandidateId)?.candidateType,
        localUfrag: report.get(pair.localCandidateId)?.usernameFragment,
        remoteUfrag: report.get(pair.remoteCandidateId)?.usernameFragment,
        iceRole: transport.iceRole,
        dtlsRole: transport.dtlsRole,
      };
    },
  };
}
