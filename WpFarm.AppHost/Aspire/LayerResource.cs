using System.Text.RegularExpressions;

namespace WpFarm.AppHost.Aspire;

/// <summary>A layer of the farm. It runs nothing; the dashboard shows the layer's services below it.</summary>
internal sealed class LayerResource(string name) : Resource(name);

internal static partial class LayerResourceExtensions
{
    public static IResourceBuilder<LayerResource> AddLayer(this IDistributedApplicationBuilder builder, Layer layer) =>
        builder
            .AddResource(new LayerResource(NameOf(layer)))
            .ExcludeFromManifest()
            .WithInitialState(
                new CustomResourceSnapshot
                {
                    ResourceType = "Layer",
                    Properties = [],
                    State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                }
            );

    /// <summary>Turns <c>ReverseProxy</c> into <c>reverse-proxy</c>.</summary>
    private static string NameOf(Layer layer) => WordStart().Replace(layer.ToString(), "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
