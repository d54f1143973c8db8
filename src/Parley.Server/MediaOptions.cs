namespace Parley.Server;

/// <summary>Where media flows (<c>Parley:Media</c>).</summary>
public sealed class MediaOptions
{
    /// <summary>The one UDP port of all media; 0 takes a free one.</summary>
    public int Port { get; set; } = 7000;

    /// <summary>IP addresses told to clients; empty means those of all real interfaces.</summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>How many videos one participant can be sent at once.</summary>
    public int Slots { get; set; } = 8;
}
