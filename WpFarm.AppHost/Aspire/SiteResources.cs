using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>Shows each site's address and its administrator's first password on the dashboard, which masks the password.</summary>
internal static class SiteResources
{
    public static void AddSites(
        this IDistributedApplicationBuilder builder,
        Farm farm,
        SecretStore secrets,
        ContainerResources containers,
        IResourceBuilder<LayerResource> layer
    )
    {
        var edge = containers.Of(farm.Services.First(s => s.Ports.Any(port => !port.LoopbackOnly)))[0];
        foreach (var site in farm.Sites)
        {
            edge.WithUrl(site.Url, site.Title);
            builder
                .AddParameter($"{site.Id}-admin-password", () => secrets.AdminPassword(site.Id), secret: true)
                .WithDescription($"First password of 'admin' at {site.Url}/wp-admin/")
                .WithParentRelationship(layer);
        }
    }
}
