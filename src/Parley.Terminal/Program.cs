using Parley.Terminal;

// SignalR answers for hundreds of connections in one go, each from an array of its own. By its default of 32 the common pool keeps too few
// of them and leaves the rest to the collector, which stops everybody's media. Read once, when the pool is first used.
const string PooledArrays = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";
if (Environment.GetEnvironmentVariable(PooledArrays) is null) Environment.SetEnvironmentVariable(PooledArrays, "4096");

return await ParleyCommand.RunAsync(args);
