using Parley.SideBySide;

return await SideBySideCommand.Create().Parse(args).InvokeAsync();
