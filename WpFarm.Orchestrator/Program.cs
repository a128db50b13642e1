using System.Text.Json;
using System.Text.Json.Serialization;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Orchestrator.FarmModel;
using WpFarm.Orchestrator.Sites;
using WpFarm.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddJsonFile(OrchestratorSettings.Path, optional: true).AddEnvironmentVariables();

builder.AddServiceDefaults();
builder.AddFeatures();

builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase))
);

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseAuthentication();
app.UseAuthorization();

app.MapServiceDefaults();
var api = app.MapGroup("/api").RequireAuthorization();
api.MapFarm();
api.MapServices();
api.MapDatabase();
api.MapBackups();
api.MapScaling();
api.MapSites();

await app.RunAsync();
