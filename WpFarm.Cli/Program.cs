using WpFarm.Cli;

return await FarmCommand.RunAsync(args);
