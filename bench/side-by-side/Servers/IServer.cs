using Parley.Terminal.Load;

namespace Parley.SideBySide.Servers;

/// <summary>A server that can be started and loaded.</summary>
internal interface IServer
{
    /// <summary>As it is called on the command line and in the report.</summary>
    string Name { get; }

    /// <summary>Starts one, free of meetings.</summary>
    Task<ServerProcess> StartAsync(CancellationToken cancellation);

    /// <summary>Puts a load on the one that was started; its process is in the options.</summary>
    Task<LoadOutcome> LoadAsync(LoadOptions options, CancellationToken cancellation);
}
