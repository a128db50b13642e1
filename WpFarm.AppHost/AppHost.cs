#if ASPIRE
using WpFarm.AppHost.Aspire;

// Starts the farm of farm.json as Aspire resources, with the dashboard.
return await FarmAppHost.RunAsync(args);
#else
using WpFarm.AppHost;
using WpFarm.Deployment.Instance;
using WpFarm.Display;

// The NuGet feed has no Aspire package, so the same farm starts on Docker Compose.
Console.Error.WriteLine(
    "Aspire's packages are not on the NuGet feed: ./farm up runs the farm on docker compose, without Aspire's dashboard."
);
return await CommandGuard.RunAsync(
    () => FarmProcess.RunAsync(Path.Combine(RepositoryRoot.Find(), "farm"), ["up", .. args]),
    CancellationToken.None
);
#endif
