using System.Runtime.CompilerServices;

namespace Parley.Server.Signalling;

/// <summary>
/// Says when a hub method's reply is on its way. SignalR writes it after the method has returned, where no hook is left; the
/// reply object itself is the thread back (see <see cref="ReplyOrderingProtocol"/>).
/// </summary>
internal sealed class ReplyGate
{
    private readonly ConditionalWeakTable<object, Action> _waiting = [];

    /// <summary>Runs <paramref name="then"/> once <paramref name="reply"/> has been written; never, if it never is.</summary>
    public void WhenWritten(object reply, Action then) => _waiting.AddOrUpdate(reply, then);

    public void Written(object reply)
    {
        if (_waiting.TryGetValue(reply, out var then) && _waiting.Remove(reply)) then();
    }
}
