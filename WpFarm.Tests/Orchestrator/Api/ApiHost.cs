using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Orchestrator;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Database;
using WpFarm.ServiceDefaults;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Api;

/// <summary>
/// The Orchestrator's whole API in a real server on the loopback address, without what it does beside it: nothing is observed and nothing
/// has settings. A call works here as far as it needs neither a database server nor a store.
/// </summary>
public sealed class ApiHost : IAsyncLifetime
{
    private const string Token = "correct-horse";

    private readonly string _token = Path.GetTempFileName();
    private WebApplication? _app;

    public Uri Address => new(_app!.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_token, Token);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([
            new("Api:TokenFile", _token),
            // Without it there are no backups, and no calls about them.
            new("Backups:Store:Bucket", "backups"),
        ]);
        builder.AddServiceDefaults();
        builder.AddFeatures();
        builder.Services.RemoveAll<IHostedService>().RemoveAll<IStartupValidator>();
        builder.Services.AddSingleton(Farm.Build(new FarmOptions { Sites = new Dictionary<string, SiteOptions> { ["blog"] = new() } }));
        builder.Services.AddSingleton<IReadOnlyList<IDatabaseServer>>([]);
        builder.Services.AddSingleton((BackupRepository)RuntimeHelpers.GetUninitializedObject(typeof(BackupRepository)));
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseStatusCodePages();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapApi();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        File.Delete(_token);
    }

    /// <summary>A client of this host, as commands have one.</summary>
    public OrchestratorApi Client() => new(Address, Token, new SocketsHttpHandler());

    public HttpClient Http(bool withToken = true)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (withToken)
            http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return http;
    }
}
