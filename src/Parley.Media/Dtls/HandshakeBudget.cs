namespace Parley.Media.Dtls;

/// <summary>
/// What one handshake may cost. A client needs about eight datagrams and resends them a few times; a hello that never
/// ends, or one in fragments of a byte, runs out of this long before it runs out of time.
/// </summary>
internal struct HandshakeBudget
{
    private int _datagrams = 512;
    private int _bytes = 512 * 1024;
    private int _fragments = 2048;

    public HandshakeBudget()
    {
    }

    /// <summary>Charges one datagram; false when the handshake has used up its share.</summary>
    public bool TrySpend(int bytes, int fragments)
    {
        _datagrams--;
        _bytes -= bytes;
        _fragments -= fragments;
        return _datagrams >= 0 && _bytes >= 0 && _fragments >= 0;
    }
}
