namespace Parley.Media.Tests.Ice;

/// <summary>Something on the network that has deadlines of its own.</summary>
internal interface IVirtualActor
{
    TimeSpan NextDeadline { get; }

    void HandleTimeout(TimeSpan now);
}
