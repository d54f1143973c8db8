using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Parley.Server.Signalling;

/// <summary>Events as SignalR writes them. One that goes to many is one message, and written as JSON once.</summary>
internal sealed class EventMessages
{
    /// <summary>
    /// The latest events, by the hash of their argument: one goes to all of a meeting, from many threads, at about one time. Held weakly: what
    /// was said is not kept here beyond that, whatever becomes of it.
    /// </summary>
    private readonly WeakReference<Event>?[] _recent = new WeakReference<Event>?[64];

    /// <summary>The message of an event, the same one while it is sent to others.</summary>
    public SerializedHubMessage Get(string name, object? argument)
    {
        if (argument is null) return new SerializedHubMessage(new InvocationMessage(name, []));
        ref var recent = ref _recent[(uint)RuntimeHelpers.GetHashCode(argument) % (uint)_recent.Length];
        if (Volatile.Read(ref recent)?.TryGetTarget(out var known) == true && ReferenceEquals(known.Argument, argument) && known.Name == name)
            return known.Message;
        var message = new SerializedHubMessage(new InvocationMessage(name, [argument]));
        Volatile.Write(ref recent, new WeakReference<Event>(new Event(name, argument, message)));
        return message;
    }

    private sealed record Event(string Name, object Argument, SerializedHubMessage Message);
}
