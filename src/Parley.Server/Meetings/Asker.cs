namespace Parley.Server.Meetings;

/// <summary>Who asks a meeting something over REST.</summary>
/// <param name="Secret">A creator secret or a resume token, or anything; null for none.</param>
/// <param name="Name">Of the admin, or of a program whose key allows it in all meetings; null for everybody else.</param>
internal sealed record Asker(string? Secret, string? Name = null)
{
    public bool MayAll => Name is not null;
}
