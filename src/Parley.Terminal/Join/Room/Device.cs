namespace Parley.Terminal.Join.Room;

/// <summary>What can come to its end in the middle of a meeting.</summary>
internal enum Device
{
    Microphone,
    Camera,
    Speaker,
    Disk,
}
