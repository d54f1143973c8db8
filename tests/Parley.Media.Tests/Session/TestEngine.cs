using Parley.Media.Forwarding;
using Parley.Media.Ice;
using Parley.Media.Session;

namespace Parley.Media.Tests.Session;

/// <summary>An engine by itself: what it sent and to whom, and what it told its host.</summary>
internal sealed class TestEngine : IDatagramSink, IMediaEvents
{
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestEngine() => Engine = new MediaEngine(new DirectBatch(this), RandomSource.Seeded(1), this, Origin);

    public MediaEngine Engine { get; }

    public TimeSpan Now { get; set; }

    /// <summary>Off for tests of allocation.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>A fault of our own: whatever is sent to this address throws.</summary>
    public TransportAddress? Broken { get; set; }

    public long SentCount { get; private set; }

    public List<(TransportAddress To, byte[] Bytes)> Sent { get; } = [];

    public List<(PeerConnection Viewer, string Mid, PeerConnection? Source, VideoKind Kind)> Shown { get; } = [];

    public List<(PeerConnection Connection, IceState State)> States { get; } = [];

    public long BytesTo(TransportAddress address) => Sent.Where(sent => sent.To == address).Sum(sent => (long)sent.Bytes.Length);

    public void Receive(byte[] datagram, TransportAddress from)
    {
        Engine.HandleDatagram(datagram, from, Now);
        Engine.HandleBatchEnd(Now);
    }

    /// <summary>Lets time pass, with every deadline on the way.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (Engine.NextDeadline <= end)
        {
            Now = Engine.NextDeadline > Now ? Engine.NextDeadline : Now;
            Engine.HandleTimeout(Now);
        }

        Now = end;
    }

    public long Dropped(DropReason reason) => Engine.Counters.Dropped(reason);

    void IDatagramSink.Send(TransportAddress to, ReadOnlySpan<byte> datagram)
    {
        if (to == Broken) throw new InvalidOperationException("broken on purpose");
        SentCount++;
        if (Keeps) Sent.Add((to, datagram.ToArray()));
    }

    void IMediaEvents.OnConnectionState(PeerConnection connection, IceState state, IceStateReason reason) => States.Add((connection, state));

    void IMediaEvents.OnSlotShown(PeerConnection viewer, string mid, PeerConnection? source, VideoKind kind) =>
        Shown.Add((viewer, mid, source, kind));

    void IMediaEvents.OnSlotQuality(PeerConnection viewer, string mid, SlotLevel level, SlotLimit limit)
    {
    }

    void IMediaEvents.OnLayersWanted(PeerConnection sender, VideoKind kind, int layers)
    {
    }

    void IMediaEvents.OnSpeakers(Room room, IReadOnlyList<PeerConnection> speaking, PeerConnection? dominant)
    {
    }

    void IMediaEvents.OnInMix(PeerConnection voice, PeerConnection listener, uint rtpTimestamp)
    {
    }
}
