namespace Parley.Server.Meetings;

/// <summary>
/// The way from a meeting to one participant's client, for one join on one connection. Nothing here waits for the client: a slow
/// one falls behind in its own queue, and is disconnected when that is full.
/// </summary>
public interface IParticipantLink
{
    /// <summary>The connection is gone; what is sent is dropped.</summary>
    bool IsClosed { get; }

    /// <summary>Sends an event after all earlier ones, and after the reply of the join.</summary>
    void Send(string name, object? argument);

    /// <summary>Closes the connection once all that was sent is out.</summary>
    void Close();
}
