using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Orchestrator;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Database;
using WpFarm.ServiceDefaults;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Api;

/// <summary>
/// The Orchestrator's whole API in a real server on the loopback address, without its background services: nothing is observed. Calls that
/// need a database server or a store fail.
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
        var farm = Farm.Build(new FarmOptions { Sites = new Dictionary<string, SiteOptions> { ["blog"] = new() } });
        AddSettings(builder.Configuration, farm);
        builder.AddServiceDefaults();
        builder.AddFeatures();
        builder.Services.RemoveAll<IHostedService>().RemoveAll<IStartupValidator>();
        builder.Services.AddSingleton(farm);
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

    /// <summary>The settings that the farm gives its Orchestrator. Each file that they name is the one file of this host.</summary>
    private void AddSettings(ConfigurationManager configuration, Farm farm)
    {
        var file = farm.Orchestrator.Files.Single(file => file.Path == OrchestratorSettings.Path);
        using var settings = new MemoryStream(Encoding.UTF8.GetBytes(file.Content));
        configuration.AddJsonStream(settings);
        var files = configuration.AsEnumerable().Where(setting => Path.IsPathRooted(setting.Value)).Select(setting => setting.Key).ToList();
        configuration.AddInMemoryCollection(files.ToDictionary(key => key, string? (_) => _token));
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
