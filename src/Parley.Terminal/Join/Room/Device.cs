namespace Parley.Terminal.Join.Room;

/// <summary>What one's own devices are called when they are missing or have ended.</summary>
internal enum Device
{
    Microphone,
    Camera,
    Speaker,
}
