namespace Parley.Server;

/// <summary>Who administers the server (<c>Parley:Admin</c>).</summary>
public sealed class AdminOptions
{
    /// <summary>At least 12 characters; empty means one that is made at the first start.</summary>
    public string Password { get; set; } = "";

    /// <summary>How long one stays signed in.</summary>
    public int SessionMinutes { get; set; } = 720;
}
