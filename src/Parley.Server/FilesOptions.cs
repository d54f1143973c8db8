namespace Parley.Server;

/// <summary>Files in the chat (<c>Parley:Files</c>). A megabyte is 1,048,576 bytes.</summary>
public sealed class FilesOptions
{
    /// <summary>Of one file; 0 means that there are none.</summary>
    public int MaxMegabytes { get; set; } = 25;

    /// <summary>Of all files of one meeting.</summary>
    public int MegabytesPerMeeting { get; set; } = 500;

    /// <summary>How many one meeting holds.</summary>
    public int PerMeeting { get; set; } = 500;

    /// <summary>What is left free on the disk for the records and all else.</summary>
    public int KeepFreeMegabytes { get; set; } = 256;

    internal long MaxBytes => (long)MaxMegabytes << 20;

    internal long BytesPerMeeting => (long)MegabytesPerMeeting << 20;
}
