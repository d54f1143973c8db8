using Parley.Media.Forwarding;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Forwarding;

/// <summary>A way down with one slot, whose viewer decrypts what it sends.</summary>
internal sealed class SlotHarness : IDownlinkOwner
{
    public const uint Ssrc = 0x5107;

    private const byte PayloadType = 101;

    private readonly byte[] _buffer = new byte[2_048];
    private readonly SrtpInbound _inbound;

    public SlotHarness(bool open = true)
    {
        var profile = SrtpProfile.AeadAes128Gcm;
        var bytes = new byte[profile.ExportLength];
        RandomSource.Seeded(1).Fill(bytes);
        Keys = new SrtpSessionKeys(SrtpKeyingMaterial.FromDtlsExport(profile, bytes).Server);
        _inbound = new SrtpInbound(Keys);
        Down = new Downlink(this, RandomSource.Seeded(2));
        Down.Add("3", Ssrc, null, [new VideoFormat(VideoCodec.Vp8, PayloadType, null)]);
        if (open) Down.Open(Keys);
    }

    public SrtpSessionKeys Keys { get; }

    public Downlink Down { get; }

    public Slot Slot => Down[0];

    public TimeSpan Now { get; set; }

    /// <summary>What the viewer decrypted for the first time, in order: RTP packets.</summary>
    public List<byte[]> Received { get; } = [];

    /// <summary>Datagrams, retransmissions among them.</summary>
    public int Datagrams { get; private set; }

    /// <summary>Whom the viewer was told.</summary>
    public List<VideoSource?> Told { get; } = [];

    /// <summary>How often what happened.</summary>
    public Dictionary<Occurrence, int> Occurred { get; } = [];

    void IDownlinkOwner.Prefetch(int step)
    {
    }

    bool IDownlinkOwner.CanSend => true;

    int IDownlinkOwner.DatagramOverhead => 28;

    int IDownlinkOwner.Shedding => 0;

    public List<ushort> Sequences => [.. Received.Select(bytes => Parse(bytes).SequenceNumber)];

    public List<byte> Fills => [.. Received.Select(bytes => bytes[^1])];

    Span<byte> IDownlinkOwner.Reserve(int maxLength) => _buffer.AsSpan(0, maxLength);

    void IDownlinkOwner.Commit(int length)
    {
        Datagrams++;
        var copy = _buffer[..length];
        var result = _inbound.TryUnprotect(copy, out var rtpLength, out _);
        if (result == SrtpUnprotectResult.Replayed) return;
        Assert.Equal(SrtpUnprotectResult.Ok, result);
        Assert.Equal(Ssrc, Parse(copy[..rtpLength]).Ssrc);
        Received.Add(copy[..rtpLength]);
    }

    bool IDownlinkOwner.IsSpeaking(VideoSource source) => false;

    void IDownlinkOwner.OnSlotShown(Slot slot, VideoSource? source) => Told.Add(source);

    void IDownlinkOwner.OnSlotQuality(Slot slot, SlotLevel level, SlotLimit limit)
    {
    }

    void IDownlinkOwner.OnOccurred(Occurrence occurrence) => Occurred[occurrence] = Occurred.GetValueOrDefault(occurrence) + 1;

    void IDownlinkOwner.OnDownlinkDue() => Down.HandleTimeout(Now);

    public bool Retransmit(ushort sequence, TimeSpan now) => Down.Retransmit(Slot, sequence, now);

    public void AssertNoHole()
    {
        var sequences = Sequences;
        for (var i = 1; i < sequences.Count; i++) Assert.Equal((ushort)(sequences[i - 1] + 1), sequences[i]);
    }

    private static RtpPacket Parse(byte[] bytes)
    {
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        return packet;
    }
}
