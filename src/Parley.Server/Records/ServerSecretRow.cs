namespace Parley.Server.Records;

/// <summary>A secret of the server itself, or what is kept of it.</summary>
internal sealed class ServerSecretRow
{
    public required string Name { get; init; }

    public required byte[] Value { get; init; }
}
