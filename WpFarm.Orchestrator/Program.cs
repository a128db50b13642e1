using System.Text.Json;
using System.Text.Json.Serialization;
using WpFarm.Orchestrator.Authentication;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Backups;
using WpFarm.Orchestrator.Backups.Uploads;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Engine;
using WpFarm.Orchestrator.FarmModel;
using WpFarm.Orchestrator.Sites;
using WpFarm.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddJsonFile("/etc/farm/orchestrator.json", optional: true).AddEnvironmentVariables();

builder.AddServiceDefaults();
builder.AddApiToken();
builder.AddFarmModel();
builder.AddDatabaseAuthority();
builder.AddBackups();
builder.AddSiteCron();
builder.AddContainerEngine();
builder.AddUploadsAgent();
builder.AddAutoscaling();

builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));

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

await app.RunAsync();
