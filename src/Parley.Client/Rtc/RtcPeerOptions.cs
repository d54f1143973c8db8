using Parley.Client.Meetings;
using Parley.Media;
using Parley.Media.Dtls;
using Parley.Media.Ice;
using Parley.Media.Rtcp;
using Parley.Media.Sdp;
using Parley.Media.Video;

namespace Parley.Client.Rtc;

/// <summary>What one connection is made of.</summary>
internal sealed record RtcPeerOptions
{
    /// <summary>Our certificate; may be shared by many connections.</summary>
    public required DtlsIdentity Identity { get; init; }

    /// <summary>Controlling for who offers (RFC 8445 §6.1.1).</summary>
    public IceRole Role { get; init; } = IceRole.Controlling;

    /// <summary>STUN and TURN servers.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>Whether only relayed candidates are used: the peer then never learns our addresses (W3C: iceTransportPolicy "relay").</summary>
    public bool RelayOnly { get; init; }

    /// <summary>The agent's times and bounds.</summary>
    public IceAgentOptions? Ice { get; init; }

    /// <summary>Where numbers come from.</summary>
    public RandomSource Random { get; init; } = RandomSource.System;

    /// <summary>The wall clock at `now` = 0, for sender reports.</summary>
    public NtpTime Origin { get; init; }

    /// <summary>Codecs and extensions.</summary>
    public SdpPolicy Policy { get; init; } = SdpPolicy.Participant;

    /// <summary>The most bytes of a video packet's RTP payload.</summary>
    public int MaxVideoPayload { get; init; } = Vp8Packetizer.DefaultMaxPayloadLength;

    /// <summary>
    /// Whether incoming RTP is counted, reported on and handed to <see cref="Tap"/> without being authenticated or decrypted: its headers
    /// are clear (RFC 3711 §3.1). Only for measuring a server that one trusts.
    /// </summary>
    public bool HeadersOnly { get; init; }

    /// <summary>When given, video is not put together but handed over packet by packet.</summary>
    public IRtpTap? Tap { get; init; }
}
