using WpFarm.Cli;

return await FarmCommand.Run(args);
