using Parley.Media.Sdp;

namespace Parley.Server;

/// <summary>Where media flows (<c>Parley:Media</c>).</summary>
public sealed class MediaOptions
{
    /// <summary>More are more threads than meetings.</summary>
    internal const int MostWorkers = 64;

    /// <summary>How many threads carry media, each with ports of its own; not given: one for each core.</summary>
    public int? Workers { get; set; }

    /// <summary>The UDP port of the first worker's media, the next worker's is the next; 0 takes free ones.</summary>
    public int Port { get; set; } = 7000;

    /// <summary>Whether media may also come over TCP, for networks that let no UDP through.</summary>
    public bool Tcp { get; set; } = true;

    /// <summary>The TCP port of the first worker's media, the next worker's is the next; 0 takes free ones. Not given: what <see cref="Port"/> says.</summary>
    public int? TcpPort { get; set; }

    /// <summary>IP addresses told to clients; empty means those of all real interfaces.</summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>A STUN server that is asked for our address outside a NAT, <c>host:port</c>; empty for none.</summary>
    public string StunServer { get; set; } = "";

    /// <summary>How many videos one participant can be sent at once.</summary>
    public int Slots { get; set; } = 8;

    /// <summary>How many voices of a meeting are decoded and mixed at once: of more, the loudest.</summary>
    public int Voices { get; set; } = 12;

    /// <summary>Whether voices are brought to one loudness before they are mixed.</summary>
    public bool LevelVoices { get; set; }

    /// <summary>Video codecs by their names in SDP, the one to be sent by clients first; empty means all.</summary>
    public IList<string> VideoCodecs { get; } = [];

    /// <summary>What <see cref="VideoCodecs"/> comes to.</summary>
    internal SdpPolicy Policy => VideoCodecs.Count == 0
        ? SdpPolicy.Default
        : SdpPolicy.Server([.. VideoCodecs.Select(name => SdpPolicy.TryGetVideoCodec(name, out var codec) ? codec : throw new ArgumentException(name))]);

    /// <summary>What <see cref="Workers"/> comes to.</summary>
    internal int EffectiveWorkers => Workers ?? Math.Clamp(Environment.ProcessorCount, 1, MostWorkers);

    /// <summary>What <see cref="Tcp"/> and <see cref="TcpPort"/> come to: null for no TCP.</summary>
    internal int? EffectiveTcpPort => Tcp ? TcpPort ?? Port : null;
}
