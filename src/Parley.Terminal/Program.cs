using Parley.Terminal;

return await ParleyCommand.RunAsync(args);
