#if ASPIRE
using WpFarm.AppHost.Aspire;

// The farm of farm.json as Aspire resources, with the dashboard.
return await FarmAppHost.RunAsync(args);
#else
using WpFarm.Cli;

// The NuGet feed has no Aspire: the same farm, on docker compose.
Console.Error.WriteLine("Aspire's packages are not on the NuGet feed: the farm runs on docker compose, without Aspire's dashboard.");
return await FarmCommand.Run(["up", .. args]);
#endif
