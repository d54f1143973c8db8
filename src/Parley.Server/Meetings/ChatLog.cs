using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>The newest messages of a meeting, and which of them a client has sent before.</summary>
/// <param name="capacity">How many are held; older ones are only in the records.</param>
internal sealed class ChatLog(int capacity)
{
    private readonly Queue<KeptChatMessage> _messages = new();
    private readonly Dictionary<(string ParticipantId, string ClientId), ChatMessage> _sent = [];

    public void Add(ChatMessage message, string clientId)
    {
        if (_messages.Count == capacity)
        {
            var oldest = _messages.Dequeue();
            _sent.Remove((oldest.Message.ParticipantId, oldest.ClientId));
        }

        _messages.Enqueue(new KeptChatMessage(message, clientId));
        _sent[(message.ParticipantId, clientId)] = message;
    }

    public ChatMessage? Find(string participantId, string clientId) => _sent.GetValueOrDefault((participantId, clientId));

    /// <returns>A copy, oldest first.</returns>
    public IReadOnlyList<ChatMessage> Snapshot() => [.. _messages.Select(kept => kept.Message)];
}
