using Parley.Media.Forwarding;
using Parley.Media.Rtp;
using Parley.Media.Srtp;

namespace Parley.Media.Tests.Forwarding;

/// <summary>A slot whose viewer decrypts what it sends.</summary>
internal sealed class SlotHarness : ISlotOwner
{
    public const uint Ssrc = 0x5107;

    private readonly byte[] _buffer = new byte[2_048];
    private readonly SrtpInbound _inbound;

    public SlotHarness(bool open = true)
    {
        var profile = SrtpProfile.AeadAes128Gcm;
        var bytes = new byte[profile.ExportLength];
        RandomSource.Seeded(1).Fill(bytes);
        Keys = new SrtpSessionKeys(SrtpKeyingMaterial.FromDtlsExport(profile, bytes).Server);
        _inbound = new SrtpInbound(Keys);
        Slot = new Slot(this, "3", Ssrc, 101, RandomSource.Seeded(2));
        if (open) Slot.Open(Keys);
    }

    public SrtpSessionKeys Keys { get; }

    public Slot Slot { get; }

    /// <summary>What the viewer decrypted for the first time, in order: RTP packets.</summary>
    public List<byte[]> Received { get; } = [];

    /// <summary>Datagrams, retransmissions among them.</summary>
    public int Datagrams { get; private set; }

    /// <summary>Whom the viewer was told.</summary>
    public List<VideoSource?> Told { get; } = [];

    Span<byte> ISlotOwner.SendBuffer => _buffer;

    public List<ushort> Sequences => [.. Received.Select(bytes => Parse(bytes).SequenceNumber)];

    public List<byte> Fills => [.. Received.Select(bytes => bytes[^1])];

    void ISlotOwner.Send(ReadOnlySpan<byte> datagram)
    {
        Datagrams++;
        var copy = datagram.ToArray();
        var result = _inbound.TryUnprotect(copy, out var length, out _);
        if (result == SrtpUnprotectResult.Replayed) return;
        Assert.Equal(SrtpUnprotectResult.Ok, result);
        Assert.Equal(Ssrc, Parse(copy[..length]).Ssrc);
        Received.Add(copy[..length]);
    }

    void ISlotOwner.OnSlotShown(Slot slot, VideoSource? source) => Told.Add(source);

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
