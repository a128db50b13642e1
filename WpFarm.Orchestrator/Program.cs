using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator;
using WpFarm.Orchestrator.Certificates;
using WpFarm.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddJsonFile(OrchestratorSettings.Path, optional: true).AddEnvironmentVariables();

builder.AddServiceDefaults();
builder.AddFeatures();

var app = builder.Build();

app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseAuthentication();
app.UseAuthorization();

app.MapServiceDefaults();
app.MapApi();
app.MapEdge();

await app.RunAsync();
