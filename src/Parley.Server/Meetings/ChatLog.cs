using Parley.Protocol;
using Parley.Server.Records;

namespace Parley.Server.Meetings;

/// <summary>The newest messages of a meeting, and which of them a client has sent before.</summary>
/// <param name="capacity">How many are held; older ones are only in the records.</param>
internal sealed class ChatLog(int capacity)
{
    private readonly LinkedList<KeptChatMessage> _messages = [];
    private readonly Dictionary<string, LinkedListNode<KeptChatMessage>> _byId = [];
    private readonly Dictionary<(string ParticipantId, string ClientId), LinkedListNode<KeptChatMessage>> _sent = [];

    /// <summary>There are messages in the records that are not here.</summary>
    public bool IsPartial { get; set; }

    public void Add(ChatMessage message, string clientId)
    {
        if (_messages.Count == capacity)
        {
            var oldest = _messages.First!.Value;
            _messages.RemoveFirst();
            _byId.Remove(oldest.Message.Id);
            _sent.Remove((oldest.Message.ParticipantId, oldest.ClientId));
            IsPartial = true;
        }

        var node = _messages.AddLast(new KeptChatMessage(message, clientId));
        _byId[message.Id] = node;
        _sent[(message.ParticipantId, clientId)] = node;
    }

    public ChatMessage? Find(string participantId, string clientId) => _sent.GetValueOrDefault((participantId, clientId))?.Value.Message;

    public ChatMessage? Find(string id) => _byId.GetValueOrDefault(id)?.Value.Message;

    /// <summary>The message is another now; one that is not here any more is only in the records.</summary>
    public void Replace(ChatMessage message)
    {
        if (_byId.TryGetValue(message.Id, out var node)) node.Value = node.Value with { Message = message };
    }

    /// <summary>The newest that a participant may see, oldest first, and whether there may be older ones.</summary>
    public ChatPage NewestFor(string participantId, int most)
    {
        var newest = new List<ChatMessage>();
        for (var node = _messages.Last; node is not null; node = node.Previous)
        {
            if (!node.Value.Message.IsFor(participantId)) continue;
            if (newest.Count == most)
            {
                newest.Reverse();
                return new ChatPage(newest, Older: true);
            }

            newest.Add(node.Value.Message);
        }

        newest.Reverse();
        return new ChatPage(newest, IsPartial);
    }
}
