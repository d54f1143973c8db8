using Parley.Protocol;

namespace Parley.Client.Meetings;

/// <summary>One connection to the hub: it opens once and closes once. A lost one is replaced by a new one, never revived.</summary>
internal interface IHubLink : IAsyncDisposable
{
    /// <summary>Connects. Throws whatever kept it from that.</summary>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>
    /// Calls a method of protocol.md §4. A call that the server did not understand gives a <see cref="ErrorCodes.RequestInvalid"/>;
    /// what is thrown means that the connection is lost and that nobody knows whether the call arrived.
    /// </summary>
    Task<Reply<T>> CallAsync<T>(string method, object?[] arguments, CancellationToken cancellation);
}

/// <summary>What a connection tells, from any thread, events in order.</summary>
internal interface IHubEvents
{
    /// <summary>An event of protocol.md §4.</summary>
    void OnEvent(HubEvent told);

    /// <summary>The connection is gone; no events come after this.</summary>
    void OnClosed();
}

/// <summary>An event by its name of <see cref="MeetingEvents"/> with its argument, null for those without.</summary>
internal readonly record struct HubEvent(string Name, object? Argument);
