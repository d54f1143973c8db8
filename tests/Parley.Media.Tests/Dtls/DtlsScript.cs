using Parley.Media.Dtls;

namespace Parley.Media.Tests.Dtls;

/// <summary>Plays datagrams and then gives up.</summary>
internal sealed class DtlsScript(IEnumerable<byte[]> datagrams) : IDtlsDatagrams
{
    private readonly IEnumerator<byte[]> _next = datagrams.GetEnumerator();

    public int Sent { get; private set; }

    public int Receive(Span<byte> buffer, TimeSpan wait)
    {
        if (!_next.MoveNext())
        {
            return -1;
        }

        _next.Current.CopyTo(buffer);
        return _next.Current.Length;
    }

    public void Send(ReadOnlySpan<byte> datagram) => Sent++;
}
