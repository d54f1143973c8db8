"""The other end of a connection, by aiortc: each line of JSON on standard input is asked, and answered by one on standard output."""
import array
import asyncio
import fractions
import json
import math
import os
import sys
import time

import aioice.ice
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

TONE_HZ = 700
AMPLITUDE = 0.2 * 32767
SAMPLE_RATE = 48000
AUDIO_SAMPLES = SAMPLE_RATE // 50
WIDTH, HEIGHT = 320, 240
PICTURES_PER_SECOND = 15
# Brightness of the quarters, by reading order, and the noise on them that makes pictures of several packets.
QUARTERS = (60, 110, 160, 210)
NOISE = 12

# The tests need no network: aioice leaves loopback out by itself.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class Paced(MediaStreamTrack):
    """Gives frames when they are due."""

    def __init__(self, rate):
        super().__init__()
        self._rate = rate
        self._count = 0
        self._start = None

    async def next(self):
        if self.readyState != "live":
            raise MediaStreamError
        self._start = self._start or time.monotonic()
        await asyncio.sleep(self._start + self._count / self._rate - time.monotonic())
        self._count += 1
        return self._count - 1


class Tone(Paced):
    kind = "audio"

    def __init__(self):
        super().__init__(50)

    async def recv(self):
        first = await self.next() * AUDIO_SAMPLES
        step = 2 * math.pi * TONE_HZ / SAMPLE_RATE
        samples = array.array("h", (round(AMPLITUDE * math.sin(step * (first + i))) for i in range(AUDIO_SAMPLES)))
        frame = AudioFrame(format="s16", layout="mono", samples=AUDIO_SAMPLES)
        frame.planes[0].update(samples.tobytes())
        frame.pts, frame.sample_rate, frame.time_base = first, SAMPLE_RATE, fractions.Fraction(1, SAMPLE_RATE)
        return frame


class Quarters(Paced):
    kind = "video"

    def __init__(self):
        super().__init__(PICTURES_PER_SECOND)
        tables = [bytes(light - NOISE + value * (2 * NOISE + 1) // 256 for value in range(256)) for light in QUARTERS]
        self._planes = [b"".join(os.urandom(WIDTH // 2).translate(tables[row // (HEIGHT // 2) * 2 + side])
                                 for row in range(HEIGHT) for side in range(2)) for _ in range(8)]

    async def recv(self):
        number = await self.next()
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        fill(frame.planes[0], self._planes[number % len(self._planes)], WIDTH)
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = number * 90000 // PICTURES_PER_SECOND, fractions.Fraction(1, 90000)
        return frame


def fill(plane, rows, width):
    """Rows without gaps into a plane whose rows may have some."""
    gap = bytes(plane.line_size - width)
    plane.update(rows if not gap else b"".join(rows[at:at + width] + gap for at in range(0, len(rows), width)))


class Ears:
    """The frequency of the newest half second, by counting where it rises through zero."""

    def __init__(self):
        self._frames = []

    async def listen(self, track):
        while True:
            frame = await track.recv()
            channels = len(frame.layout.channels)
            samples = array.array("h", bytes(frame.planes[0]))[:frame.samples * channels:channels]
            self._frames = (self._frames + [samples])[-25:]

    def statistics(self):
        samples = [sample for frame in self._frames for sample in frame]
        rises = [i for i in range(1, len(samples)) if samples[i - 1] < 0 <= samples[i]]
        if len(rises) < 2:
            return {"hz": 0, "peak": 0}
        return {"hz": (len(rises) - 1) * SAMPLE_RATE / (rises[-1] - rises[0]), "peak": max(samples) / 32767}


class Eyes:
    """The newest picture: its size and the brightness of its quarters."""

    def __init__(self):
        self._frames = 0
        self._last = None

    async def look(self, track):
        while True:
            self._last = await track.recv()
            self._frames += 1

    def statistics(self):
        if self._last is None:
            return {"frames": 0, "width": 0, "height": 0, "quarters": [0, 0, 0, 0]}
        plane, width, height = self._last.planes[0], self._last.width, self._last.height
        data = bytes(plane)
        # The middle quarter of each: edges blur.
        quarters = [mean(data, plane.line_size, width * (4 * column + 1) // 8, height * (4 * row + 1) // 8, width // 4, height // 4)
                    for row in range(2) for column in range(2)]
        return {"frames": self._frames, "width": width, "height": height, "quarters": quarters}


def mean(data, stride, left, top, width, height):
    return sum(sum(data[y * stride + left:y * stride + left + width]) for y in range(top, top + height)) / (width * height)


class Peer:
    def __init__(self):
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._ears, self._eyes = Ears(), Eyes()
        self._tasks = []

        @self._pc.on("track")
        def on_track(track):
            work = self._ears.listen(track) if track.kind == "audio" else self._eyes.look(track)
            self._tasks.append(asyncio.ensure_future(work))

    async def offer(self):
        self._add_tracks()
        await self._pc.setLocalDescription(await self._pc.createOffer())
        return {"sdp": self._pc.localDescription.sdp}

    async def answer(self, sdp):
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
        self._add_tracks()
        await self._pc.setLocalDescription(await self._pc.createAnswer())
        return {"sdp": self._pc.localDescription.sdp}

    async def accept(self, sdp):
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        return {}

    async def statistics(self):
        # connectionState goes on saying "connected" when the other side has ended.
        dtls = self._pc.getSenders()[0].transport
        return {"state": dtls.state, "iceRole": dtls.transport.role, **self._ears.statistics(), **self._eyes.statistics()}

    async def keyframe(self):
        """Asks for one: aiortc itself does so only when its buffer overflows."""
        receiver = next(one.receiver for one in self._pc.getTransceivers() if one.kind == "video")
        await receiver._send_rtcp_pli(receiver.getSynchronizationSources()[0].source)
        return {}

    async def close(self):
        await self._pc.close()
        return {}

    def _add_tracks(self):
        self._pc.addTrack(Tone())
        self._pc.addTrack(Quarters())


async def main():
    peer = Peer()
    asks = {name: getattr(peer, name) for name in ("offer", "answer", "accept", "statistics", "keyframe", "close")}
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        ask = json.loads(line)
        result = await asks[ask.pop("ask")](**ask)
        print(json.dumps(result), flush=True)


asyncio.run(main())
