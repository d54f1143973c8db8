await Console.Error.WriteLineAsync("Commands follow.");
return 2;
