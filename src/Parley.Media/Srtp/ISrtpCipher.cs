namespace Parley.Media.Srtp;

/// <summary>
/// One keyed transform of packets, for one thread at a time: the seam behind which the platform's ciphers stand today and
/// faster ones may tomorrow. SRTP and SRTCP differ only in what the arguments hold.
/// </summary>
internal interface ISrtpCipher : IDisposable
{
    /// <summary>The tag's length in bytes.</summary>
    int TagLength { get; }

    /// <summary>Asks for the memory of its key, which will be needed soon.</summary>
    void Prefetch()
    {
    }

    /// <summary>Encrypts a packet in place and makes its tag.</summary>
    /// <param name="packet">The packet without tag and trailer: a clear header, then the body to encrypt.</param>
    /// <param name="headerLength">The header's length; equal to the packet's when nothing is encrypted.</param>
    /// <param name="ssrc">The sender's SSRC.</param>
    /// <param name="index">The 48-bit packet index of SRTP, or the 31-bit index of SRTCP.</param>
    /// <param name="trailer">
    /// The four bytes authenticated after the packet: the ROC of SRTP (RFC 3711 §4.2), the E flag and index of SRTCP (§3.4).
    /// </param>
    /// <param name="tag"><see cref="TagLength"/> bytes to write; must not overlap the packet.</param>
    void Seal(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, Span<byte> tag);

    /// <summary>Checks the tag in constant time and decrypts in place.</summary>
    /// <returns>Whether the tag was right. If not, the body's content is undefined.</returns>
    bool TryOpen(Span<byte> packet, int headerLength, uint ssrc, long index, uint trailer, ReadOnlySpan<byte> tag);
}
