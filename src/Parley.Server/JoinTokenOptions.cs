namespace Parley.Server;

/// <summary>Tokens with which another site lets people in (<c>Parley:JoinTokens</c>).</summary>
public sealed class JoinTokenOptions
{
    /// <summary>What they are signed with, at least 32 characters, for programs that sign by themselves; empty means a random one that is kept with the records.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Whether each new meeting takes nobody without one.</summary>
    public bool Required { get; set; }
}
