namespace Parley.Media.Tests.Ice;

/// <summary>A UDP socket.</summary>
internal sealed class VirtualSocket(VirtualNetwork network, TransportAddress address, VirtualNat? nat)
{
    public TransportAddress Address { get; } = address;

    public VirtualNat? Nat { get; } = nat;

    public bool IsUp { get; set; } = true;

    public Action<TransportAddress, byte[]>? Received { get; set; }

    public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => network.Send(this, to, datagram);
}
