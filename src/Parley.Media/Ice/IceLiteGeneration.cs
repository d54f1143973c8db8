using System.Text;
using Parley.Media.Stun;

namespace Parley.Media.Ice;

/// <summary>One pair of credentials of a lite agent: what an ICE restart replaces (RFC 8445 §9).</summary>
/// <param name="local">The credentials in our SDP.</param>
internal sealed class IceLiteGeneration(IceCredentials local)
{
    /// <summary>The USERNAME expected: with the remote ufrag once it is known, else up to the colon.</summary>
    private byte[] _username = Encoding.UTF8.GetBytes(local.Ufrag + ":");

    private bool _remoteKnown;

    public IceCredentials Local => local;

    /// <summary>Keys the integrity of requests and answers.</summary>
    public byte[] Key { get; } = Encoding.UTF8.GetBytes(local.Password);

    public void SetRemote(IceCredentials remote)
    {
        _username = Encoding.UTF8.GetBytes($"{local.Ufrag}:{remote.Ufrag}");
        _remoteKnown = true;
    }

    /// <summary>Whether a request's USERNAME is for these credentials; of the remote side any, until it is known.</summary>
    public bool Accepts(ReadOnlySpan<byte> username) =>
        _remoteKnown ? username.SequenceEqual(_username) : username.StartsWith(_username);

    /// <summary>Whether a request was made with these credentials.</summary>
    public bool Verifies(in StunMessage request) => request.VerifyIntegrity(Key);
}
