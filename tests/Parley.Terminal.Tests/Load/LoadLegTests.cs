using System.Net;
using Parley.Client.Rtc;
using Parley.Media.Rtp;
using Parley.Protocol;
using Parley.Terminal.Load;

namespace Parley.Terminal.Tests.Load;

public sealed class LoadLegTests : IAsyncLifetime
{
    private const uint Run = 77;

    /// <summary>Two meetings of three; all have cameras, each shows two.</summary>
    private static readonly LoadOptions Options = new() { Participants = 6, Meetings = 2, View = 2, Cameras = 3 };

    private readonly LoadLoop _loop = new(Options, Run);
    private readonly byte[] _buffer = new byte[200];
    private LoadParticipant _receiver = null!;
    private LoadLeg _leg = null!;

    public ValueTask InitializeAsync()
    {
        _receiver = new LoadParticipant(LoadPlan.Of(Options)[0], Options, _loop);
        _loop.Add(_receiver);
        _leg = _receiver.CreateLeg(new Limits(60, 120, 5_000, 50, 8), IPAddress.Loopback, null);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _leg.DisposeAsync();
        _loop.Dispose();
    }

    [Fact]
    public async Task Counts_each_slot_by_itself_and_the_delay_by_the_frames_clock()
    {
        var sentAt = FrameClock.Now - 250_000_000;
        Take("3", 10, new FrameClock(Run, 2, sentAt));
        Take("3", 13, null);
        Take("3", 12, null);
        Take("4", 500, new FrameClock(Run, 4, sentAt));
        var reading = await _loop.ReadAsync(resetDelays: true);
        Assert.Equal((4, 5, 1), (reading.Totals.VideoReceived, reading.Totals.VideoExpected, reading.Totals.VideoReordered));
        Assert.Equal((2, 0), (reading.Delays.Count, reading.Misdelivered));
        Assert.True(reading.Delays.Quantile(0) >= 250_000);
        Assert.Equal(0, (await _loop.ReadAsync(resetDelays: false)).Delays.Count);
    }

    [Theory]
    [InlineData(Run, 1)]
    [InlineData(Run, 0)]
    [InlineData(Run, 6)]
    [InlineData(Run + 1, 2)]
    public async Task A_frame_of_another_meeting_of_oneself_or_of_another_run_is_misdelivered(uint run, uint sender)
    {
        Take("3", 1, new FrameClock(run, sender, FrameClock.Now));
        var reading = await _loop.ReadAsync(resetDelays: false);
        Assert.Equal((1, 0), (reading.Misdelivered, reading.Delays.Count));
    }

    [Fact]
    public async Task What_an_ended_connection_has_counted_stays_counted()
    {
        Take("3", 1, null);
        Take("3", 3, null);
        await _leg.DisposeAsync();
        var totals = (await _loop.ReadAsync(resetDelays: false)).Totals;
        Assert.Equal((2, 3), (totals.VideoReceived, totals.VideoExpected));
    }

    [Fact]
    public async Task Sound_is_counted_with_how_late_it_came()
    {
        foreach (var (number, milliseconds) in new[] { (0, 100), (1, 120), (2, 145) })
        {
            var writer = new RtpWriter(_buffer);
            writer.WriteHeader(111, false, (ushort)number, (uint)(number * 960), 1);
            Assert.True(RtpPacket.TryParse(_buffer.AsSpan(0, writer.Length), out var packet));
            ((IRtpTap)_leg.Tap).OnAudioPacket(in packet, TimeSpan.FromMilliseconds(milliseconds));
        }

        var reading = await _loop.ReadAsync(resetDelays: true);
        Assert.Equal((3, 5_000), (reading.Totals.AudioReceived, reading.Lateness.Max));
        Assert.Equal(0, (await _loop.ReadAsync(resetDelays: false)).Lateness.Count);
    }

    [Fact]
    public void A_packet_allocates_nothing()
    {
        Take("3", 1, new FrameClock(Run, 2, FrameClock.Now));
        Take("4", 1, new FrameClock(Run, 2, FrameClock.Now));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 1_000; i++) Take("4", i, new FrameClock(Run, 2, 0));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Take(string mid, long index, FrameClock? clock)
    {
        var writer = new RtpWriter(_buffer);
        writer.WriteHeader(96, false, (ushort)index, 0, 1);
        Span<byte> payload = stackalloc byte[60];
        payload.Clear();

        // A descriptor of one byte, then a frame that is no keyframe.
        (payload[0], payload[1]) = ((byte)(clock is null ? 0 : 0x10), 1);
        clock?.Write(payload[4..]);
        Assert.True(writer.WritePayload(payload));
        Assert.True(RtpPacket.TryParse(_buffer.AsSpan(0, writer.Length), out var packet));
        ((IRtpTap)_leg.Tap).OnVideoPacket(mid, in packet, index, _loop.Host.Loop.Now);
    }
}
