using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Publishing;
using WpFarm.Topology.FarmFile;

namespace WpFarm.AppHost.Aspire;

/// <summary>A step of Aspire's pipeline: <c>aspire publish</c> writes the same manifests as <c>./farm publish</c>.</summary>
internal static class ManifestPipeline
{
    private const string Step = "publish-farm";

    public static void AddManifests(this IDistributedApplicationBuilder builder, string root, FarmOptions options) =>
        builder.Pipeline.AddStep(
            Step,
            context =>
            {
                var output = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
                var files = new Publisher(root).Render(options, new FarmInstance(root, FarmInstance.ProductionName), firstPartyOnly: false);
                var changes = new PublishedFolder(output).Write(files, force: false);
                context.Summary.Add("manifests", $"{output}: {files.Count} files, {changes.Count} changed");
                return Task.CompletedTask;
            },
            requiredBy: WellKnownPipelineSteps.Publish
        );
}
