using Parley.Media.Forwarding;

namespace Parley.Media.Session;

/// <summary>
/// The media side of one meeting: its connections, who is shown where, and its mixer. A connection can reach only what is
/// in its own room: there is no other way from one participant to another.
/// </summary>
public sealed class Room
{
    private readonly MediaEngine _engine;
    private readonly List<PeerConnection> _connections = [];

    internal Room(MediaEngine engine)
    {
        _engine = engine;
        Audio = new RoomAudio(this, engine);
    }

    /// <summary>The mixer's side, driven by its own thread.</summary>
    public RoomAudio Audio { get; }

    /// <summary>What was received and sent.</summary>
    public RtpCounters Counters { get; } = new();

    /// <summary>Anything of the host's that it wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>The connections in the room.</summary>
    public IReadOnlyList<PeerConnection> Connections => _connections;

    /// <summary>Brings a connection in; from now on its datagrams are heard.</summary>
    public void Add(PeerConnection connection)
    {
        _connections.Add(connection);
        _engine.Add(connection);
    }

    /// <summary>Takes a connection out: its transport ends, and those who saw it see nobody in those slots.</summary>
    public void Remove(PeerConnection connection)
    {
        if (!_connections.Remove(connection)) return;
        _engine.Remove(connection);
        Audio.Remove(connection);
        connection.Dispose();
    }

    /// <summary>Ends the room.</summary>
    public void Close()
    {
        for (var i = _connections.Count - 1; i >= 0; i--) Remove(_connections[i]);
    }

    internal MediaEngine Engine => _engine;
}
