using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

internal static class RedisNodes
{
    private static IEnumerable<string> Of(Farm farm) =>
        farm
            .Services.Where(service => service.Image is Image.FirstParty { Folder: "redis" } && !service.IsJob)
            .Select(service => service.Name);

    /// <summary>True when each node is a master or replicates.</summary>
    /// <param name="containerOf">Gives the container of a service.</param>
    public static async Task AreLinkedAsync(Farm farm, Func<string, Task<string>> containerOf)
    {
        foreach (var node in Of(farm))
        {
            var container = await containerOf(node);
            await SharedFarm.EventuallyAsync($"{node} is a master, or has its own", async () =>
                await SharedFarm.DockerAsync("exec", container, "farm-redis", "info", "replication") is var seen
                && (
                    seen.Contains("role:master", StringComparison.Ordinal)
                    || seen.Contains("master_link_status:up", StringComparison.Ordinal)
                )
            );
        }
    }
}
