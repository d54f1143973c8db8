namespace Parley.Terminal.Secrets;

/// <summary>What the file holds, oldest first.</summary>
internal sealed record SecretsFile(int Version, IReadOnlyList<KeptSecret> Secrets)
{
    public const int CurrentVersion = 1;
}

/// <summary>The creator secret of one meeting.</summary>
/// <param name="Server">Scheme, host and port.</param>
internal sealed record KeptSecret(string Server, string MeetingId, string Secret, DateTimeOffset CreatedAt)
{
    public static string OriginOf(Uri server) => server.GetLeftPart(UriPartial.Authority);

    public bool IsOf(Uri server, string meetingId) =>
        Server == OriginOf(server) && MeetingId.Equals(meetingId, StringComparison.OrdinalIgnoreCase);

    /// <summary>Without the secret: it must not reach a log by accident.</summary>
    public override string ToString() => $"{Server}/m/{MeetingId}";
}
