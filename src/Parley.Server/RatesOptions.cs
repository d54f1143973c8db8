namespace Parley.Server;

/// <summary>How often something may be asked (<c>Parley:Rates</c>).</summary>
public sealed class RatesOptions
{
    /// <summary>Joins per client address; one that resumed a place is not counted.</summary>
    public RateOptions Joins { get; set; } = new() { PerMinute = 30, Burst = 30 };

    /// <summary>Meetings created per client address.</summary>
    public RateOptions Creates { get; set; } = new() { PerMinute = 10, Burst = 10 };

    /// <summary>Attempts to cancel per client address.</summary>
    public RateOptions Cancels { get; set; } = new() { PerMinute = 10, Burst = 10 };

    /// <summary>Records read per client address.</summary>
    public RateOptions Reads { get; set; } = new() { PerMinute = 300, Burst = 100 };

    /// <summary>Chat messages per connection.</summary>
    public RateOptions Chat { get; set; } = new() { PerMinute = 300, Burst = 10 };

    /// <summary>Reactions to messages, and signs to all, per connection.</summary>
    public RateOptions Reactions { get; set; } = new() { PerMinute = 120, Burst = 20 };

    /// <summary>Files sent per client address.</summary>
    public RateOptions Files { get; set; } = new() { PerMinute = 60, Burst = 30 };

    /// <summary>SDP offers per connection.</summary>
    public RateOptions Offers { get; set; } = new() { PerMinute = 60, Burst = 5 };

    /// <summary>Changes of one's own devices per connection.</summary>
    public RateOptions Media { get; set; } = new() { PerMinute = 600, Burst = 20 };

    /// <summary>Changes of the view per connection.</summary>
    public RateOptions Views { get; set; } = new() { PerMinute = 600, Burst = 20 };

    /// <summary>Messages to the other end of a link per connection.</summary>
    public RateOptions Links { get; set; } = new() { PerMinute = 600, Burst = 100 };

    /// <summary>Raised hands, names, and older and deleted messages, and what hosts do, per connection.</summary>
    public RateOptions Hosting { get; set; } = new() { PerMinute = 240, Burst = 40 };

    /// <summary>Reports of links and paths, and choices of the mode, per connection.</summary>
    public RateOptions Reports { get; set; } = new() { PerMinute = 120, Burst = 30 };

    /// <summary>Admin passwords and wrong API keys per client address.</summary>
    public RateOptions SignIns { get; set; } = new() { PerMinute = 10, Burst = 10 };

    /// <summary>REST calls with an API key, or in an admin session, per key and session: these count by no address.</summary>
    public RateOptions Keys { get; set; } = new() { PerMinute = 600, Burst = 200 };
}

/// <summary>A token bucket: <see cref="Burst"/> at once, refilled at <see cref="PerMinute"/>.</summary>
public sealed class RateOptions
{
    public int PerMinute { get; set; }

    public int Burst { get; set; }
}
