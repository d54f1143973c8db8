using Parley.Fuzz;

return FuzzTargets.Run(args);
