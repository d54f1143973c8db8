using Parley.Media.Turn;

namespace Parley.Media.Ice;

/// <summary>One server asked from one base: a query, or a relay that goes on living.</summary>
internal sealed class GatheringTask(int local, TransportAddress address, IceServerAddress server, int relay)
{
    public int Local => local;

    public TransportAddress Address => address;

    public IceServerAddress Server => server;

    /// <summary>The relay's number, −1 for a STUN server.</summary>
    public int Relay => relay;

    /// <summary>Null before the start and for a TURN server.</summary>
    public StunQuery? Query { get; private set; }

    /// <summary>Null before the start and for a STUN server.</summary>
    public TurnClient? Turn { get; private set; }

    /// <summary>Whether there is nothing more to be found.</summary>
    public bool IsFinished { get; set; }

    /// <summary>When it is too late; MaxValue before the start.</summary>
    public TimeSpan GiveUpAt { get; private set; } = TimeSpan.MaxValue;

    public string NoAnswer => server.IsTurn ? TurnErrors.NoAnswer : "The STUN server does not answer.";

    public TimeSpan Deadline
    {
        get
        {
            var deadline = IsFinished ? TimeSpan.MaxValue : GiveUpAt;
            var next = Turn?.NextDeadline ?? Query?.Deadline ?? TimeSpan.MaxValue;
            return next < deadline ? next : deadline;
        }
    }

    /// <summary>Asks.</summary>
    public void Start(RandomSource random, IIceSink sink, TimeSpan now)
    {
        GiveUpAt = now + IceGatherer.ServerTimeout;
        if (server.IsTurn)
        {
            Turn = new TurnClient(server.Address, server.Username!, server.Password!, random, now, new BaseSink(sink, local));
            return;
        }

        Query = new StunQuery(server.Address);
        Query.Start(random, now);
        sink.Send(local, server.Address, Query.Request);
    }

    /// <summary>Asks no more, and gives a relay back.</summary>
    public void GiveUp(TimeSpan now)
    {
        Query?.End();
        Turn?.Close(now);
    }

    private sealed class BaseSink(IIceSink sink, int local) : IDatagramSink
    {
        public void Send(TransportAddress to, ReadOnlySpan<byte> datagram) => sink.Send(local, to, datagram);
    }
}
