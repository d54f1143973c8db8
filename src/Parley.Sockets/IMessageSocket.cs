namespace Parley.Sockets;

/// <summary>The system's side of <see cref="SegmentedBatch"/>, so that a test can be the system that refuses.</summary>
internal unsafe interface IMessageSocket
{
    /// <summary>sendmmsg(2): how many messages were sent, or −1 and the error of the first.</summary>
    int Send(LinuxSockets.MessageVector* messages, int count, out int error);

    /// <summary>Waits until there is room in the send buffer, or for this long.</summary>
    void WaitUntilWritable(TimeSpan time);
}
